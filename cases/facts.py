"""Facts from both sides, with source and verified or not (Hitt, principle 4); and the expectation gap."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import timeline, words
from cases.enums import Side
from cases.locking import hold
from cases.models import Case, Fact, Gap, Words
from cases.refusals import Refused

GAP_PARTS = ("expected", "promised", "delivered")


@transaction.atomic
def add_fact(*, case: Case, actor: User, side: Side, text: str, source: str, verified: bool, now: datetime) -> Fact:
    """Write down a fact of one side. Raise `Refused` without text or source."""
    if not text.strip():
        raise Refused("Write what is so.", field="text")
    if not source.strip():
        raise Refused("Say where this comes from: a document, a person, a measurement.", field="source")
    held = hold(case)
    row = words.write(text=text, now=now, case=held)
    fact = Fact.objects.create(case=held, side=side, words=row, source=source, verified=verified, by=actor, at=now)
    timeline.record(
        case=held,
        kind=timeline.Kind.FACT_ADDED,
        now=now,
        actor=actor,
        words=row,
        facts={"fact": fact.pk, "side": str(side), "verified": verified},
    )
    return fact


@transaction.atomic
def verify_fact(*, fact: Fact, actor: User, verified: bool, now: datetime) -> None:
    """Mark a fact as verified or no longer verified."""
    held = hold(fact.case_id)
    Fact.objects.filter(pk=fact.pk).update(verified=verified)
    timeline.record(
        case=held,
        kind=timeline.Kind.FACT_VERIFIED,
        now=now,
        actor=actor,
        facts={"fact": fact.pk, "verified": verified},
    )


@transaction.atomic
def write_gap(
    *,
    case: Case,
    actor: User,
    texts: dict[str, str],
    promised_where: str,
    in_writing: bool | None,
    valid: bool | None,
    now: datetime,
) -> Gap:
    """Write the expectation gap: `texts` holds expected, promised, delivered. Earlier wordings stay readable."""
    held = hold(case)
    before = {row.part: row.text for row in Words.objects.filter(case=held, part__in=GAP_PARTS).order_by("id")}
    changed = {part: texts.get(part, "") for part in GAP_PARTS if texts.get(part, "") != before.get(part, "")}
    words.write_some(words.compose(text=text, now=now, case=held, part=part) for part, text in changed.items())
    gap, _ = Gap.objects.update_or_create(
        case=held,
        defaults={
            "promised_where": promised_where,
            "in_writing": in_writing,
            "valid": valid,
            "by": actor,
            "at": now,
        },
    )
    timeline.record(case=held, kind=timeline.Kind.GAP_WRITTEN, now=now, actor=actor, facts={"parts": sorted(changed)})
    return gap
