"""Customers read us in their language: pages, letters, refusals; another one can be chosen, and nothing is left out."""

import gettext
import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from django.utils.translation.template import templatize
from time_machine import travel

from accounts import passes
from cases import letter_defaults
from cases.models import Case, Contact
from surveys import returning
from surveys.models import Invitation
from surveys.templatetags.customer import day
from tests.surveys import making
from tests.surveys.making import DAY, LEAVES, MINUTE

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
CATALOGUES = {code: settings.BASE_DIR / "locale" / code / "LC_MESSAGES" / "django.po" for code in LANGUAGES}
LETTERS = settings.BASE_DIR / "templates" / "letters"
ENTRY = re.compile(
    r'(?:msgctxt "(?P<context>.*)"\n)?msgid "(?P<one>.+)"\n(?:msgid_plural "(?P<many>.*)"\n)?(?P<said>(?:msgstr.*\n?)+)'
)
STRING = r"u?(?P<q{0}>['\"])(?P<said{0}>(?:\\.|(?!(?P=q{0})).)*)(?P=q{0})"
MARKED = re.compile(
    rf"\bn?gettext\({STRING.format(1)}|\bpgettext\([^,]+, {STRING.format(2)}|\b_\({STRING.format(3)}", re.S
)
PLACE = re.compile(r"%\(\w+\)[sd]")
STRAIGHT = re.compile(r"[\"']")
# French sets a narrow space that does not break before ; : ? ! and inside its quotes.
LOOSE = re.compile(r"(?<!\u202f)[;?!»]|(?<![\u202f\d]):|«(?!\u202f)")
VARIABLE = re.compile(r"{{ ?([\w.]+)")


def entries(language: str) -> list[dict]:
    text = CATALOGUES[language].read_text(encoding="utf-8")
    return [{**found.groupdict(), "text": text} for found in ENTRY.finditer(text)]


def bare(text: str) -> str:
    """Return what a reader sees of a template or a line of a catalogue, without tags, places, marks and addresses."""
    text = re.sub(r"{%.*?%}|{{.*?}}|%\(\w+\)[sd]|&nbsp;", "x", text)
    return re.sub(r"^Subject: ?|\]\(x[^)]*\)", "x", text)


def texts_in_other_languages() -> dict[str, list[str]]:
    """Return every text of ours in another language, by language and place."""
    found = {}
    for code in LANGUAGES:
        said = [re.findall(r'msgstr(?:\[\d\])? "(.*)"', one["said"]) for one in entries(code) if not one["context"]]
        found[f"{code} catalogue"] = [bare(text) for texts in said for text in texts]
        for path in sorted(LETTERS.glob(f"*.{code}.txt")):
            found[f"{code} {path.stem}"] = [bare(line) for line in path.read_text(encoding="utf-8").splitlines()]
        defaults = [text for one in letter_defaults.TEXTS if one[2] == code for text in (one[1], *one[3:])]
        found[f"{code} begun letters"] = [re.sub(r"{\w+}", "x", text) for text in defaults]
    return found


def customer_templates() -> list[Path]:
    folder = settings.BASE_DIR / "templates"
    found = [
        *(folder / "surveys").glob("*.html"),
        folder / "base_customer.html",
        *(folder / "letters").glob("layout.*"),
    ]
    return [path for path in found if "load i18n" in path.read_text(encoding="utf-8")]


def customer_letters() -> set[str]:
    """Every English letter that greets a customer; colleagues are greeted otherwise."""
    return {path.stem for path in LETTERS.glob("*.txt") if "\nDear {{ name }}" in path.read_text(encoding="utf-8")}


