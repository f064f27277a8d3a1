"""Who asks: a person, by a token of theirs in the header `Authorization: Bearer …`. Cookies open nothing here."""

from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from accounts import tokens
from accounts.middleware import zone_of
from accounts.models import ApiToken, User

UNKNOWN = "This token is unknown, expired or revoked. Make a new one under Your settings."
READS_ONLY = "This token only reads. Make one that may write, if that is what you want."


class Bearer(BaseAuthentication):
    """Finds the person behind a token; from then on moments without a zone are read in theirs."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the person and the token, None where none was sent. One statement; one more where a factor is due."""
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = tokens.find(token=given.strip(), now=timezone.now())
        if token is None:
            raise AuthenticationFailed(UNKNOWN)
        if tokens.lacks_second_factor(token):
            raise PermissionDenied(tokens.NEEDS_FACTOR)
        request._request.user = token.user
        timezone.activate(zone_of(request._request))  # taken back by `accounts.middleware.readers_zone`
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Say how to come in."""
        return 'Bearer realm="Goldseam"'


class MayAsk(BasePermission):
    """Lets in whoever came with a token, and lets a token that only reads do nothing else."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether this token may ask this."""
        if not isinstance(request.auth, ApiToken):
            return False
        self.message = READS_ONLY
        return request.method in SAFE_METHODS or not request.auth.reads_only


class _Rate(SimpleRateThrottle):
    """So many requests a minute for each token, counted in the cache that all processes share."""

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """Return under which name this token is counted; None where this rate does not count it."""
        return f"api-{self.scope}-{request.auth.pk}" if self.counts(request) else None

    def counts(self, request: Request) -> bool:
        """Tell whether this rate is about such a request."""
        return isinstance(request.auth, ApiToken)


class Asking(_Rate):
    """How often a token may ask anything."""

    scope = "asking"


class Writing(_Rate):
    """How often a token may write."""

    scope = "writing"

    def counts(self, request: Request) -> bool:
        """Count what writes."""
        return super().counts(request) and request.method not in SAFE_METHODS
