"""Personal tokens of the API: 256 random bits, shown once, only the hash stored, revocable, gone with the person.

A token stands for one person and can do at most what that person can. It does not weaken the second factor: a role that
must use one has to have it set up both when a token is made and whenever it is used.
"""

import hashlib
import secrets
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import admin_log
from accounts.models import ApiToken, Role, User
from accounts.people import Refused

PREFIX = "goldseam_"  # so that a token is recognised where it does not belong
MOST = 20
SHOWN = 500
NOTED_EVERY = timedelta(minutes=5)
NEEDS_FACTOR = "Your role needs a second factor. Set it up under Your settings; then this token works."


@transaction.atomic
def make(
    *, user: User, name: str, reads_only: bool, expires_on: date | None, by_company: bool, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token; return its row and the token itself, which nobody can show again.

    It works until the end of `expires_on` where `user` is. Somebody who only reads gets one that only reads. Raise
    `Refused` without a name, for a day that is over, or beyond 20 that work.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _check(user, name, expires_on, now)
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        token_hash=_hash(token),
        reads_only=reads_only or user.only_reads,
        by_company=by_company,
        made_at=now,
        expires_at=_end_of(expires_on, user),
    )
    _record("token_made", row, user, now)
    return row, token


@transaction.atomic
def revoke(*, token: ApiToken, actor: User, now: datetime) -> None:
    """End a token at once: one's own, or anybody's for an administrator. Raise `Refused` if it has ended already."""
    if token.user_id != actor.pk and not actor.has_role(Role.ADMIN):
        raise Refused("Only its owner or an administrator ends a token.")
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        raise Refused("This token has been revoked already.")
    _record("token_revoked", token, actor, now)


def find(*, token: str, now: datetime) -> ApiToken | None:
    """Return the row of a token that works, with its person; None for every other, whatever is wrong with it.

    One statement. When it was used last is noted at most every five minutes.
    """
    row = ApiToken.objects.select_related("user__team").filter(token_hash=_hash(token)).first()
    if row is None or not row.works_at(now) or not row.user.is_active or row.user.left_at is not None:
        return None
    if row.used_at is None or now - row.used_at >= NOTED_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(used_at=now)
    return row


def lacks_second_factor(row: ApiToken) -> bool:
    """Tell whether the person's role must use a second factor and there is none behind this token."""
    if not row.user.has_role(*settings.SECOND_FACTOR_ROLES):
        return False
    return not (settings.OIDC_SECOND_FACTOR and row.by_company) and not is_mfa_enabled(row.user)


def of(user: User) -> QuerySet[ApiToken]:
    """Return somebody's tokens that have not been revoked, newest first."""
    return ApiToken.objects.filter(user=user, revoked_at=None)


def of_everybody() -> QuerySet[ApiToken]:
    """Return all tokens that have not been revoked, newest first, with their people."""
    return ApiToken.objects.filter(revoked_at=None).select_related("user")


def _check(user: User, name: str, expires_on: date | None, now: datetime) -> None:
    if not name.strip():
        raise Refused("Name what will use it, so that you know later which one to revoke.", field="name")
    if expires_on is not None and expires_on < now.astimezone(ZoneInfo(user.zone)).date():
        raise Refused("This day is over. Choose a later one, or leave it empty.", field="expires_on")
    working = of(user).filter(Q(expires_at=None) | Q(expires_at__gt=now))
    if working.count() >= MOST:
        raise Refused(f"You have {MOST} tokens that work. Revoke one you no longer use.")


def _end_of(on: date | None, user: User) -> datetime | None:
    return datetime.combine(on + timedelta(days=1), time.min, ZoneInfo(user.zone)) if on else None


def _record(kind: str, row: ApiToken, actor: User, now: datetime) -> None:
    facts = {"person": row.user_id, "token": row.pk, "name": row.name}
    admin_log.record(actor=actor, kind=kind, facts=facts, now=now)


def _hash(token: str) -> str:
    # A token comes from a header and may hold anything: whatever cannot be encoded is simply unknown.
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