SAID = texts_in_other_languages()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_a_catalogue_has_its_words(language):
    empty = [one["one"] for one in entries(language) if 'msgstr ""' in one["said"] or '] ""' in one["said"]]
    assert (empty, "fuzzy" in CATALOGUES[language].read_text(encoding="utf-8")) == ([], False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_says_what_its_source_says(language):
    with CATALOGUES[language].with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for one in entries(language):
        said = re.search(r'msgstr(?:\[0\])? "(.*)"', one["said"])[1].replace('\\"', '"').replace("\\\\", "\\")
        if one["many"]:
            assert compiled.ngettext(one["one"], one["many"], 1) == said
        elif one["context"]:
            assert compiled.pgettext(one["context"].replace('\\"', '"'), one["one"]) == said
        else:
            assert compiled.gettext(one["one"].replace('\\"', '"')) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_a_catalogue_keeps_its_places(language):
    for one in entries(language):
        asked, said = set(PLACE.findall(one["one"])), [set(PLACE.findall(line)) for line in one["said"].splitlines()]
        assert (one["one"], said) == (one["one"], [asked] * len(said))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_of_a_catalogue_has_all_its_forms(language):
    forms = int(re.search(r"nplurals=(\d)", CATALOGUES[language].read_text(encoding="utf-8"))[1])
    counted = [one["said"].count("msgstr[") for one in entries(language) if one["many"]]
    assert counted and set(counted) == {forms}


@pytest.mark.parametrize("where", sorted(SAID), ids=str)
def test_other_languages_are_set_as_their_printers_set_them(where):
    language, texts = where.split(" ")[0], SAID[where]
    wrong = [text for text in texts if STRAIGHT.search(text)]
    if language == "fr":
        wrong += [text for text in texts if LOOSE.search(text)]
    assert wrong == []


def test_the_marks_that_are_looked_for_are_found():
    for wrong in ("Est-ce réglé?", "Est-ce réglé ?", "Est-ce réglé\u00a0?", "« mot »", "Fait: deux", "c'est"):
        assert LOOSE.search(wrong) or STRAIGHT.search(wrong)
    for right in ("Est-ce réglé\u202f?", "«\u202fmot\u202f»", "à 15\u00a0h", "12:30", "c’est"):
        assert not (LOOSE.search(right) or STRAIGHT.search(right))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_a_customer_page_stands_in_the_catalogue(language):
    known = {one["one"].replace('\\"', '"') for one in entries(language)}
    marked = set()
    for path in customer_templates():
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        marked |= {
            said for found in MARKED.finditer(code) if (said := found["said1"] or found["said2"] or found["said3"])
        }
    assert len(marked) > 100
    assert marked - known == set()


def test_every_letter_to_a_customer_exists_in_every_language():
    named = customer_letters()
    assert {"receipt", "personal", "confirm", "survey", "check_in", "changed", "final_answer"} <= named
    missing = {
        f"{name}.{code}" for name in named for code in LANGUAGES if not (LETTERS / f"{name}.{code}.txt").exists()
    }
    assert missing == set()


@pytest.mark.parametrize("path", sorted(LETTERS.glob("*.??.txt")), ids=lambda path: path.name)
def test_letter_in_another_language_says_the_same_things(path):
    english = LETTERS / f"{path.name.split('.')[0]}.txt"
    assert set(VARIABLE.findall(path.read_text())) == set(VARIABLE.findall(english.read_text()))
    assert path.read_text().startswith("Subject: ")


@pytest.fixture
def at_the_page():
    cache.clear()
    with travel(LEAVES + MINUTE, tick=False) as clock:
        yield clock


@pytest.fixture
def invitation(db, at_the_page) -> Invitation:
    return making.invited()


def url_of(invitation: Invitation, page: str = "survey") -> str:
    return reverse(f"surveys:{page}", args=[passes.token_of(invitation.link)])


def speaks(invitation: Invitation, language: str) -> None:
    Contact.objects.filter(pk=invitation.contact_id).update(language=language)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("Ruth Aebi, haben wir es in Ordnung gebracht?", "bis zum 4. Dezember ändern", "Rufen Sie mich an")),
        ("fr", ("Ruth Aebi, avons-nous réglé le problème\u202f?", "jusqu’au 4 décembre", "Appelez-moi")),
        ("en", ("Ruth, did we put it right?", "until 4 December", "Call me")),
        ("it", ("Ruth, did we put it right?", "until 4 December", "Call me")),
    ],
)
def test_page_speaks_the_language_of_its_contact(client, invitation, language, words):
    speaks(invitation, language)
    shown = client.get(url_of(invitation)).content.decode()
    assert [word for word in words if word not in shown] == []
    assert f'<html lang="{language if language != "it" else "en"}">' in shown


