"""How often a stranger may try: counted in the cache, so that a lost count costs nothing but patience."""

import hashlib

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

MISSES = 100
MISSES_FOR_S = 600
FRESH = 1
FRESH_FOR_S = 600
WISHES = 5
WISHES_FOR_S = 3600
WORDS = 20
REPORTS = 5
REPORTS_OF_ALL = 200
REPORTS_FOR_S = 3600


def allows(what: str, whose: str, *, most: int, seconds: int) -> bool:
    """Count one try of `what` by `whose` and tell whether it is within `most` in `seconds`."""
    key = _key(what, whose)
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:  # ran out between the two
        return True


def too_many_misses(request: HttpRequest) -> bool:
    """Tell whether this address has tried too many links that open nothing."""
    return cache.get(_key("miss", _address(request)), 0) >= MISSES


def may_report(request: HttpRequest) -> bool:
    """Count one report by this address, and one by all of them; tell whether both are within an hour's bounds."""
    one = allows("report", _address(request), most=REPORTS, seconds=REPORTS_FOR_S)
    return allows("report", "everybody", most=REPORTS_OF_ALL, seconds=REPORTS_FOR_S) and one


def missed(request: HttpRequest) -> None:
    """Note that a link opened nothing."""
    allows("miss", _address(request), most=MISSES, seconds=MISSES_FOR_S)


def _key(what: str, whose: str) -> str:
    # Neither a token nor an address stands in the cache.
    return f"surveys-{what}-{hashlib.sha256(whose.encode('utf-8', 'replace')).hexdigest()}"


def _address(request: HttpRequest) -> str:
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:
        return ""
