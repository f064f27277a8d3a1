"""Causes of the demonstration: found on the first case of their kind, serving the others."""

from datetime import datetime, timedelta

from accounts.models import User
from cases import actions
from cases.enums import ActionKind, CauseState, ExposureState, StepNumber, WhyChain
from cases.models import Action, CaseCause, Cause, CauseKind, Change, Exposure, Link
from cases.plan import current_steps
from cases.steps import institutionalize, learnings, root_cause
from recovery.demo.cause_stories import CAUSES, CauseStory
from recovery.demo.play import Play

PLANTS = ("Winterthur", "Graz", "Brno", "Tampere", "Leeds")
RECURRENCES = 2


class Causes:
    """The causes found so far, by the name the stories use; a mended one seldom strikes again."""

    def __init__(self, owner: User, checker: User) -> None:
        self.owner, self.checker = owner, checker
        self.found: dict[str, Cause] = {}
        self.mended: dict[str, int] = {}
        self.recurrences = 0

    def link(self, play: Play, now: datetime) -> None:
        """Put the case under its cause; the first one starts the search."""
        name = play.story.cause
        story = CAUSES[name]
        known = self._standing(name)
        place = PLANTS[self.mended.get(name, 0) % len(PLANTS)]
        cause = root_cause.link(
            case=play.case,
            actor=self.owner,
            now=now,
            cause=known,
            title=f"{story.title} ({place})",
            reason="It failed in the same way, at the same place." if known else "",
        )
        if known is None:
            self.found[name] = cause
            cause.links.set(Link.objects.filter(name=story.link))
            self._search(play, cause, story, now)

    def _standing(self, name: str) -> Cause | None:
        """Return the cause still being worked on; a mended one only for the few recurrences."""
        known = self.found.get(name)
        if known is None or not Change.objects.filter(cause=known).exists():
            return known
        if self.recurrences < RECURRENCES:
            self.recurrences += 1
            return known
        del self.found[name]
        self.mended[name] = self.mended.get(name, 0) + 1
        return None

    def _search(self, play: Play, cause: Cause, story: CauseStory, now: datetime) -> None:
        for chain, answers in ((WhyChain.OCCURRENCE, story.occurrence), (WhyChain.ESCAPE, story.escape)):
            root_cause.write_whys(case=play.case, cause=cause, actor=self.owner, chain=chain, answers=answers, now=now)
        actions.plan_action(
            case=play.case,
            cause=cause,
            actor=self.owner,
            kind=ActionKind.CORRECTIVE,
            text=story.action,
            owner=self.owner,
            due_at=now + timedelta(days=12),
            now=now,
        )
        root_cause.plan_check(
            case=play.case,
            cause=cause,
            actor=self.owner,
            criterion=story.criterion,
            due_at=now + timedelta(days=75),
            checker=self.checker,
            now=now,
        )

    def prove(self, play: Play, now: datetime) -> None:
        """Say how we know, once."""
        cause, story = self._of(play)
        if cause is None or cause.state == CauseState.PROVED:
            return
        kind = CauseKind.objects.get(name=story.kind)
        root_cause.prove(cause=cause, case=play.case, actor=self.owner, kind=kind, proof=story.proof, now=now)

    def sweep(self, play: Play, now: datetime) -> None:
        """Look at everybody who shares a link with the cause, and close the sweep."""
        cause, _ = self._of(play)
        if cause is None or not current_steps(play.case)[StepNumber.LEARNINGS].is_open:
            return
        learnings.sweep(case=play.case, cause=cause, actor=self.owner, now=now)
        waiting = Exposure.objects.filter(cause=cause, state=ExposureState.OPEN).order_by("pk")
        for place, exposure in enumerate(waiting):
            state = ExposureState.TOLD if place % 4 == 0 else ExposureState.SAFE
            note = (
                "Rang them and told them what to look for." if place % 4 == 0 else "Nothing of theirs was shipped so."
            )
            learnings.mark(exposure=exposure, case=play.case, actor=self.owner, state=state, note=note, now=now)
        learnings.complete(case=play.case, cause=cause, actor=self.owner, now=now)

    def change(self, play: Play, now: datetime) -> None:
        """Finish the corrective action, adopt the change, and tell the customer."""
        cause, story = self._of(play)
        if cause is None or not current_steps(play.case)[StepNumber.INSTITUTIONALIZE].is_open:
            return
        for action in Action.objects.filter(cause=cause, done_at=None):
            actions.finish_action(action=action, actor=self.owner, now=now)
        if not Change.objects.filter(cause=cause).exists():
            adoption = institutionalize.Adoption(story.change, story.where, self.owner, now.date())
            institutionalize.adopt(case=play.case, actor=self.owner, adoption=adoption, now=now)
        text = f"We looked for the reason and found it: {story.title[0].lower()}{story.title[1:]}."
        institutionalize.tell(case=play.case, actor=play.owner, text=text, now=now)

    def _of(self, play: Play) -> tuple[Cause | None, CauseStory]:
        link = CaseCause.objects.filter(case=play.case).select_related("cause").first()
        return (link.cause if link else None), CAUSES[play.story.cause]
