"""Every measure there is, by its name in the address."""

from council.figures import about_cases as cases
from council.figures import about_work as work
from council.figures import value
from council.figures.measures import Measure

IN_TIME = (cases.in_time("told", goal=95), cases.in_time("safe", goal=90), cases.in_time("right", goal=90))
TIMES = tuple(cases.time_to(stage) for stage in cases.STAGES)
ENDINGS = (cases.ENDINGS, cases.REOPENED)
SATISFIED = cases.mark(
    "satisfied", "Satisfied with how it was put right", "Are you satisfied with how it was put right?"
)
HEARD = cases.mark("heard", "Felt heard and taken seriously", "Did you feel heard and taken seriously?")
EASY = cases.mark("easy", "We made it easy", "How easy did we make it for you?")
TRUST = cases.mark(
    "trust", "Trust that it will not happen again", "Do you trust that it will not happen again?", "trusted_at"
)
VOICES = (SATISFIED, HEARD, EASY, TRUST, cases.RECOMMEND, cases.RESPONSE)
WORK = (work.PROMISES, cases.FOUND, cases.LOGGED, cases.PAUSED, work.WAIVERS, work.ASIDE)
FLOW = (cases.RECEIVED, cases.AGAIN, cases.CONFIRMED, cases.CLOSED)
RECURRENCE = (work.recurrence(90), work.recurrence(180))
LEARNING = (*RECURRENCE, work.CHECKS, work.EXPOSURES, work.CHANGES)
MEASURES: dict[str, Measure] = {
    measure.slug: measure
    for group in (IN_TIME, TIMES, ENDINGS, VOICES, WORK, FLOW, (cases.OPEN,), LEARNING, value.MEASURES)
    for measure in group
}
