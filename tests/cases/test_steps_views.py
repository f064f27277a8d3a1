"""The steps in the browser's way: what is sent, what is done, what is refused and kept."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts import drafts
from accounts.models import Draft
from cases import workflow
from cases.enums import (
    CaseState,
    EntryKind,
    ExposureState,
    GestureState,
    OfferAnswer,
    Outcome,
    Severity,
    StepState,
    WhyChain,
)
from cases.models import (
    Action,
    CaseCause,
    CauseKind,
    Change,
    Check,
    Confirmation,
    Customer,
    Entry,
    Escalation,
    Exposure,
    Gesture,
    Link,
    Offer,
    Promise,
    Step,
    Why,
)
from cases.steps import learnings, resolve, root_cause, waiver
from mail import delivery
from mail.models import Message
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = "2026-11-19T10:00"


@pytest.fixture(autouse=True)
def at_noon(clock):
    """The clock stands at noon, an hour after the cases of these tests came in."""
    clock.move_to(NOON + HOUR)


def send(user, case, step, act, **typed):
    """Send one act of a step as `user` and return the answer."""
    client = Client()
    client.force_login(user)
    return client.post(f"/cases/{case.number}/steps/{step}/", {"act": act, **typed})


def state_of(case, number):
    return Step.objects.filter(case=case, number=number).order_by("-round").values_list("state", flat=True).first()


def done(answer, case, number):
    """Tell whether the answer leads back to the step's panel."""
    return (answer.status_code, answer.url) == (303, f"/cases/{case.number}/?step={number}#step")


@pytest.fixture
def owner():
    return builders.user(name="Marta Keller", of=builders.team())


@pytest.fixture
def case(owner):
    return builders.case(owner=owner)


def said(case, **changed):
    """What is typed to acknowledge by a call."""
    return {
        "means": "call",
        "contact": case.reporter_id,
        "text": "We heard you; it is ours now.",
        "promise": "A call with the tracking number",
        "promise_due_at": LATER,
        "at": "2026-11-17T12:10",
        "minutes": "14",
        "fault": "ours",
        **changed,
    }


# 1 Acknowledge


def test_acknowledge_by_call_is_done_as_of_the_call(owner, case):
    answer = send(owner, case, "acknowledge", "acknowledge", **said(case))
    step = Step.objects.get(case=case, number=1)
    assert done(answer, case, 1)
    assert (step.state, step.done_at, step.note) == (StepState.DONE, NOON + timedelta(minutes=10), "call")
    assert Promise.objects.get(case=case).due_at == NOON + timedelta(hours=46)
    case.refresh_from_db()
    assert case.fault == "ours"


def test_acknowledge_by_letter_waits_until_it_has_left(owner, case):
    send(owner, case, "acknowledge", "acknowledge", **said(case, means="email", at="", minutes=""))
    page = page_of(owner, case, 1)
    assert state_of(case, 1) == StepState.PLANNED
    assert "Your letter to Ruth Aebi is leaving." in page
    assert "A call with the tracking number" in page


def test_acknowledge_says_when_its_letter_died(owner, case):
    send(owner, case, "acknowledge", "acknowledge", **said(case, means="email", at="", minutes=""))
    Message.objects.filter(template="personal").update(state="dead", error="No such mailbox")
    page = page_of(owner, case, 1)
    assert "could not be sent: No such mailbox" in page
    assert "Call them now" in page


