"""Who works at Alder Castings and who buys from it. All names are invented."""

from datetime import date, timedelta
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import Role, Team, User
from cases.folding import name_key
from cases.models import Contact, Customer, Link, Rate

MILLION = 100_000_000  # minor units

STAFF = (
    ("manager", "Marta Keller", "Key account manager", (Role.MANAGER,), "North", 2),
    ("timo.salo", "Timo Salo", "Account manager", (Role.MANAGER,), "North", 1),
    ("ada.okafor", "Ada Okafor", "Account manager", (Role.MANAGER,), "South", 1),
    ("luc.perrin", "Luc Perrin", "Account manager", (Role.MANAGER,), "South", 1),
    ("lead", "Lena Brandt", "Head of sales north", (Role.LEAD,), "North", 2),
    ("lead.south", "Paolo Ferri", "Head of sales south", (Role.LEAD,), "South", 2),
    ("quality", "Sven Baum", "Quality engineer", (Role.QUALITY,), None, 2),
    ("council", "Priya Lindt", "Head of operations", (Role.COUNCIL,), None, 3),
    ("council.two", "Amara Osei", "Head of logistics", (Role.COUNCIL,), None, 3),
    ("chair", "Jonas Frei", "Managing director", (Role.COUNCIL, Role.CHAIR), None, 4),
    ("sponsor", "Helene Arnaud", "Member of the board", (Role.SPONSOR,), None, 4),
    ("counsel", "Viktor Roth", "General counsel", (Role.COUNSEL,), None, 3),
    ("auditor", "Ines Duarte", "Internal audit", (Role.AUDITOR,), None, 2),
    ("admin", "Noor Haddad", "Systems administrator", (Role.ADMIN,), None, 2),
)

