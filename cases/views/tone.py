"""While words are written: what in them blames a person. A hint, saved nowhere, and nothing is refused for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.models import User
from cases.blame import blaming

MOST = 20_000


@require_POST
def tone(request: HttpRequest) -> HttpResponse:
    """Point out what blames somebody in the words sent, whatever their field is called."""
    said = [value for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values]
    names = User.objects.working_here().values_list("name", flat=True)
    return render(request, "cases/_blame.html", {"blames": blaming("\n".join(said)[:MOST], names)})
