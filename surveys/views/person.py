"""On every customer page: call me, somebody else please, another language, and a fresh link for an expired one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from surveys import freshening, helping, languages, limits, pages
from surveys.doors import customer_page
from surveys.forms import LanguageForm, WishForm
from surveys.helping import Wish


@customer_page("POST")
def wish(request: HttpRequest, token: str, purpose: str) -> HttpResponse:
    """Take a wish to speak to a person and lead back to the page, which says who calls and by when."""
    now = timezone.now()
    row = pages.opened(request, purpose=purpose, token=token, now=now)
    form = WishForm(request.POST)
    if row is None:
        return pages.unknown(request, purpose=purpose, token=token)
    if not form.is_valid():
        messages.warning(request, next(iter(form.errors.values()))[0])
    elif not limits.allows("wish", token, most=limits.WISHES, seconds=limits.WISHES_FOR_S):
        messages.warning(request, _("That was a lot at once. Please wait an hour, or ask us to call you."))
    else:
        said = form.cleaned_data
        about = {"wish": Wish(said["wish"]), "text": said["text"], "phone": said["phone"]}
        helping.ask_for_a_person(case=row.case, contact=row.contact, now=now, **about)
    return redirect(f"surveys:{purpose}", token=token)


@customer_page("POST")
def fresh(request: HttpRequest, token: str, purpose: str) -> HttpResponse:
    """Send a fresh link where there is somebody to send it to; answer everybody alike."""
    if limits.allows("fresh", token, most=limits.FRESH, seconds=limits.FRESH_FOR_S):
        freshening.send_fresh(token=token, purpose=purpose, now=timezone.now())
    return pages.unknown(request, purpose=purpose, token=token, asked=True)


@customer_page("POST")
def language(request: HttpRequest) -> HttpResponse:
    """Show the page they came from in the language they chose, and the pages after it."""
    form = LanguageForm(request.POST)
    back = request.POST.get("back", "")
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = redirect(back if safe else "/")
    if form.is_valid():
        languages.choose(response, form.cleaned_data["language"])
    return response