# name, place, tier, currency, yearly revenue in millions, margin %, years, replacement in thousands
CUSTOMERS = (
    ("Halden Precision AG", "Winterthur", "key", "CHF", 0.39, 28, 10.0, 192),
    ("Tessin Medical SA", "Lugano", "key", "CHF", 0.12, 26, 10.0, 100),
    ("Borealis Pumps Oy", "Tampere", "key", "EUR", 0.085, 24, 10.0, 32.5),
    ("Marchetti Foods SpA", "Parma", "standard", "EUR", 0.031, 22, 10.0, 19.8),
    ("Kestrel Logistics Ltd", "Leeds", "standard", "GBP", 0.052, 25, 10.0, 24.2),
    ("Ostrava Glass s.r.o.", "Ostrava", "standard", "EUR", 0.02, 21, 10.0, 19),
    ("Quarry & Sons Ltd", "Bristol", "small", "GBP", 0.2, 19, 2.0, 9),
    ("Haldimann Transport GmbH", "Bern", "standard", "CHF", 0.4, 22, 3.0, 30),
    ("Nordfracht Reederei KG", "Hamburg", "key", "EUR", 2.4, 23, 4.0, 150),
    ("Aubert Fils SAS", "Lyon", "standard", "EUR", 0.6, 24, 5.0, 45),
    ("Brenner Kältetechnik GmbH", "Innsbruck", "standard", "EUR", 0.48, 26, 4.0, 36),
    ("Calder Valves plc", "Sheffield", "key", "GBP", 1.9, 27, 5.0, 120),
    ("Dahlström Skog AB", "Umeå", "standard", "EUR", 0.72, 20, 6.0, 50),
    ("Eder Landtechnik GmbH", "Linz", "standard", "EUR", 0.55, 23, 4.0, 40),
    ("Fontana Rubinetterie Srl", "Brescia", "standard", "EUR", 0.44, 25, 3.0, 33),
    ("Girard Hydraulique SA", "Fribourg", "standard", "CHF", 0.66, 24, 5.0, 42),
    ("Helvetia Turbinen AG", "Baden", "key", "CHF", 4.6, 29, 6.0, 260),
    ("Iversen Marine A/S", "Aarhus", "standard", "EUR", 0.8, 22, 5.0, 60),
    ("Jansen Aandrijvingen BV", "Eindhoven", "standard", "EUR", 0.7, 26, 4.0, 48),
    ("Kowalski Odlewy Sp. z o.o.", "Gliwice", "small", "EUR", 0.18, 18, 3.0, 12),
    ("Lindqvist Robotics AB", "Västerås", "key", "EUR", 2.2, 31, 5.0, 140),
    ("Moretti Ascensori SpA", "Bergamo", "standard", "EUR", 0.58, 24, 4.0, 44),
    ("Novák Brzdy a.s.", "Brno", "standard", "EUR", 0.49, 22, 4.0, 35),
    ("Oberland Bahntechnik AG", "Thun", "key", "CHF", 2.8, 25, 7.0, 180),
    ("Pelletier Fours SARL", "Saint-Étienne", "small", "EUR", 0.22, 20, 3.0, 15),
    ("Quintero Riegos SL", "Zaragoza", "small", "EUR", 0.19, 21, 3.0, 14),
    ("Rasmussen Vind A/S", "Esbjerg", "key", "EUR", 3.1, 24, 6.0, 210),
    ("Schönau Getriebe GmbH", "Ravensburg", "standard", "EUR", 0.95, 27, 5.0, 70),
    ("Thorne Castors Ltd", "Derby", "small", "GBP", 0.14, 19, 3.0, 10),
    ("Ullmann Pressen GmbH", "Göppingen", "standard", "EUR", 0.88, 25, 5.0, 64),
    ("Valmet & Kivi Oy", "Jyväskylä", "standard", "EUR", 0.62, 23, 4.0, 46),
    ("Weber Aufzüge AG", "Luzern", "standard", "CHF", 0.74, 26, 5.0, 52),
    ("Xylon Kompressoren GmbH", "Chemnitz", "standard", "EUR", 0.53, 24, 4.0, 38),
    ("Yorkshire Pump Works Ltd", "Hull", "standard", "GBP", 0.45, 23, 4.0, 34),
    ("Zimmermann Agrar GmbH", "Passau", "small", "EUR", 0.21, 20, 3.0, 13),
    ("Alpina Seilbahnen AG", "Chur", "standard", "CHF", 0.92, 28, 6.0, 75),
    ("Bellini Motori Srl", "Modena", "standard", "EUR", 0.68, 27, 4.0, 50),
    ("Corvo Mining Equipment Lda", "Porto", "standard", "EUR", 0.57, 22, 5.0, 43),
    ("Dumont Freins SA", "Liège", "standard", "EUR", 0.63, 23, 4.0, 47),
    ("Engadin Heizungen AG", "Samedan", "small", "CHF", 0.24, 21, 3.0, 16),
)

FIRST_NAMES = (
    "Ruth", "Luca", "Aino", "Giulia", "Nils", "Petra", "Owen", "Beat", "Antje", "Claire", "Hans", "Fiona", "Erik",
    "Maria", "Carlo", "Sophie", "Daniel", "Mette", "Joost", "Ewa", "Linnea", "Marco", "Jana", "Regula",
    "Benoît", "Lucía",
    "Søren", "Katrin", "Harriet", "Jürgen", "Tuula", "Urs", "Doreen", "Alice", "Georg", "Flurin", "Chiara",
    "Tiago", "Elise",
    "Ladina",
)  # fmt: skip
LAST_NAMES = (
    "Aebi", "Bernasconi", "Laine", "Marchetti", "Berg", "Horáková", "Quarry", "Haldimann", "Voss", "Aubert", "Gruber",
    "Calder", "Dahl", "Eder", "Fontana", "Girard", "Meier", "Iversen", "Jansen", "Kowalska", "Lind", "Moretti",
    "Nováková", "Zurbuchen", "Pelletier", "Quintero", "Holm", "Schönau", "Thorne", "Ullmann", "Kivi", "Weber",
    "Richter", "Booth", "Zimmermann", "Caduff", "Bellini", "Corvo", "Dumont", "Bezzola",
)  # fmt: skip
FUNCTIONS = ("plant manager", "CFO", "QA lead", "head of purchasing", "operations manager", "supply planner")
CARRIERS = ("Nordfracht", "Alpcargo", "Transmare")
PRODUCTS = ("Spindle housings", "Pump casings", "Valve bodies", "Gear housings", "Bearing seats")
RATES = (("EUR", 942_000), ("GBP", 1_121_000))
LANGUAGES = {"GmbH": "de", "AG": "de", "KG": "de", "SA": "fr", "SAS": "fr", "SARL": "fr"}


