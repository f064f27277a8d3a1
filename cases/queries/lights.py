"""The seven lights over the cases of a customer: how many are green, repaired, red or not yet due."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import User
from cases import access, principles
from cases.enums import CaseState
from cases.models import Case, Customer
from cases.principles import Light
from cases.queries import pulse, standing
from cases.queries.case_page import SELECT, Page, rights_of, steps_of

WITHIN = timedelta(days=365)
MOST = 25


@dataclass(frozen=True)
class Sum:
    """How many lights of each value shine over how many cases; `capped` tells that there are more cases."""

    cases: int
    capped: bool
    green: int
    repaired: int
    red: int
    not_due: int


def of_customer(customer: Customer, reader: User, *, now: datetime) -> Sum:
    """Sum the lights over the customer's open cases and those of the last twelve months. Two statements.

    Imported history and cases the reader may not see are left out; at most the 25 newest count.
    """
    counted = Q(state=CaseState.OPEN) | Q(received_at__gt=now - WITHIN)
    rows = access.visible_to(reader).filter(counted, customer=customer, historical=False)
    found = list(rows.select_related(*SELECT).order_by("-received_at", "-id")[: MOST + 1])
    lights = _lights(found[:MOST], reader, now)
    named = {str(light.value): lights[light] for light in (Light.GREEN, Light.REPAIRED, Light.RED, Light.NOT_DUE)}
    return Sum(cases=min(len(found), MOST), capped=len(found) > MOST, **named)


def _lights(cases: list[Case], reader: User, now: datetime) -> Counter:
    sums = pulse.sums_of_some([case.pk for case in cases], now=now)
    pages = [Page(case, reader, now, rights_of(reader, case), steps_of(sums[case.pk]), sums[case.pk]) for case in cases]
    return Counter(verdict.light for page in pages for verdict in principles.lights(standing.pulse(page)))
