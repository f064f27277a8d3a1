"""Some months at Alder Castings, played hour by hour: acts in their order, sweeps in between, as the house runs."""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random

from accounts.models import User
from cases import chasing, check_ins, entries, heeding, promises, reminding, worktime
from cases.defaults import OFFICE_HOURS
from cases.enums import DueKind, EntryKind, Severity
from cases.models import Case, CheckIn, Customer, Due, Escalation, Gesture
from cases.refusals import Refused
from cases.steps import go_beyond, waiver
from council import deciding, ranking, seeing, sweep
from council.models import DecisionKind
from mail.models import Message, MessageState, Notice, Recipient
from recovery.demo import books
from recovery.demo.causes import Causes
from recovery.demo.play import Play
from recovery.demo.stories import STORIES
from surveys import answering, inviting, judging
from surveys import reminding as survey_reminding
from surveys.models import Invitation, InvitationState

HOUR_S = 3600
OFFICE = worktime.Calendar.from_facts(OFFICE_HOURS)
OLDEST_H, RECENT_H = 720, 44  # working hours: some four months, and the last week
RECENT_SHARE = 0.44
SWEEP_EVERY_H = 9
WORDS = (
    "It took one call too many, but then it went fast.",
    "Thank you for being honest about the date.",
    "Show me what changes with the carrier.",
    "Good in the end. The person on the phone made the difference.",
    "",
    "",
)
BACKED = (
    "You have it in hand. Carry on; I stand behind you.",
    "Late, but the plan is right. Tell them today how far you are.",
    "I have read it all. No need for us to step in.",
    "Good that you called them first. Keep the date you gave.",
    "Enough is being done. Let me know if they do not accept it.",
)
HOLDS = (
    "Yes, it holds. No delivery has been short since.",
    "It holds. The new label helps our people at the gate.",
    "So far so good. Ring me again in a month.",
    "All in order. We noticed that somebody looks before it leaves your house.",
)
ASKED_FOR = {
    "gesture": (DecisionKind.APPROVE_GESTURE, "It fits, and it is small against what is at stake."),
    "silent": (DecisionKind.ACCEPT_SILENCE, "Asked three times and rung. We stay reachable."),
}
BAD_WORDS = ("Nobody told me what changed.", "The same thing happened again on Monday.", "I had to ask three times.")
SURE = ("good", "gesture", "broken", "refused", "low", "late")


