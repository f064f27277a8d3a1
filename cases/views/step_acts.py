"""Which act of which step asks by which form and is done by which verb."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from cases import access, actions, editing, letter_acts
from cases.enums import ActionKind, ExposureState, OfferAnswer, StepNumber, WhyChain
from cases.forms.steps import acknowledge as ask_1
from cases.forms.steps import common
from cases.forms.steps import contain as ask_2
from cases.forms.steps import go_beyond as ask_4
from cases.forms.steps import institutionalize as ask_9
from cases.forms.steps import learnings as ask_6
from cases.forms.steps import resolve as ask_3
from cases.forms.steps import root_cause as ask_5
from cases.forms.steps.base import StepForm
from cases.letter_kinds import LetterAct
from cases.models import Action, Case, Cause, Exposure, Gesture
from cases.refusals import Refused
from cases.steps import go_beyond, institutionalize, learnings, resolve, root_cause, waiver

SENT_OFF = "Your letter waits to leave. Until then you can take it back, and nothing counts as done."


def _never(case: Case, row: int, user: User) -> bool:
    return False


@dataclass(frozen=True)
class Act:
    """One act: its form, its verb, what is said when it is done, and who beside the case's own people may do it."""

    form: type[StepForm]
    verb: Callable[..., Any]
    said: str
    decides: bool = False
    is_own: Callable[[Case, int, User], bool] = _never


# Rows: an action or exposure belongs to the case itself or to its cause


def cause_of(case: Case) -> Cause:
    """Return the case's cause. Raise `Refused` where none is named yet."""
    cause = Cause.objects.filter(case_causes__case=case).first()
    if cause is None:
        raise Refused("Name the suspected cause first, in step 5.")
    return cause


def _action(case: Case, row: int) -> Action:
    of_case = Action.objects.filter(case=case, pk=row).first()
    return of_case or get_object_or_404(Action, cause__case_causes__case=case, pk=row)


def _exposure(case: Case, row: int) -> Exposure:
    return get_object_or_404(Exposure, cause__case_causes__case=case, pk=row)


def _my_action(case: Case, row: int, user: User) -> bool:
    return bool(row) and _action(case, row).owner_id == user.pk


def _my_exposure(case: Case, row: int, user: User) -> bool:
    return bool(row) and _exposure(case, row).owner_id == user.pk


# Verbs, each called with case, row, actor, now and what its form gave


def _give(number: StepNumber):
    return lambda *, row, **given: editing.give_step(number=number, **given)


def _waive(number: StepNumber):
    return lambda *, row, **given: waiver.propose(number=number, **given)


def _decide(verb, number: StepNumber):
    def decide(*, case, row, **given) -> None:
        if access.council_decides(case):
            raise Refused("The council decides this on its docket, with its reason.")
        verb(case=case, number=number, **given)

    return decide


def _said(act: LetterAct):
    """Do an act at once; where its words leave as a letter the view sends that off instead."""

    def do(*, row, case, actor, now, **given) -> None:
        letter_acts.do(act=act, case=case, actor=actor, now=now, given=given)

    return do


def _plan_containment(*, row, **given) -> None:
    actions.plan_action(kind=ActionKind.CONTAINMENT, **given)


def _plan_corrective(*, case, row, **given) -> None:
    actions.plan_action(case=case, kind=ActionKind.CORRECTIVE, cause=cause_of(case), **given)


def _finish(*, case, row, **given) -> None:
    actions.finish_action(action=_action(case, row), **given)


def _check(*, case, row, **given) -> None:
    actions.check_action(action=_action(case, row), **given)


def _answer(*, case, row, answer, **given) -> None:
    latest = resolve.latest_offer(case)
    if latest is None:
        raise Http404
    resolve.answer_offer(offer=latest, answer=OfferAnswer(answer), **given)


def _carry_out(*, row, **given) -> None:
    resolve.carry_out(**given)


def _propose(*, row, **given) -> None:
    go_beyond.propose(**given)


def _deliver(*, case, row, **given) -> None:
    go_beyond.deliver(gesture=get_object_or_404(Gesture, case=case, pk=row), **given)


def _link(*, row, **given) -> None:
    root_cause.link(**given)


def _chain(chain: WhyChain):
    def write(*, case, row, **given) -> None:
        root_cause.write_whys(case=case, cause=cause_of(case), chain=chain, **given)

    return write


def _plan_check(*, case, row, **given) -> None:
    root_cause.plan_check(case=case, cause=cause_of(case), **given)


def _prove(*, case, row, **given) -> None:
    root_cause.prove(case=case, cause=cause_of(case), **given)


def _sweep(*, case, row, **given) -> None:
    if not learnings.sweep(case=case, cause=cause_of(case), **given):
        raise Refused("No further customer shares a link with this cause. Add one by hand if you know of any.")


