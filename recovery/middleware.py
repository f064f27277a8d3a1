"""Headers on every answer, and a page where a browser would have been left with none."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_NOTHING = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")
POLICY = ", ".join(f"{feature}=()" for feature in _NOTHING)


def permissions_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Switch off the browser features that no page of ours uses."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response

    return answer


def private_pages(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Forbid caches to keep what a signed-in reader saw: nobody finds it there after they have left.

    An answer that says itself how long it may be kept is left alone.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return answer


def forms_only(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Show a page to whoever opens the address of a form by hand, or is led there by the sign-in."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or response.content or not request.accepts("text/html"):
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page

    return answer
