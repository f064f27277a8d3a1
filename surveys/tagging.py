"""Tags set by hand on what customers wrote, so that it can be found and counted."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.text import clean
from cases import access
from cases.refusals import Refused
from surveys.models import Answer, AnswerTag

MOST_TAGS = 8
LONGEST = 40


@transaction.atomic
def add(*, answer: Answer, name: str, actor: User, now: datetime) -> AnswerTag:
    """Set a tag; the same one twice changes nothing. Raise `Refused` for an empty or long one, and for the ninth."""
    word = " ".join(clean(name).casefold().split())
    if not access.may_log(actor):
        raise Refused("You may read this answer. Tags are set by those who work on cases.")
    if not word:
        raise Refused("Write a word or two.", field="name")
    if len(word) > LONGEST:
        raise Refused(f"A tag has at most {LONGEST} characters.", field="name")
    known = AnswerTag.objects.filter(answer=answer)
    if known.count() >= MOST_TAGS and not known.filter(name=word).exists():
        raise Refused(f"An answer has at most {MOST_TAGS} tags. Take one away first.", field="name")
    return AnswerTag.objects.get_or_create(answer=answer, name=word, defaults={"by": actor, "at": now})[0]


@transaction.atomic
def remove(*, answer: Answer, name: str, actor: User) -> None:
    """Take a tag away. Raise `Refused` for those who only read."""
    if not access.may_log(actor):
        raise Refused("You may read this answer. Tags are set by those who work on cases.")
    AnswerTag.objects.filter(answer=answer, name=clean(name)).delete()
