"""Steps 5, 6 and 9 in the browser's way: cause, sweep, change."""

import pytest

from cases import workflow
from cases.enums import CauseState, ExposureState, Outcome, StepState, WhyChain
from cases.models import Action, CaseCause, Cause, Change, Check, Customer, Escalation, Event, Exposure, Link, Why
from cases.steps import learnings, root_cause
from mail import delivery
from mail.models import Message
from tests import builders
from tests.builders import NOON
from tests.cases.stepping import HOUR, LATER, done, gone, page_of, send, state_of, suspected

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("an_hour_later")]


# 5 Root cause


def test_root_cause_from_suspicion_to_proof(owner, case):
    checker = builders.user("quality")
    cause = suspected(owner, case)
    for act in ("occurrence", "escape"):
        send(owner, case, "root_cause", act, why_1="Nobody scanned", why_2="", why_3="Not in the instruction")
    send(owner, case, "root_cause", "plan", text="Scan at the gate", owner=owner.pk, due_at=LATER)
    send(
        owner, case, "root_cause", "plan_check", criterion="No late one", checker=checker.pk, due_at="2027-01-19T10:00"
    )
    answer = send(owner, case, "root_cause", "prove", kind=cause.kind_id, proof="Switched off, it came back")
    assert done(answer, case, 5)
    assert state_of(case, 5) == StepState.DONE
    assert list(Why.objects.filter(chain="escape").values_list("position", "words__text")) == [
        (1, "Nobody scanned"),
        (2, "Not in the instruction"),
    ]


def test_proof_is_refused_with_the_first_thing_missing(owner, case):
    cause = suspected(owner, case)
    answer = send(owner, case, "root_cause", "prove", kind=cause.kind_id, proof="We know")
    assert answer.status_code == 422
    assert "Ask why it happened, and write the chain down." in answer.content.decode()


def test_checker_must_not_own_an_action(owner, case):
    suspected(owner, case)
    send(owner, case, "root_cause", "plan", text="Scan at the gate", owner=owner.pk, due_at=LATER)
    typed = {"criterion": "No late one", "checker": owner.pk, "due_at": "2027-01-19T10:00"}
    answer = send(owner, case, "root_cause", "plan_check", **typed)
    assert answer.status_code == 422
    assert "must not own one of the actions" in answer.content.decode()
    assert Check.objects.count() == 0


def test_a_full_chain_offers_two_more_whys(owner, case):
    cause = suspected(owner, case)
    answers = [f"because {number}" for number in range(5)]
    root_cause.write_whys(
        case=case, cause=cause, actor=owner, chain=WhyChain.OCCURRENCE, answers=answers, now=NOON + HOUR
    )
    page = page_of(owner, case, 5)
    assert 'id="occurrence-why_7"' in page
    assert 'id="escape-why_6"' not in page


def test_a_cause_proved_since_it_was_chosen_does_the_step_too(owner, case):
    cause = suspected(owner, case)
    Cause.objects.update(state=CauseState.PROVED)
    again = builders.case(owner=owner)
    root_cause.link(case=again, actor=owner, cause=cause, reason="The same dock", now=NOON + HOUR)
    assert state_of(again, 5) == StepState.DONE


def test_a_proved_cause_does_the_step_of_a_further_case(owner, case):
    test_root_cause_from_suspicion_to_proof(owner, case)
    again = builders.case(owner=owner)
    known = {"cause": CaseCause.objects.get(case=case).cause_id}
    answer = send(owner, again, "root_cause", "link", **known)
    assert "Say how you know that it is the same cause." in answer.content.decode()
    assert state_of(again, 5) == StepState.PLANNED
    send(owner, again, "root_cause", "link", reason="Lost at the same gate", **known)
    assert state_of(again, 5) == StepState.DONE
    assert Event.objects.get(case=again, kind="cause_linked").words.text == "Lost at the same gate"


def test_a_case_that_shares_a_link_with_a_proved_cause_needs_no_reason(owner, case):
    cause = swept(owner, case)
    Cause.objects.update(state=CauseState.PROVED)
    again = builders.case(owner=owner, of=builders.customer(name="Third AG"))
    cause.links.get().customers.add(again.customer)
    root_cause.link(case=again, actor=owner, cause=cause, now=NOON + HOUR)
    assert state_of(again, 5) == StepState.DONE


def test_the_same_cause_after_its_fix_is_laid_before_the_council(owner, case):
    cause = suspected(owner, case)
    send(owner, case, "root_cause", "plan", text="Scan at the gate", owner=owner.pk, due_at=LATER)
    send(owner, case, "root_cause", "finish", row=Action.objects.get(cause=cause).pk)
    again = builders.case(owner=owner, now=NOON + 30 * HOUR)
    root_cause.link(case=again, actor=owner, cause=cause, now=NOON + 31 * HOUR)
    assert list(Escalation.objects.filter(case=again).values_list("reason", "ref")) == [("recurrence", cause.pk)]


