"""What somebody has typed and not yet sent, kept per person and form: nothing typed is lost."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.facts import clean_facts
from accounts.models import Draft, User


@transaction.atomic
def keep(*, user: User, key: str, body: dict, now: datetime) -> Draft:
    """Store `body` (field name to text or list of texts) as what `user` last typed into the form `key`.

    The revision rises by one each time, so that a page can tell whether another window has typed since.
    """
    fresh = {"body": clean_facts(body), "saved_at": now}
    draft, created = Draft.objects.get_or_create(user=user, key=key, defaults=fresh)
    if not created:
        Draft.objects.filter(pk=draft.pk).update(rev=F("rev") + 1, **fresh)
        draft.refresh_from_db()
    return draft


def draft_of(user: User, key: str) -> dict:
    """Return what `user` last typed into the form `key`; empty when nothing is waiting."""
    body = Draft.objects.filter(user=user, key=key).values_list("body", flat=True).first()
    return body or {}


def drop(*, user: User, key: str) -> None:
    """Forget the draft of `user` for `key`: the form was sent, or thrown away on purpose."""
    Draft.objects.filter(user=user, key=key).delete()
