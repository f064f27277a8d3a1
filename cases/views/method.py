"""Help: the method, for everybody who signs in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases import booklet


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """Show the nine steps, the seven questions and the seven principles."""
    title, *chapters = booklet.method(settings.BASE_DIR / "docs" / "method.md")
    return render(request, "cases/method.html", {"title": title, "chapters": chapters, "now": timezone.now()})