def test_language_chosen_on_the_page_stays_and_changes_nothing_of_ours(client, invitation):
    address = url_of(invitation)
    answer = client.post(address, {"language": "fr"})
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert "avons-nous réglé" in client.get(address).content.decode()
    assert "Ne plus recevoir d’enquêtes" in client.get(url_of(invitation, "stop")).content.decode()
    assert Contact.objects.get(pk=invitation.contact_id).language == "en"


def test_language_of_a_page_that_only_asks_is_switched_and_the_question_not_answered(client, invitation):
    answer = client.post(url_of(invitation, "stop"), {"language": "de"})
    assert (answer.status_code, answer["Location"]) == (302, url_of(invitation, "stop"))
    assert Contact.objects.get(pk=invitation.contact_id).opted_out_at is None


def test_number_of_the_letter_survives_another_language(client, invitation):
    answer = client.post(f"{url_of(invitation)}?satisfied=4", {"language": "de"})
    assert answer["Location"] == f"{url_of(invitation)}?satisfied=4"


def test_unknown_language_is_not_remembered(client, invitation):
    client.post(url_of(invitation, "survey"), {"language": "tlh"})
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_link_that_opens_nothing_speaks_the_language_of_the_browser(db):
    cache.clear()
    answer = Client(headers={"accept-language": "de-CH,de;q=0.9"}).get(reverse("surveys:survey", args=["nothing"]))
    assert "Dieser Link ist nicht mehr gültig." in answer.content.decode()


def test_refusal_and_thanks_come_in_their_language(client, invitation):
    speaks(invitation, "de")
    answer = client.post(url_of(invitation), {})
    assert "Es ist noch nichts ausgefüllt." in answer.content.decode()
    link = passes.issue(
        purpose="status", target=f"status-{invitation.case_id}-{invitation.contact_id}", now=LEAVES, lifetime=DAY
    )
    page = f"/status/{passes.token_of(link)}/"
    thanked = client.post(f"{page}word/", {"word-text": "Danke"}, follow=True)
    assert "Danke. Wir haben es erhalten." in thanked.content.decode()


def test_colleague_stays_with_english_after_a_customer_was_served(client, invitation):
    speaks(invitation, "fr")
    client.get(url_of(invitation))
    client.force_login(invitation.case.owner)
    assert "Satisfied" in client.get(reverse("surveys:list")).content.decode()


def test_template_tags_write_days_as_each_language_does():
    page = engines["django"].from_string("{% load customer %}{{ at|day }} · {{ at|moment }} · {{ nothing|day }}")
    with override("de"):
        assert page.render({"at": LEAVES, "nothing": None}) == "20. November · Freitag, 20. November, 15:00 Uhr · "
    with override("fr"):
        moment = "vendredi 20 novembre à 15\u00a0h\u00a000"
        assert page.render({"at": LEAVES, "nothing": None}) == f"20 novembre · {moment} · "


@pytest.mark.parametrize(
    ("language", "on", "said"),
    [
        ("fr", date(2026, 12, 1), "1er décembre"),
        ("fr", date(2027, 1, 1), "1er janvier 2027"),
        ("de", date(2027, 1, 1), "1. Januar 2027"),
        ("en", date(2027, 1, 1), "1 January 2027"),
        ("en", date(2026, 1, 31), "31 January"),
    ],
)
def test_day_of_another_year_is_named_with_it_and_a_french_month_begins_with_its_first(at_the_page, language, on, said):
    with override(language):
        assert day(on) == said


def test_it_came_back_is_told_in_their_language(client, invitation):
    speaks(invitation, "fr")
    case = Case.objects.get(pk=invitation.case_id)
    assert returning.open_until(case) is not None
    link = passes.issue(purpose="status", target=f"status-{case.pk}-{invitation.contact_id}", now=LEAVES, lifetime=DAY)
    assert "Le problème est revenu" in client.get(f"/status/{passes.token_of(link)}/").content.decode()