def test_acknowledge_without_a_date_is_refused_at_the_field_and_keeps_what_was_typed(owner, case):
    answer = send(owner, case, "acknowledge", "acknowledge", **said(case, promise_due_at=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say when: day and hour." in page
    assert "We heard you; it is ours now." in page
    assert Entry.objects.filter(case=case).count() == 0


@pytest.mark.parametrize("typed", ["2026-02-30T10:00", "yesterday", "9999-12-31T23:59", "0001-01-01T00:00"])
def test_acknowledge_refuses_an_impossible_date(typed, owner, case):
    answer = send(owner, case, "acknowledge", "acknowledge", **said(case, promise_due_at=typed))
    assert answer.status_code == 422
    assert state_of(case, 1) == StepState.PLANNED


def test_acknowledge_refuses_a_promise_in_the_past(owner, case):
    answer = send(owner, case, "acknowledge", "acknowledge", **said(case, promise_due_at="2026-11-16T10:00"))
    assert answer.status_code == 422
    assert "This time has passed." in answer.content.decode()


def test_acknowledge_does_not_ask_whose_fault_before_what_makes_it_right(owner):
    case = builders.case(owner=owner, remedy=None)
    page = page_of(owner, case, 1)
    assert "Whose fault was it?" not in page
    assert "Nobody has asked yet what would make it right." in page


def test_acknowledging_twice_shows_what_was_typed_the_second_time(owner, case):
    builders.acknowledged(case)
    answer = send(owner, case, "acknowledge", "acknowledge", **said(case, text="My own words"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This complaint has been acknowledged already." in page
    assert "My own words" in page


def test_acknowledge_drops_the_draft(owner, case):
    key = f"case-{case.pk}-acknowledge-acknowledge"
    drafts.keep(user=owner, key=key, body={"text": "Half a sent"}, now=NOON)
    assert "Half a sent" in page_of(owner, case, 1)
    send(owner, case, "acknowledge", "acknowledge", **said(case))
    assert not Draft.objects.filter(key=key).exists()


# 2 Contain


def contain_plan(owner, case, who):
    send(owner, case, "contain", "plan", text="Freeze the carrier", owner=who.pk, due_at=LATER)
    return Action.objects.get(case=case)


def test_contain_from_plan_to_told(owner, case):
    checker = builders.user("quality")
    action = contain_plan(owner, case, owner)
    assert done(send(owner, case, "contain", "finish", row=action.pk), case, 2)
    assert done(send(checker, case, "contain", "check", row=action.pk), case, 2)
    told = send(owner, case, "contain", "told", told_by="call", contact=case.reporter_id, text="It is stopped.")
    assert done(told, case, 2)
    assert state_of(case, 2) == StepState.DONE


def test_contain_refuses_the_doers_own_check_of_a_critical_case(owner):
    case = builders.case(owner=owner, severity=Severity.CRITICAL)
    action = contain_plan(owner, case, owner)
    send(owner, case, "contain", "finish", row=action.pk)
    answer = send(owner, case, "contain", "check", row=action.pk)
    assert answer.status_code == 422
    assert "somebody else has to check it" in answer.content.decode()


def test_contain_refuses_telling_before_anything_holds(owner, case):
    answer = send(owner, case, "contain", "told", told_by="call", text="It is stopped.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Plan a containment action first" in page
    assert "It is stopped." in page


def test_contain_finishes_no_action_of_another_case(owner, case):
    other = builders.case(owner=owner)
    action = contain_plan(owner, other, owner)
    assert send(owner, case, "contain", "finish", row=action.pk).status_code == 404


def test_an_actions_owner_marks_it_done_without_working_the_case(owner, case):
    outsider = builders.user(name="Sven Baum", of=builders.team("South"))
    action = contain_plan(owner, case, outsider)
    assert "Mark done" in page_of(outsider, case, 2)
    assert done(send(outsider, case, "contain", "finish", row=action.pk), case, 2)


# 3 Resolve


def offered(owner, case, **changed):
    builders.ready_to_offer(case, now=NOON)
    typed = {"text": "Forty housings by courier", "means": "email", "subject": "", **changed}
    return send(owner, case, "resolve", "offer", **typed)


def test_offer_is_refused_before_discovery_and_points_to_it(owner, case):
    answer = send(owner, case, "resolve", "offer", text="Forty housings", means="call")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Answer all seven discovery questions before the offer." in page
    assert f"/cases/{case.number}/?step=3&amp;tab=discovery" in page
    assert f"/cases/{case.number}/?step=3&amp;tab=facts" in page
    assert "Forty housings</textarea>" in page


def test_offer_by_email_leaves_as_a_letter(owner, case):
    assert done(offered(owner, case), case, 3)
    entry = Entry.objects.get(case=case)
    assert (entry.kind, entry.words.text) == (EntryKind.EMAIL, "Forty housings by courier")
    assert entry.message.facts["subject"] == case.title


def test_offer_by_phone_is_logged_as_a_call(owner, case):
    offered(owner, case, means="call")
    assert list(Entry.objects.filter(case=case).values_list("kind", flat=True)) == ["call"]
    assert Message.objects.filter(template="personal").count() == 0


def test_something_else_needs_their_words(owner, case):
    offered(owner, case)
    answer = send(owner, case, "resolve", "answer", answer="something_else", text="")
    assert answer.status_code == 422
    assert Offer.objects.get(case=case).answer == OfferAnswer.PENDING


def test_resolve_from_offer_to_the_question(owner, case):
    offered(owner, case)
    assert done(send(owner, case, "resolve", "answer", answer="accepted", text=""), case, 3)
    deed = {"text": "They arrived", "by": "Sven", "at": "2026-11-17T12:30"}
    assert done(send(owner, case, "resolve", "carry_out", **deed), case, 3)
    assert "Ask Ruth to confirm" in page_of(owner, case, 3)
    assert done(send(owner, case, "resolve", "ask"), case, 3)
    assert Confirmation.objects.get(case=case).contact == case.reporter
    assert "Ruth Aebi was asked" in page_of(owner, case, 3)


def test_asking_before_it_is_carried_out_is_refused(owner, case):
    offered(owner, case)
    answer = send(owner, case, "resolve", "ask")
    assert answer.status_code == 422
    assert "First say what was carried out." in answer.content.decode()
    assert Confirmation.objects.count() == 0


def test_nobody_here_can_confirm(owner, case):
    assert send(owner, case, "resolve", "confirm", yes="1").status_code == 404


def test_refused_result_shows_their_words_and_a_new_offer(owner, case):
    offered(owner, case)
    send(owner, case, "resolve", "carry_out", text="They arrived", by="Sven", at="2026-11-17T12:30")
    send(owner, case, "resolve", "ask")
    resolve.confirm(confirmation=Confirmation.objects.get(), yes=False, text="Only thirty came", now=NOON + 2 * HOUR)
    page = page_of(owner, case, 3)
    assert "Only thirty came" in page
    assert "A new offer" in page


def test_a_contacts_name_is_never_read_as_a_template(owner):
    customer = builders.customer()
    reporter = builders.contact(customer, name="{{case.pk}} Aebi")
    case = builders.case(owner=owner, of=customer, reporter=reporter)
    offered(owner, case)
    send(owner, case, "resolve", "carry_out", text="They arrived", by="Sven", at="2026-11-17T12:30")
    assert "Ask {{case.pk}} to confirm" in page_of(owner, case, 3)


# 4 Go beyond


def give(owner, case, cost):
    typed = {"kind": "time", "what": "A setter for two days", "why": "Their line stood", "cost": cost}
    return send(owner, case, "go_beyond", "propose", currency="CHF", **typed)


def test_gesture_within_the_limit_is_approved_and_delivered(owner, case):
    assert done(give(owner, case, "450"), case, 4)
    gesture = Gesture.objects.get()
    assert (gesture.state, gesture.cost) == (GestureState.APPROVED, 45_000)
    assert done(send(owner, case, "go_beyond", "deliver", row=gesture.pk, text="He came on Monday"), case, 4)
    assert state_of(case, 4) == StepState.DONE


def test_gesture_above_the_limit_waits_for_the_council(owner, case):
    give(owner, case, "4500")
    assert Escalation.objects.get(case=case).reason == "gesture"
    answer = send(owner, case, "go_beyond", "deliver", row=Gesture.objects.get().pk, text="He came")
    assert answer.status_code == 422
    assert "The council has not approved this gesture yet." in answer.content.decode()


@pytest.mark.parametrize("cost", ["-1", "a lot", "1e30", ""])
def test_gesture_refuses_an_impossible_cost(cost, owner, case):
    assert give(owner, case, cost).status_code == 422
    assert Gesture.objects.count() == 0


# 5 Root cause


def suspected(owner, case):
    send(owner, case, "root_cause", "link", title="Carrier hand-over without a scan", kind=CauseKind.objects.first().pk)
    return CaseCause.objects.get(case=case).cause


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


def test_a_proved_cause_does_the_step_of_a_further_case(owner, case):
    test_root_cause_from_suspicion_to_proof(owner, case)
    again = builders.case(owner=owner)
    send(owner, again, "root_cause", "link", cause=CaseCause.objects.get(case=case).cause_id)
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
    assert done(send(owner, case, "institutionalize", "tell", text="You said, we changed"), case, 9)
    assert state_of(case, 9) == StepState.DONE
    letter = Message.objects.get(template="changed")
    assert letter.facts["change"]["what"] == "Every pallet is scanned"
    delivery.deliver_due(NOON + HOUR)
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
    assert done(send(owner, case, "institutionalize", "tell", text="What we found"), case, 9)
    assert state_of(case, 9) == StepState.DONE


# Every step: giving away, leaving out


def test_a_step_is_given_to_somebody_who_may_then_work_it(owner, case):
    outsider = builders.user(name="Sven Baum", of=builders.team("South"))
    before = send(outsider, case, "go_beyond", "propose")
    assert before.status_code == 403
    assert done(send(owner, case, "go_beyond", "give", owner=outsider.pk), case, 4)
    assert done(give(outsider, case, "10"), case, 4)


def test_waiver_is_granted_by_the_lead_and_not_by_who_proposed_it(owner, case):
    lead = builders.user("lead", of=case.team)
    assert done(send(owner, case, "go_beyond", "waive", reason="They asked for nothing"), case, 4)
    assert send(owner, case, "go_beyond", "grant").status_code == 403
    assert "proposes to leave this step out" in page_of(lead, case, 4)
    assert done(send(lead, case, "go_beyond", "grant"), case, 4)
    assert state_of(case, 4) == StepState.WAIVED


def test_waiver_is_refused_with_a_reason(owner, case):
    lead = builders.user("lead", of=case.team)
    send(owner, case, "go_beyond", "waive", reason="They asked for nothing")
    assert send(lead, case, "go_beyond", "refuse", reason="").status_code == 422
    assert done(send(lead, case, "go_beyond", "refuse", reason="They waited a day"), case, 4)
    assert Step.objects.get(case=case, number=4).proposed_at is None


def test_waiver_of_a_high_case_is_left_to_the_docket(owner):
    case = builders.case(owner=owner, severity=Severity.HIGH)
    waiver.propose(case=case, actor=owner, number=4, reason="They asked for nothing", now=NOON + HOUR)
    answer = send(builders.user("chair"), case, "go_beyond", "grant")
    assert answer.status_code == 422
    assert "the council decides this on its docket" in answer.content.decode()
    assert "on its docket" in page_of(owner, case, 4)


@pytest.mark.parametrize("step", ["acknowledge", "resolve", "survey"])
def test_steps_1_3_and_7_are_never_left_out(step, owner, case):
    answer = send(owner, case, step, "waive", reason="No time")
    assert answer.status_code == 422
    assert "cannot be left out" in answer.content.decode()


# The door


def test_get_changes_nothing_and_leads_to_the_panel(owner, case):
    client = Client()
    client.force_login(owner)
    answer = client.get(f"/cases/{case.number}/steps/acknowledge/?act=acknowledge&text=x")
    assert (answer.status_code, answer.url) == (302, f"/cases/{case.number}/?step=1")
    assert state_of(case, 1) == StepState.PLANNED


@pytest.mark.parametrize(("step", "act"), [("acknowledge", "prove"), ("acknowledge", ""), ("cheer", "give")])
def test_an_unknown_step_or_act_is_not_found(step, act, owner, case):
    assert send(owner, case, step, act).status_code == 404


def test_history_has_no_steps_to_work(owner, case):
    Step.objects.filter(case=case).delete()
    answer = send(owner, case, "go_beyond", "propose", kind="time", what="x", why="y", cost="1", currency="CHF")
    assert "Before Goldseam" in answer.content.decode()


def test_closed_case_refuses_with_its_state(owner, case):
    workflow.end(case=case, act=Outcome.CUSTOMER_LOST, now=NOON + HOUR, actor=owner)
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    answer = give(owner, case, "10")
    assert answer.status_code == 422
    assert "is closed" in answer.content.decode()


def page_of(user, case, number):
    """Return the case page with the panel of a step, as somebody sees it."""
    client = Client()
    client.force_login(user)
    return client.get(f"/cases/{case.number}/?step={number}").content.decode()
