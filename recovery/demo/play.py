"""One complaint of the demonstration, act by act, through the product's own verbs at the moments they happened."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from cases import actions, discovery, entries, facts, intake, pausing, promises
from cases.enums import (
    ActionKind,
    Channel,
    DiscoveryAnswer,
    EntryKind,
    Fault,
    GestureKind,
    OfferAnswer,
    PromiseForm,
    PromiseKind,
    PromiseState,
    Severity,
    Side,
    StepNumber,
)
from cases.models import Case, Category, Confirmation, Customer, Gesture, Promise
from cases.refusals import Refused
from cases.steps import acknowledge, contain, go_beyond, resolve, waiver
from recovery.demo.stories import Story

Act = Callable[[datetime], None]
ANSWERS = (DiscoveryAnswer.YES, DiscoveryAnswer.YES, DiscoveryAnswer.PARTLY)


@dataclass
class Play:
    """A complaint of one customer and how it went: `course` names what is special about it."""

    story: Story
    customer: Customer
    owner: User
    quality: User
    severity: Severity
    course: str
    chance: Random
    received_at: datetime
    case: Case | None = field(default=None)

    @property
    def contact(self):
        """The person at the customer who told us."""
        return self.case.reporter

    def open(self, now: datetime) -> None:
        """Log the complaint, some minutes after it was heard."""
        story = self.story
        complaint = intake.Complaint(
            customer=self.customer,
            reporter=self.customer.contacts.order_by("pk").first(),
            channel=Channel(story.channel),
            title=story.title,
            text=story.text,
            remedy=story.remedy if self.course != "untouched" else None,
            received_at=self.received_at,
            severity=self.severity,
            category=Category.objects.get(name=story.category),
            competitor="Brunner Guss" if self.severity == Severity.CRITICAL else "",
            public_exposure=story.channel == "social",
            links=list(self.customer.links.all()),
        )
        self.case = intake.open_case(complaint=complaint, actor=self.owner, owner=self.owner, now=now)

    def acknowledge(self, now: datetime) -> None:
        """Call them, own it, and promise when they hear next."""
        said = acknowledge.Acknowledgement(
            means=EntryKind.CALL,
            contact=self.contact,
            text=self.story.said,
            promise=self.story.promise,
            promise_due_at=now + timedelta(hours=30),
            at=now,
            minutes=self.chance.randrange(4, 25),
            fault=Fault.OURS,
        )
        acknowledge.acknowledge(case=self.case, actor=self.owner, said=said, now=now)

    def contain(self, now: datetime) -> None:
        """Stop it from getting worse, have it checked, and tell them."""
        action = actions.plan_action(
            case=self.case,
            actor=self.owner,
            kind=ActionKind.CONTAINMENT,
            text=self.story.contain,
            owner=self.owner,
            due_at=now + timedelta(hours=3),
            now=now,
        )
        actions.finish_action(action=action, actor=self.owner, now=now)
        actions.check_action(action=action, actor=self.quality, now=now)
        contain.contained(
            case=self.case,
            actor=self.owner,
            told_by=EntryKind.CALL,
            contact=self.contact,
            text=f"Told them: {self.story.contain[0].lower()}{self.story.contain[1:]}.",
            now=now,
        )

    def look_into_it(self, now: datetime) -> None:
        """Write down the gap, the facts of both sides, what had been promised, and the seven answers."""
        story, case, actor = self.story, self.case, self.owner
        texts = {"expected": story.expected, "promised": story.promised, "delivered": story.delivered}
        facts.write_gap(
            case=case, actor=actor, texts=texts, promised_where="order", in_writing=True, valid=True, now=now
        )
        for side, text in ((Side.THEIRS, story.theirs), (Side.OURS, story.ours)):
            source = "what they sent us" if side == Side.THEIRS else "our own records"
            facts.add_fact(case=case, actor=actor, side=side, text=text, source=source, verified=True, now=now)
        promises.make_promise(
            case=case,
            actor=actor,
            kind=PromiseKind.ORIGINAL,
            text=story.promised,
            due_at=None,
            form=PromiseForm.WRITTEN,
            unambiguous=True,
            achievable=self.chance.random() < 0.6,
            now=now,
        )
        answers = {question: self.chance.choice(ANSWERS) for question in discovery.QUESTIONS}
        discovery.answer_all(case=case, actor=actor, answers=answers, now=now)

    def keep_promise(self, now: datetime) -> None:
        """Mark the first recovery promise as kept, or as broken where the course says so."""
        pending = Promise.objects.filter(case=self.case, kind=PromiseKind.RECOVERY, state=PromiseState.PENDING)
        state = PromiseState.BROKEN if self.course == "broken" else PromiseState.KEPT
        for promise in pending:
            promises.settle_promise(promise=promise, actor=self.owner, state=state, now=now)

    def hear(self, now: datetime) -> None:
        """Write down a word of theirs that came in between."""
        self._called("Asked how far we are. I told them what is done and what comes next.", now)

    def _called(self, text: str, now: datetime) -> None:
        about = {"case": self.case, "actor": self.owner, "contact": self.contact}
        entries.add_entry(kind=EntryKind.CALL, side=Side.THEIRS, text=text, now=now, **about)

    def ask_back(self, now: datetime) -> None:
        """Ask what only they can tell, and let our clock for the fix stand until they do."""
        question = entries.add_entry(
            case=self.case,
            actor=self.owner,
            kind=EntryKind.EMAIL,
            contact=self.contact,
            subject="One question before we start",
            text="Before we replace anything: may we collect what you have set aside, and from which gate? Please tell "
            "us also which of the two dates fits your line better. We start on the day you name.",
            now=now,
        )
        pausing.pause(
            case=self.case,
            actor=self.owner,
            steps=[StepNumber.RESOLVE],
            question=question,
            reason="Without their gate and their date we cannot plan the truck.",
            until_at=pausing.may_grant_alone(self.case, now),
            now=now,
        )

    def answer_back(self, now: datetime) -> None:
        """Write their answer down, which lets our clock run again."""
        self._called("Gate 3, any day from Wednesday. The earlier of the two dates suits them.", now)

    def offer(self, now: datetime) -> None:
        """Offer what we will do."""
        resolve.offer(case=self.case, actor=self.owner, text=self.story.offer, now=now, send=True, subject="Our offer")

    def accepted(self, now: datetime) -> None:
        """Write down that they accept the offer."""
        offer = resolve.latest_offer(self.case)
        if offer is None:
            raise Refused("Nothing was offered.")
        resolve.answer_offer(
            offer=offer, actor=self.owner, answer=OfferAnswer.ACCEPTED, text="Agreed. Please go ahead.", now=now
        )

    def carry_out(self, now: datetime) -> None:
        """Say what was done, and ask whether it is put right."""
        resolve.carry_out(case=self.case, actor=self.owner, text=self.story.result, by=self.owner.name, at=now, now=now)
        resolve.ask(case=self.case, actor=self.owner, now=now)

    def say_yes(self, now: datetime) -> None:
        """Let the customer say yes on their page."""
        waiting = self._question()
        resolve.confirm(confirmation=waiting, yes=True, text="", now=now)

    def say_not_yet(self, now: datetime) -> None:
        """Let the customer say what is missing."""
        waiting = self._question()
        resolve.confirm(
            confirmation=waiting,
            yes=False,
            text="Thank you, but one part is still missing. Look again, please.",
            now=now,
        )

    def _question(self) -> Confirmation:
        waiting = resolve.waiting_confirmation(self.case)
        if waiting is None:
            raise Refused("They were not asked.")
        return waiting

    def give(self, now: datetime) -> None:
        """Propose the gesture; a large one goes to the council."""
        cost = 450_000 if self.course == "gesture" else self.chance.randrange(10, 90) * 1_000
        go_beyond.propose(
            case=self.case,
            actor=self.owner,
            kind=GestureKind(self.story.kind),
            what=self.story.gesture,
            why=self.story.why,
            cost=cost,
            currency=self.customer.currency,
            now=now,
        )

    def deliver(self, now: datetime) -> None:
        """Deliver the gesture if it was approved."""
        gesture = Gesture.objects.filter(case=self.case, state="approved").first()
        if gesture is not None:
            go_beyond.deliver(gesture=gesture, actor=self.owner, text="Handed over in person.", now=now)

    def ask_waiver(self, now: datetime) -> None:
        """Propose to leave the gesture out of a small matter."""
        waiver.propose(
            case=self.case, actor=self.owner, number=4, reason="A small matter, put right the same day.", now=now
        )