class Season:
    """The cases of the demonstration between their first moment and now."""

    def __init__(self, people: dict[str, User], customers: list[Customer], *, now: datetime, chance: Random) -> None:
        self.people, self.customers, self.now, self.chance = people, customers, now, chance
        self.causes = Causes(people["quality"], people["council"])
        self.queue: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.refusals: list[str] = []
        self._order = count()

    def run(self, cases: int) -> None:
        """Play `cases` complaints; what would come after now does not happen."""
        for place in range(cases):
            self._stage(place, cases)
        sweeps = self._sweep_moments()
        next_sweep = next(sweeps, None)
        while self.queue:
            moment, _, act = heapq.heappop(self.queue)
            while next_sweep is not None and next_sweep <= moment:
                self._sweep(next_sweep)
                next_sweep = next(sweeps, None)
            self._do(act, moment)
        self._sweep(self.now)
        self._tidy()

    def _stage(self, place: int, cases: int) -> None:
        recent = place >= cases * (1 - RECENT_SHARE)
        course = self._course(place, recent)
        youngest, oldest = (0.3, RECENT_H) if recent else (RECENT_H, OLDEST_H)
        hours = self.chance.uniform(*((12, 16) if course == "waits" else (youngest, oldest)))
        customer = self.customers[place % len(self.customers)]
        if recent and place % 3 == 0:
            customer = self.customers[place % 7]
        play = Play(
            story=STORIES[(place * 5 + place // len(STORIES)) % len(STORIES)],
            customer=customer,
            owner=customer.account_manager,
            quality=self.people["quality"],
            severity=self._severity(place),
            course=course,
            chance=self.chance,
            received_at=worktime.subtract(OFFICE, self.now, hours * HOUR_S),
        )
        for offset, act in self._acts(play):
            self._at(worktime.add(OFFICE, play.received_at, offset * HOUR_S), act)

    def _severity(self, place: int) -> Severity:
        order = (Severity.NORMAL, Severity.HIGH, Severity.NORMAL, Severity.LOW, Severity.NORMAL, Severity.CRITICAL)
        return order[place % len(order)]

    def _course(self, place: int, recent: bool) -> str:
        """Return what is special about a case. Nothing lies untouched for weeks: the chase would not let it."""
        special = {3: "late", 6: "refused", 9: "low", 11: "waits", 13: "silent", 16: "gesture", 19: "broken"}
        course = {**special, 22: "untouched"}.get(place % 24, "good")
        return {"untouched": "late", "waits": "waited"}.get(course, course) if not recent else course

    def _acts(self, play: Play) -> Iterator[tuple[float, Callable[[datetime], None]]]:
        """Yield what happens and when, in working hours after receipt."""
        quick = {Severity.CRITICAL: 0.6, Severity.HIGH: 1.2, Severity.NORMAL: 2.6, Severity.LOW: 5.5}[play.severity]
        yield 0.2, play.open
        if play.course == "untouched":
            return
        late = 2.4 if play.course == "late" else self.chance.uniform(0.5, 0.95)
        yield quick * late, play.acknowledge
        critical = play.severity == Severity.CRITICAL
        base = 1.4 if critical else quick * late + 1.5
        yield base + 1, play.contain
        yield base + 2, play.look_into_it
        if play.course in ("waits", "waited"):
            yield base + 2.5, play.ask_back
            if play.course == "waits":
                return
            base += 6
            yield base + 2, play.answer_back
        yield base + 3, play.offer
        yield base + 4.5, play.hear
        yield base + 5, play.accepted
        yield base + 6, lambda now: self._look(play, now)
        yield base + 9, play.keep_promise
        yield from self._put_right(play, base + (7 if critical else 12))
        yield from self._learn(play, base + 14)

    def _put_right(self, play: Play, start: float) -> Iterator[tuple[float, Callable[[datetime], None]]]:
        yield start, play.carry_out
        if play.severity == Severity.LOW:
            yield start - 2, play.ask_waiver
            yield start + 3, lambda now: self._grant(play, now)
        else:
            yield start - 2, play.give
            yield start + 4, play.deliver
        if play.course == "silent":
            return
        answered = start + self.chance.uniform(3, 14)
        if play.course == "refused":
            yield answered, play.say_not_yet
            yield answered + 2, play.offer
            yield answered + 9, play.carry_out
            answered += 14
        yield answered, play.say_yes
        yield answered + 30, lambda now: self._answer(play, now)
        if play.course == "low":
            yield answered + 31, play.acknowledge
            yield answered + 36, play.keep_promise
            yield answered + 37, play.offer
            yield answered + 45, play.carry_out
            yield answered + 52, play.say_yes
            yield answered + 82, lambda now: self._answer(play, now, good=True)

    def _learn(self, play: Play, start: float) -> Iterator[tuple[float, Callable[[datetime], None]]]:
        yield start, lambda now: self.causes.link(play, now)
        yield start + 12, lambda now: self.causes.prove(play, now)
        yield start + 20, lambda now: self.causes.sweep(play, now)
        yield start + 42, lambda now: self.causes.change(play, now)

    def _at(self, moment: datetime, act: Callable[[datetime], None]) -> None:
        if moment <= self.now:
            heapq.heappush(self.queue, (moment, next(self._order), act))

    def _do(self, act: Callable[[datetime], None], moment: datetime) -> None:
        try:
            act(moment)
        except Refused as refusal:
            # In life somebody would read it; here it is counted, and a test wants to see none.
            self.refusals.append(f"{getattr(act, '__qualname__', act)}: {refusal.message}")

    def _look(self, play: Play, now: datetime) -> None:
        seeing.see(cases=[play.case], actor=self.people["council.two"], now=now)

    def _sit(self, now: datetime) -> None:
        """Let the chair decide what has lain on the docket for a day, as its reason asks."""
        since = worktime.subtract(OFFICE, now, 6 * HOUR_S)
        waiting = Escalation.objects.filter(decided_at=None, opened_at__lt=since).exclude(reason="waiver")
        for entry in waiting.order_by("pk"):
            backed = DecisionKind.BACK_OWNER, BACKED[entry.pk % len(BACKED)]
            kind, reason = ASKED_FOR.get(entry.reason, backed)
            if entry.reason == "silent":
                self._ring(entry.case, now)
            deciding.decide(escalation=entry, actor=self.people["chair"], kind=kind, reason=reason, now=now)

    def _ring(self, case: Case, now: datetime) -> None:
        """Let the owner try once more before silence counts."""
        text = "Rang twice, nobody answered. Left a message with my number."
        entries.add_entry(case=case, actor=case.owner, kind=EntryKind.CALL, contact=case.confirmer, text=text, now=now)

    def _check_in(self, now: datetime) -> None:
        """Let each owner ring whoever confirmed a month, two or three ago."""
        due = Due.objects.filter(kind=DueKind.CHECK_IN, closed_at=None, due_at__lt=now)
        for check in CheckIn.objects.filter(pk__in=due.values("ref")).select_related("case", "case__reporter"):
            said = check_ins.Said(good=True, trust=self.chance.choice((3, 4, 4, 5, 5)), text=self.chance.choice(HOLDS))
            talk = check_ins.Talk(EntryKind.CALL, check.case.reporter, at=now, minutes=self.chance.randrange(3, 12))
            check_ins.check_in(check=check, actor=check.case.owner, talk=talk, said=said, now=now)

    def _hand_over(self, now: datetime) -> None:
        """Let what the council has approved reach the customer."""
        for gesture in Gesture.objects.filter(state="approved", case__state="open").select_related("case__owner"):
            text = "Handed over in person, with a word of thanks for their patience."
            go_beyond.deliver(gesture=gesture, actor=gesture.case.owner, text=text, now=now)

    def _grant(self, play: Play, now: datetime) -> None:
        lead = self.people["lead" if play.case.team.name == "North" else "lead.south"]
        waiver.grant(case=play.case, actor=lead, number=4, now=now)

    def _answer(self, play: Play, now: datetime, *, good: bool = False) -> None:
        invitation = Invitation.objects.filter(case=play.case, state=InvitationState.SENT).order_by("-round").first()
        if invitation is None or (play.course == "good" and self.chance.random() < 0.15):
            return
        low = play.course == "low" and not good
        marks = {
            name: self.chance.choice((1, 2, 2) if low else (3, 4, 4, 5, 5)) for name in ("satisfied", "heard", "easy")
        }
        marks["recommend"] = self.chance.choice((2, 4, 5) if low else (6, 7, 8, 9, 9, 10))
        text = self.chance.choice(BAD_WORDS if low else WORDS)
        answering.send(invitation=invitation, marks=marks, text=text, now=now)

    def _sweep_moments(self) -> Iterator[datetime]:
        moment = worktime.subtract(OFFICE, self.now, OLDEST_H * HOUR_S)
        while moment < self.now:
            yield moment
            moment = worktime.add(OFFICE, moment, SWEEP_EVERY_H * HOUR_S)

    def _sweep(self, now: datetime) -> None:
        self._post(now)
        heeding.heed_mail(now)
        chasing.chase_due(now)
        reminding.remind_due(now)
        promises.break_overdue(now)
        inviting.invite_due(now)
        survey_reminding.remind_due(now)
        judging.judge_due(now)
        sweep.see_due(now)
        if now < self.now:
            self._sit(now)
            self._check_in(now)
            self._hand_over(now)

    def _post(self, now: datetime) -> None:
        """Let letters of the past count as arrived, without a mail server."""
        leaving = Message.objects.filter(state=MessageState.QUEUED, send_at__lte=now)
        Recipient.objects.filter(message__in=leaving).update(state=Recipient.State.ACCEPTED)
        leaving.update(state=MessageState.SENT, sent_at=now, attempts=1)

    def _tidy(self) -> None:
        """Leave the desk as somebody finds it in the morning: old notices read."""
        Notice.objects.filter(at__lt=self.now - timedelta(days=2)).update(read_at=self.now)
        self.refusals += [reason for _, reason in books.read_in(self.customers, self.now).refused]
        ranking.rank_docket(self.now)
