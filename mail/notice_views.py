"""What stands under the bell."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mail import notices
from mail.models import Notice
from mail.pages import page_of


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List one's own notices, newest first."""
    page = page_of(Notice.objects.filter(user=request.user), request.GET)
    shown = {"page": page, "nav": "notices", "now": timezone.now()}
    return render(request, "mail/notices.html", shown)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all of one's own notices as read."""
    notices.mark_read(user=request.user, now=timezone.now())
    return redirect("mail:notices")


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read and go where it leads; with `stay` in the form, back to the list."""
    notice = get_object_or_404(Notice, pk=pk, user=request.user)
    notices.mark_read(user=request.user, now=timezone.now(), ids=[pk])
    leads_home = "stay" in request.POST or not notice.leads_inside
    return redirect("mail:notices") if leads_home else redirect(notice.url)