def staff() -> dict[str, User]:
    """Make everybody who works there, by the first part of their address. All have the demonstration password."""
    teams = {name: Team.objects.create(name=name) for name in ("North", "South")}
    people = {}
    for mailbox, name, title, roles, team, level in STAFF:
        people[mailbox] = User.objects.create_user(
            f"{mailbox}@demo.example",
            roles=roles,
            name=name,
            title=title,
            team=teams.get(team),
            level=level,
            phone=f"+41 52 555 01 {len(people) + 10}",
        )
    # One hash for all: working it out fourteen times would be most of the first start.
    User.objects.update(password=make_password(settings.DEMO_PASSWORD))
    for team, lead in (("North", "lead"), ("South", "lead.south")):
        Team.objects.filter(name=team).update(lead=people[lead])
    User.objects.filter(pk=people["manager"].pk).update(deputy=people["timo.salo"])
    return people


def customers(people: dict[str, User], today: date, chance: Random) -> list[Customer]:
    """Make the customers with one or two people each, their links and their renewal dates."""
    for currency, micros in RATES:
        Rate.objects.create(currency=currency, on=today - timedelta(days=400), micros=micros)
    managers = [people[name] for name in ("manager", "timo.salo", "ada.okafor", "luc.perrin")]
    made = []
    for place, row in enumerate(CUSTOMERS):
        manager = managers[0] if place < 7 else managers[place % len(managers)]
        made.append(_customer(row, manager, today + timedelta(days=chance.randrange(35, 420)), today, chance))
        _contacts(made[-1], place)
    _links(made)
    return made


def _customer(row: tuple, manager: User, renewal: date, today: date, chance: Random) -> Customer:
    name, town, tier, currency, revenue, margin, years, replacement = row
    return Customer.objects.create(
        name=name,
        folded=name_key(name),
        place=town,
        tier=tier,
        currency=currency,
        yearly_revenue=round(revenue * MILLION),
        margin_bp=margin * 100,
        expected_years=years,
        replacement_cost=int(replacement * 100_000),
        since_on=date(today.year - chance.randrange(2, 18), chance.randrange(1, 13), 1),
        renewal_on=renewal,
        account_manager=manager,
        team=manager.team,
    )


def _contacts(customer: Customer, place: int) -> None:
    domain = name_key(customer.name).split()[0].encode("ascii", "ignore").decode() + ".example"
    for step in range(1 + place % 2):
        first, last = FIRST_NAMES[place - step * 17], LAST_NAMES[place - step * 23]
        mailbox = name_key(f"{first}.{last}").replace(" ", "").encode("ascii", "ignore").decode()
        Contact.objects.create(
            customer=customer,
            name=f"{first} {last}",
            title=FUNCTIONS[(place + step) % len(FUNCTIONS)],
            email=f"{mailbox}@{domain}",
            phone=f"+41 44 555 {place:02d} {step:02d}",
            level=1 + (place + step) % 4,
            language=LANGUAGES.get(customer.name.split()[-1], "en"),
        )


def _links(customers: list[Customer]) -> None:
    for place, name in enumerate(CARRIERS):
        link = Link.objects.create(kind=Link.Kind.CARRIER, name=name)
        link.customers.set(customers[place::7])
    for place, name in enumerate(PRODUCTS):
        link = Link.objects.create(kind=Link.Kind.PRODUCT, name=name)
        link.customers.set(customers[place::9])