def _expose(*, case, row, **given) -> None:
    learnings.expose(case=case, cause=cause_of(case), **given)


def _mark(*, case, row, state, **given) -> None:
    learnings.mark(case=case, exposure=_exposure(case, row), state=ExposureState(state), **given)


def _complete(*, case, row, **given) -> None:
    learnings.complete(case=case, cause=cause_of(case), **given)


def _adopt(*, case, row, actor, now, **given) -> None:
    institutionalize.adopt(case=case, actor=actor, adoption=institutionalize.Adoption(**given), now=now)


def _everywhere(number: StepNumber) -> dict[tuple[StepNumber, str], Act]:
    """Return the acts each step has beside its own."""
    grant, refuse = _decide(waiver.grant, number), _decide(waiver.refuse, number)
    return {
        (number, "give"): Act(common.GiveForm, _give(number), "The step and its clock are theirs now."),
        (number, "waive"): Act(common.WaiveForm, _waive(number), "Proposed. The step waits for a decision."),
        (number, "grant"): Act(common.GrantForm, grant, "Granted.", decides=True),
        (number, "refuse"): Act(common.RefuseForm, refuse, "Refused. The step stays to be done.", decides=True),
    }


_DONE = Act(ask_2.FinishForm, _finish, "Marked done.", is_own=_my_action)
_CHECKED = Act(ask_2.CheckForm, _check, "Checked: it holds.")
_1, _2, _3, _4, _5, _6, _, _, _9 = StepNumber

ACTS: dict[tuple[StepNumber, str], Act] = {
    (_1, "acknowledge"): Act(
        ask_1.AcknowledgeForm,
        _said(LetterAct.ACKNOWLEDGE),
        "They hear from you. What you promised has its clock.",
    ),
    (_2, "plan"): Act(ask_2.PlanForm, _plan_containment, "Planned. Its clock runs."),
    (_2, "finish"): _DONE,
    (_2, "check"): _CHECKED,
    (_2, "told"): Act(ask_2.ToldForm, _said(LetterAct.TOLD), "Contained, and they know."),
    (_3, "offer"): Act(ask_3.OfferForm, _said(LetterAct.OFFER), "The offer is made."),
    (_3, "answer"): Act(ask_3.AnswerForm, _answer, "Their answer is written down."),
    (_3, "carry_out"): Act(ask_3.CarryOutForm, _carry_out, "Carried out. Now ask them whether it is put right."),
    (_3, "ask"): Act(ask_3.AskForm, _said(LetterAct.ASK), SENT_OFF),
    (_3, "spoken"): Act(
        ask_3.SpokenForm,
        _said(LetterAct.SPOKEN),
        SENT_OFF,
    ),
    (_3, "written"): Act(
        ask_3.WrittenForm,
        _said(LetterAct.WRITTEN),
        SENT_OFF,
    ),
    (_4, "propose"): Act(ask_4.ProposeForm, _propose, "Proposed."),
    (_4, "deliver"): Act(ask_4.DeliverForm, _deliver, "Delivered: beyond the fix."),
    (_5, "link"): Act(ask_5.LinkForm, _link, "The case is under this cause."),
    (_5, "occurrence"): Act(ask_5.OccurrenceForm, _chain(WhyChain.OCCURRENCE), "The chain is kept."),
    (_5, "escape"): Act(ask_5.EscapeForm, _chain(WhyChain.ESCAPE), "The chain is kept."),
    (_5, "plan"): Act(ask_5.PlanForm, _plan_corrective, "Planned. Its clock runs."),
    (_5, "finish"): _DONE,
    (_5, "check"): _CHECKED,
    (_5, "plan_check"): Act(ask_5.PlanCheckForm, _plan_check, "The check is planned."),
    (_5, "prove"): Act(ask_5.ProveForm, _prove, "The cause is proved."),
    (_6, "sweep"): Act(ask_6.SweepForm, _sweep, "Whoever shares a link with the cause is on the list."),
    (_6, "expose"): Act(ask_6.ExposeForm, _expose, "On the list."),
    (_6, "mark"): Act(ask_6.MarkForm, _mark, "Marked.", is_own=_my_exposure),
    (_6, "complete"): Act(ask_6.CompleteForm, _complete, "The sweep is complete."),
    (_9, "adopt"): Act(ask_9.AdoptForm, _adopt, "The change is in the register."),
    (_9, "finish"): _DONE,
    (_9, "check"): _CHECKED,
    (_9, "tell"): Act(ask_9.TellForm, _said(LetterAct.TELL), SENT_OFF),
    **{key: act for number in StepNumber for key, act in _everywhere(number).items()},
}
