"""In which language a customer reads us: what they chose on the page, else their contact's, else their browser's."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

A_YEAR_S = 365 * 24 * 3600
SWITCH = "language"


def of_browser(request: HttpRequest) -> str:
    """Return what this browser chose on a page of ours, else what it asks for, else the installation's own."""
    return translation.get_language_from_request(request)


def speak_to(request: HttpRequest, language: str) -> None:
    """Go on in the contact's language unless another was chosen on the page. The door ends it with the page."""
    if _chosen(request) is None and is_known(language):
        translation.activate(language)


def asked_for(request: HttpRequest) -> str:
    """Return the language whose button was pressed on a page of ours; empty where none was."""
    pressed = request.POST.get(SWITCH, "") if request.method == "POST" else ""
    return pressed if is_known(pressed) else ""


def switch(request: HttpRequest) -> str:
    """Go on in the language whose button was pressed, before anything is read of the request; return it, or nothing."""
    pressed = asked_for(request)
    if pressed:
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = pressed
    return pressed


def choose(response: HttpResponse, language: str) -> None:
    """Have this browser remember a language; nothing is stored on our side."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR_S,
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_known(language: str) -> bool:
    """Tell whether our pages exist in this language."""
    return language in dict(settings.LANGUAGES)


def _chosen(request: HttpRequest) -> str | None:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if is_known(chosen) else None
