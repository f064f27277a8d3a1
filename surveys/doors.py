"""The door of every page for a customer: no account, no trace of the link, no entry for colleagues, CSRF checked."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from surveys import halfway as typed
from surveys import languages, limits

HEADERS = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
View = Callable[..., HttpResponse]


class _TokenCheck(CsrfViewMiddleware):
    """The usual check of cookie and form token. A page without referrer sends its forms with `Origin: null`,
    which says nothing either way; any other origin must be ours as everywhere."""

    def _origin_verified(self, request: HttpRequest) -> bool:
        return request.META["HTTP_ORIGIN"] == "null" or super()._origin_verified(request)

    def _check_referer(self, request: HttpRequest) -> None:
        """Ask for no referrer: our own pages forbid the browser to send one."""


_check_token = decorator_from_middleware(_TokenCheck)


def customer_page(*methods: str, one_click: bool = False, halfway: bool = False) -> Callable[[View], View]:
    """Open a view to whoever holds a link, for `methods`; a signed-in colleague is refused before any look-up.

    A press on another language leads back to the page, and is remembered by this browser. A view with `halfway`
    shows itself again where something was typed: it must ask `languages.asked_for` before it takes anything.

    With `one_click` a mail program may post what RFC 8058 says, for which it has no form token.
    """

    def decorate(view: View) -> View:
        plain = _switching(require_http_methods(methods)(view), halfway)
        tokened = _check_token(plain)

        def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            return (plain if one_click and is_one_click(request) else tokened)(request, *args, **kwargs)

        @wraps(view)
        def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            chosen = languages.switch(request)
            with translation.override(languages.of_browser(request)):
                response = _refusal(request) or checked(request, *args, **kwargs)
            if chosen:
                languages.choose(response, chosen)
            for name, value in HEADERS.items():
                response[name] = value
            return response

        return login_not_required(csrf_exempt(answer))

    return decorate


def _switching(view: View, halfway: bool) -> View:
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if languages.asked_for(request) and not (halfway and typed.anything(request.POST)):
            return redirect(request.get_full_path())
        return view(request, *args, **kwargs)

    return answer


def is_one_click(request: HttpRequest) -> bool:
    """Tell whether this is the post of a mail program on its reader's "unsubscribe" (RFC 8058, 3.1)."""
    return request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click"


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if request.user.is_authenticated:
        return render(request, "surveys/staff.html", {"demonstration": settings.DEMONSTRATION}, status=403)
    if limits.too_many_misses(request):
        return render(request, "surveys/too_many.html", status=429)
    return None
