"""Which special act asks by which form, is done by which verb, is open to whom, and leads where."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from cases import (
    access,
    ending,
    escalation,
    fast_lane,
    legal,
    merging,
    receiving,
    relating,
    reopening,
    secrecy,
    words,
)
from cases.enums import ClearanceKind, EscalationReason
from cases.forms import special as forms
from cases.forms.special import SpecialForm
from cases.locking import hold_open
from cases.models import Case
from cases.queries.case_page import Rights
from cases.refusals import Refused


@dataclass(frozen=True)
class Act:
    """One act. `verb` gets case, actor, now and what the form gave; `said` is told when it is done.

    `back` names the page it leads to; nothing stands for the case itself.
    """

    form: type[SpecialForm]
    verb: Callable[..., Any]
    said: str
    may: Callable[[Rights, User], bool] = lambda rights, user: rights.work
    back: str = ""


def _lead(rights: Rights, user: User) -> bool:
    return rights.lead or user.on_council


def _worker(rights: Rights, user: User) -> bool:
    return rights.work or user.on_council


def other_case(actor: User, number: int, field: str = "other") -> Case:
    """Return another case this person may read, by its number. Raise `Refused` where there is none."""
    case = access.visible_to(actor).filter(pk=number).first()
    if case is None:
        raise Refused(f"There is no case RC-{number} that you may read.", field=field)
    return case


@transaction.atomic
def _ask_final_answer(*, case: Case, actor: User, reason: str, now: datetime) -> None:
    held = hold_open(case)
    if ending.refused_results(held) < ending.REFUSALS_NEEDED:
        raise Refused("A final answer comes only after two results they refused. Make them another offer first.")
    row = words.write(text=reason, now=now, case=held)
    why = EscalationReason.NOT_AGREED
    if escalation.escalate(case=held, reason=why, asked_by=actor, words=row, now=now) is None:
        raise Refused("The council has been asked already. It lies on the docket until it is decided.")


def _merge(*, case: Case, actor: User, other: int, reason: str, now: datetime) -> None:
    merging.merge(case=case, into=other_case(actor, other), actor=actor, reason=reason, now=now)


def _relate(*, case: Case, actor: User, other: int, kind: str, now: datetime) -> None:
    same = kind == "same_cause"
    relating.relate(case=case, other=other_case(actor, other), actor=actor, same_cause=same, now=now)


def _close_door(**given) -> None:
    secrecy.set_confidential(confidential=True, **given)


def _open_door(**given) -> None:
    secrecy.set_confidential(confidential=False, **given)


def _clear(kind: ClearanceKind) -> Callable[..., Any]:
    return lambda **given: legal.ask(kind=kind, **given)


ENDS, RELATED, SEEN_BY = "cases:ends", "cases:related", "cases:seen_by"
ASKED = "The lead is asked to confirm. Until then work goes on."
ACTS: dict[str, Act] = {
    "withdraw": Act(forms.WithdrawForm, ending.ask_withdrawn, ASKED, back=ENDS),
    "lost": Act(forms.LostForm, ending.ask_lost, ASKED, back=ENDS),
    "final_answer": Act(
        forms.FinalAnswerForm, _ask_final_answer, "The council is asked for a final answer.", back=ENDS
    ),
    "reopen": Act(forms.ReopenForm, reopening.reopen, "The case is open again.", _worker),
    "merge": Act(forms.MergeForm, _merge, "Merged. Work goes on in the other case.", _lead),
    "relate": Act(forms.RelateForm, _relate, "The two cases are linked.", back=RELATED),
    "received": Act(forms.ReceivedForm, receiving.correct, "Every clock is counted anew.", _lead),
    "close_door": Act(forms.CloseDoorForm, _close_door, "The case is confidential now.", back=SEEN_BY),
    "open_door": Act(forms.OpenDoorForm, _open_door, "Every colleague may read it now.", _lead, back=SEEN_BY),
    "reader": Act(forms.ReaderForm, secrecy.name_reader, "They may read the case now.", _worker, back=SEEN_BY),
    "about": Act(forms.AboutForm, secrecy.set_about, "Noted.", _worker, back=SEEN_BY),
    "sensitive": Act(forms.SensitiveForm, legal.mark, "Marked. It lies before the council.", _worker, back=SEEN_BY),
    "not_sensitive": Act(forms.UnmarkForm, legal.unmark, "The mark is taken off.", _lead, back=SEEN_BY),
    "counsel": Act(forms.CounselForm, legal.name_counsel, "Counsel is named.", _lead, back=SEEN_BY),
    "clear_admission": Act(forms.ClearForm, _clear(ClearanceKind.ADMISSION), "Counsel is asked."),
    "clear_offer": Act(forms.ClearForm, _clear(ClearanceKind.OFFER), "Counsel is asked."),
    "clear_change": Act(forms.ClearForm, _clear(ClearanceKind.ADMISSION), "Counsel is asked."),
    "clear_gesture": Act(forms.ClearForm, _clear(ClearanceKind.OFFER), "Counsel is asked."),
    "clear_final": Act(
        forms.ClearForm, _clear(ClearanceKind.ADMISSION), "Counsel is asked about the final answer.", _worker, back=ENDS
    ),
    "fast_lane": Act(forms.LaneForm, fast_lane.take, "The fast lane is taken: five steps are waived by rule."),
}
# Where the words to be cleared were typed first: the form's own draft, and the step it belongs to.
TYPED = {
    "clear_admission": ("acknowledge-acknowledge", 1),
    "clear_offer": ("resolve-offer", 3),
    "clear_change": ("institutionalize-tell", 9),
}