# 6 Learnings


def swept(owner, case):
    carrier = Link.objects.create(kind="carrier", name="Nordfracht")
    carrier.customers.add(builders.customer(name="Ballmer AG"), case.customer)
    case.links.add(carrier)
    cause = suspected(owner, case)
    send(owner, case, "learnings", "sweep")
    return cause


def test_sweep_lists_others_who_share_a_link_and_not_the_customer_itself(owner, case):
    swept(owner, case)
    assert list(Exposure.objects.values_list("customer__name", "state")) == [("Ballmer AG", "open")]


def test_sweep_is_complete_once_everybody_is_marked(owner, case):
    swept(owner, case)
    early = send(owner, case, "learnings", "complete")
    assert early.status_code == 422
    assert "Customers not marked yet: 1." in early.content.decode()
    exposure = Exposure.objects.get()
    marked = send(owner, case, "learnings", "mark", row=exposure.pk, state="told", note="Called them")
    assert done(marked, case, 6)
    assert done(send(owner, case, "learnings", "complete"), case, 6)
    assert state_of(case, 6) == StepState.DONE


def test_sweep_cannot_be_closed_past_somebody_who_was_not_looked_for(owner, case):
    swept(owner, case)
    Exposure.objects.all().delete()
    answer = send(owner, case, "learnings", "complete")
    assert answer.status_code == 422
    assert "Look for them first." in answer.content.decode()


def test_a_customer_is_added_by_the_start_of_the_name(owner, case):
    swept(owner, case)
    builders.customer(name="Zürcher Werke")
    Customer.objects.filter(name="Zürcher Werke").update(folded="zurcher werke")
    assert done(send(owner, case, "learnings", "expose", customer="zürch"), case, 6)
    assert Exposure.objects.filter(customer__name="Zürcher Werke").exists()


def test_an_ambiguous_name_is_refused_with_the_near_ones(owner, case):
    swept(owner, case)
    builders.customer(name="Zurich One")
    builders.customer(name="Zurich Two")
    answer = send(owner, case, "learnings", "expose", customer="Zurich")
    assert answer.status_code == 422
    assert "Which one is meant? Zurich One, Zurich Two" in answer.content.decode()


def test_whom_a_customer_was_given_to_marks_them_without_working_the_case(owner, case):
    cause = swept(owner, case)
    outsider = builders.user(of=builders.team("South"))
    exposure = Exposure.objects.get(cause=cause)
    Exposure.objects.update(owner=outsider)
    assert "Mark Ballmer AG" in page_of(outsider, case, 6)
    assert done(send(outsider, case, "learnings", "mark", row=exposure.pk, state="safe", note="Not theirs"), case, 6)


def test_an_exposure_is_still_marked_when_the_case_is_closed(owner, case):
    cause = swept(owner, case)
    workflow.end(case=case, act=Outcome.CUSTOMER_LOST, now=NOON + HOUR, actor=owner)
    learnings.mark(
        exposure=Exposure.objects.get(cause=cause),
        case=case,
        actor=owner,
        state=ExposureState.SAFE,
        note="Not theirs",
        now=NOON + HOUR,
    )
    assert Exposure.objects.get(cause=cause).state == "safe"


# 9 Institutionalize


def adopt(owner, case):
    typed = {"what": "Every pallet is scanned", "where": "WI 4.2", "owner": owner.pk, "since_on": "2026-11-17"}
    return send(owner, case, "institutionalize", "adopt", **typed)


def test_change_is_adopted_and_told(owner, case):
    suspected(owner, case)
    assert done(adopt(owner, case), case, 9)
    assert Change.objects.get().words.text == "Every pallet is scanned"
    assert done(gone(owner, case, "institutionalize", "tell", text="You said, we changed"), case, 9)
    assert state_of(case, 9) == StepState.DONE
    letter = Message.objects.get(template="changed")
    assert letter.facts["change"]["what"] == "Every pallet is scanned"
    delivery.deliver_due(NOON + 2 * HOUR)
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_telling_waits_for_open_corrective_actions(owner, case):
    suspected(owner, case)
    send(owner, case, "root_cause", "plan", text="Scan at the gate", owner=owner.pk, due_at=LATER)
    adopt(owner, case)
    answer = send(owner, case, "institutionalize", "tell", text="You said, we changed")
    assert answer.status_code == 422
    assert "Corrective actions are still open." in answer.content.decode()


def test_no_change_is_granted_and_the_letter_is_still_due(owner, case):
    lead = builders.user("lead", of=case.team)
    send(owner, case, "institutionalize", "waive", reason="It was a single storm")
    early = send(owner, case, "institutionalize", "tell", text="What we found")
    assert early.status_code == 422
    assert done(send(lead, case, "institutionalize", "grant"), case, 9)
    assert state_of(case, 9) == StepState.PLANNED
    assert done(gone(owner, case, "institutionalize", "tell", text="What we found"), case, 9)
    assert state_of(case, 9) == StepState.DONE
