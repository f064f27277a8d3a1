"""The pages of the council: what they show, to whom, at what price."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases import escalation
from cases.enums import CaseState, EscalationReason, GestureKind
from cases.models import Case, Escalation
from cases.steps import go_beyond
from council import asking, deciding, seeing
from council.models import Decision, DecisionKind, Question, Seen
from tests import builders
from tests.builders import NOON

HOUR = timedelta(hours=1)
REASONS = (EscalationReason.BY_HAND, EscalationReason.REFUSED, EscalationReason.OVERDUE, EscalationReason.REPEAT)


@pytest.fixture(autouse=True)
def noon(clock):
    clock.move_to(NOON + HOUR)
    return clock


def gesture(people, what="One month of buffer stock", cost=450_000, **fields):
    case = builders.case(owner=people.owner, **fields)
    go_beyond.propose(
        case=case, actor=people.owner, kind=GestureKind.TIME, what=what, why="It cost them a weekend.", cost=cost,
        currency="CHF", now=NOON,
    )  # fmt: skip
    return Escalation.objects.get(case=case, reason="gesture")


def help_wanted(people, reason=EscalationReason.BY_HAND, **fields):
    case = builders.case(owner=people.owner, **fields)
    return escalation.escalate(case=case, reason=reason, ref=1, asked_by=people.owner, now=NOON)


def page(client, user, address):
    client.force_login(user)
    return client.get(address)


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_docket_says_what_is_asked_and_what_it_costs(client, people):
    gesture(people)
    text = text_of(page(client, people.member, reverse("council:docket")))
    assert "1 decision waiting · Jonas Frei chairs" in text
    assert "<b>CHF 4,500</b> gesture: “One month of buffer stock”" in text
    assert "Marta Keller may give up to CHF 1,000 alone" in text
    assert "cost 0.4 % of it" in text
    for kind in ("approve_gesture", "change_gesture", "send_back", "decline_gesture"):
        assert f"/decide/{kind}/" in text


def test_docket_of_others_shows_no_decision_but_who_sits(client, people):
    gesture(people)
    text = text_of(page(client, people.owner, reverse("council:docket")))
    assert "One month of buffer stock" in text
    assert "/decide/" not in text
    assert "Ada Okafor" in text


def test_docket_keeps_confidential_cases_from_others(client, people):
    help_wanted(people, title="Somebody was rude", about_person=True)
    outsider = builders.user(name="Tom Outside")
    assert "Somebody was rude" not in text_of(page(client, outsider, reverse("council:docket")))
    assert "Somebody was rude" in text_of(page(client, people.auditor, reverse("council:docket")))


def test_an_empty_docket_says_so(client, people):
    assert "Nothing is waiting" in text_of(page(client, people.chair, reverse("council:docket")))


def count_for(client, people, django_assert_max_num_queries):
    client.force_login(people.member)
    client.get(reverse("council:docket"))
    with django_assert_max_num_queries(14) as counted:
        assert client.get(reverse("council:docket")).status_code == 200
    return len(counted)


def test_docket_costs_the_same_for_one_row_and_thirty(client, people, django_assert_max_num_queries):
    gesture(people, of=builders.customer(yearly_revenue=None))
    builders.case(owner=people.owner)
    one = count_for(client, people, django_assert_max_num_queries)
    for number in range(29):
        gesture(people) if number % 2 else help_wanted(people, reason=REASONS[number % 4])
        builders.case(owner=people.owner)
    assert count_for(client, people, django_assert_max_num_queries) == one


def test_deciding_in_the_browser_acts_and_returns_to_the_docket(client, people):
    entry = gesture(people)
    client.force_login(people.member)
    address = reverse("council:decide", args=[entry.pk, "approve_gesture"])
    assert "It fits what went wrong." in text_of(client.get(address))
    answer = client.post(address, {"preset": "It fits what went wrong.", "reason": ""}, follow=True)
    assert "Decided: approve the gesture" in text_of(answer)
    assert Decision.objects.get().words.text == "It fits what went wrong."


def test_a_decision_without_reason_keeps_what_was_typed(client, people):
    entry = gesture(people)
    client.force_login(people.member)
    address = reverse("council:decide", args=[entry.pk, "change_gesture"])
    answer = client.post(address, {"what": "Two weeks", "cost": "2000.50", "reason": ""})
    assert answer.status_code == 422
    assert "Two weeks" in text_of(answer)
    client.post(address, {"what": "Two weeks", "cost": "2000.50", "reason": "Enough"})
    assert Case.objects.get(pk=entry.case_id).gestures.get().cost == 200_050


def test_a_refusal_of_the_rules_stands_at_its_field(client, people):
    entry = help_wanted(people)
    client.force_login(people.member)
    address = reverse("council:decide", args=[entry.pk, "order_action"])
    typed = {"owner": people.colleague.pk, "reason": "Now", "what": "Call them", "due_at": "2026-11-17T09:00"}
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert "This time has passed. By when will it be done?" in text_of(answer)
    answer = client.post(address, {**typed, "due_at": "9999-12-31T09:00"})
    assert (answer.status_code, "This year is too far away" in text_of(answer)) == (422, True)


@pytest.mark.parametrize("kind", ["reassign", "name_sponsor"])
def test_owner_is_offered_neither_as_sponsor_nor_as_new_owner(client, people, kind):
    entry = help_wanted(people)
    client.force_login(people.member)
    address = reverse("council:decide", args=[entry.pk, kind])
    offered = client.get(address).context["form"].fields["owner"].queryset
    assert (people.owner in offered, people.colleague in offered) == (False, True)
    answer = client.post(address, {"owner": people.owner.pk, "reason": "Why not"})
    assert "Choose somebody from the list." in text_of(answer)


def test_a_fragment_sends_the_browser_back_to_the_docket(client, people):
    entry = help_wanted(people)
    client.force_login(people.member)
    address = reverse("council:decide", args=[entry.pk, "back_owner"])
    fragment = client.get(address, headers={"hx-request": "true"})
    assert "<html" not in text_of(fragment)
    answer = client.post(address, {"reason": "Carry on"}, headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, reverse("council:docket"))


def test_an_entry_decided_in_between_says_so(client, people):
    entry = help_wanted(people)
    deciding.decide(escalation=entry, actor=people.chair, kind=DecisionKind.BACK_OWNER, reason="Fine", now=NOON)
    client.force_login(people.member)
    answer = client.get(reverse("council:decide", args=[entry.pk, "back_owner"]), follow=True)
    assert "decided in the meantime" in text_of(answer)


@pytest.mark.parametrize("who", ["owner", "lead", "auditor"])
def test_others_get_no_form(client, people, who):
    entry = help_wanted(people)
    client.force_login(getattr(people, who))
    answer = client.post(reverse("council:decide", args=[entry.pk, "back_owner"]), {"reason": "x"})
    assert (answer.status_code, Decision.objects.count()) == (403, 0)


def test_a_decision_that_does_not_fit_is_not_found(client, people):
    entry = help_wanted(people)
    client.force_login(people.member)
    assert client.get(reverse("council:decide", args=[entry.pk, "grant_waiver"])).status_code == 404


def test_marking_new_cases_as_seen(client, people):
    case, other = builders.case(owner=people.owner), builders.case(owner=people.owner)
    client.force_login(people.member)
    assert f'value="{case.pk}"' in text_of(client.get(reverse("council:docket")))
    answer = client.post(reverse("council:see"), {"case": [case.pk, other.pk, "x", "9" * 19, "9" * 5_000]}, follow=True)
    assert "2 seen." in text_of(answer)
    assert Seen.objects.count() == 2


def test_others_cannot_mark_as_seen(client, people):
    case = builders.case(owner=people.owner)
    client.force_login(people.auditor)
    answer = client.post(reverse("council:see"), {"case": [case.pk]}, follow=True)
    assert "Only members of the council look through new cases." in text_of(answer)
    assert Seen.objects.count() == 0


def asked(people):
    entry = help_wanted(people)
    deciding.decide(escalation=entry, actor=people.member, kind=DecisionKind.SEND_BACK, reason="Which?", now=NOON)
    return Question.objects.get()


def test_the_owner_answers_and_returns_to_the_case(client, people):
    question = asked(people)
    client.force_login(people.owner)
    answer = client.post(reverse("council:answer", args=[question.pk]), {f"q{question.pk}-text": "The northern one"})
    question.refresh_from_db()
    assert (answer.status_code, question.answer.text) == (302, "The northern one")


def test_an_answer_refused_keeps_the_words(client, people):
    question = asked(people)
    client.force_login(people.auditor)
    answer = client.post(reverse("council:answer", args=[question.pk]), {f"q{question.pk}-text": "Let me say"})
    assert answer.status_code == 422
    assert "Let me say" in text_of(answer)


def test_the_log_is_found_by_words_and_number(client, people):
    entry, other = help_wanted(people), help_wanted(people, title="Quite another matter")
    for each, why in ((entry, "Carry on"), (other, "Handled well")):
        deciding.decide(escalation=each, actor=people.member, kind=DecisionKind.BACK_OWNER, reason=why, now=NOON)
    client.force_login(people.colleague)
    address = reverse("council:log")
    assert "Carry on" in text_of(client.get(address, {"q": "carry okafor"}))
    assert "Handled well" not in text_of(client.get(address, {"q": "carry okafor"}))
    assert "Handled well" in text_of(client.get(address, {"q": f"rc-{other.case_id}"}))
    assert "No decision found" in text_of(client.get(address, {"q": "nowhere"}))


def test_the_mandate_is_shown_to_all_staff(client, people):
    builders.case(owner=people.owner)
    text = text_of(page(client, people.colleague, reverse("council:mandate")))
    assert "CHF 20,000" in text
    assert "4 working hours" in text
    assert "Vera Lindt" in text


def test_the_brief_puts_the_case_on_one_page(client, people):
    entry = gesture(people)
    case = builders.ready_to_offer(Case.objects.get(pk=entry.case_id), now=NOON)
    text = text_of(page(client, people.chair, reverse("council:brief", args=[case.pk])))
    for words in ("This is the third time this year.", "Forty housings by Friday noon.", "It is so.", "One month"):
        assert words in text
    assert "CHF 1,284,000" in text


def test_the_brief_of_a_confidential_case_is_not_found_by_others(client, people):
    case = builders.case(owner=people.owner, about_person=True)
    assert page(client, builders.user(), reverse("council:brief", args=[case.pk])).status_code == 404


def test_the_slot_costs_two_statements(rf, people, django_assert_num_queries):
    from django.template import Context, Template

    question = asked(people)
    case = Case.objects.select_related("owner").get(pk=question.decision.case_id)
    request = rf.get("/")
    request.user = people.owner
    slot = Template("{% load council_slot %}{% council_slot case %}")
    with django_assert_num_queries(2):
        shown = slot.render(Context({"case": case, "request": request, "now": NOON}))
    assert "Which?" in shown
    assert reverse("council:answer", args=[question.pk]) in shown
    asking.answer(question=question, actor=people.owner, text="That one", now=NOON + HOUR)
    deciding.decide(
        escalation=question.escalation, actor=people.chair, kind=DecisionKind.BACK_OWNER, reason="Good", now=NOON + HOUR
    )
    assert "That one" in slot.render(Context({"case": case, "request": request, "now": NOON}))


def test_the_slot_offers_to_mark_the_case_as_seen(rf, people):
    from django.template import Context, Template

    case = builders.case(owner=people.owner)
    request = rf.get("/")
    request.user = people.member
    slot = Template("{% load council_slot %}{% council_slot case %}")
    assert "Seen by the council" in slot.render(Context({"case": case, "request": request, "now": NOON}))
    seeing.see(cases=[case], actor=people.member, now=NOON)
    case.refresh_from_db()
    assert "Seen by the council" not in slot.render(Context({"case": case, "request": request, "now": NOON}))


def test_a_missed_step_says_by_how_much_and_once_done_proposes_to_back_the_owner(client, people, clock):
    case = builders.case(owner=people.owner)
    clock.move_to(NOON + 5 * HOUR)
    escalation.escalate(case=case, reason=EscalationReason.OVERDUE, ref=1, now=NOON + 5 * HOUR)
    assert "Acknowledge is not done, late by 1 h." in text_of(page(client, people.member, reverse("council:docket")))
    builders.acknowledged(case, now=NOON + 5 * HOUR)
    text = text_of(client.get(reverse("council:docket")))
    assert "Acknowledge was late and is done since." in text
    assert text.index("/decide/back_owner/") < text.index("/decide/name_sponsor/")


def test_a_step_late_after_the_confirmation_is_not_called_done(client, people, clock):
    case = builders.case(owner=people.owner)
    Case.objects.update(state=CaseState.RESOLVED)
    clock.move_to(NOON + 300 * HOUR)
    escalation.escalate(case=case, reason=EscalationReason.OVERDUE, ref=5, now=NOON + 300 * HOUR)
    text = text_of(page(client, people.member, reverse("council:docket")))
    assert "Root cause is not done" in text
    assert "done since" not in text
