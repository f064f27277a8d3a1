"""Pages of personal tokens: one's own, and for administrators everybody's."""

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access, people, tokens
from accounts.models import ApiToken, Role
from accounts.token_forms import TokenForm


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List one's own tokens."""
    return _page(request, "accounts/tokens.html", tokens=tokens.of(request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def new(request: HttpRequest) -> HttpResponse:
    """Make a token, by somebody who has just shown that it is them. The answer is the only page that ever shows it."""
    form = TokenForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            facts = {"by_company": _by_company(request), "now": timezone.now(), **form.cleaned_data}
            row, token = tokens.make(user=request.user, **facts)
        except people.Refused as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            return _page(request, "accounts/token_made.html", row=row, token=token, base=settings.PUBLIC_URL)
    status = 422 if form.is_bound else 200
    return _page(request, "accounts/token_new.html", form=form, status=status)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token: one's own, or anybody's for an administrator."""
    row = ApiToken.objects.select_related("user").filter(pk=pk).first()
    if row is None or (row.user_id != request.user.pk and not request.user.has_role(Role.ADMIN)):
        raise Http404
    try:
        tokens.revoke(token=row, actor=request.user, now=timezone.now())
        messages.success(request, f"“{row.name}” is revoked. Nothing comes in with it any more.")
    except people.Refused as refused:
        messages.warning(request, refused.message)
    return redirect("accounts:tokens" if row.user_id == request.user.pk else "accounts:all_tokens")


@require_safe
def everybody(request: HttpRequest) -> HttpResponse:
    """List everybody's tokens: administrators revoke them, auditors read."""
    access.only_readers_of_rules(request.user)
    may_revoke = request.user.has_role(Role.ADMIN)
    rows = tokens.of_everybody()[: tokens.SHOWN + 1]
    return _page(request, "accounts/tokens_all.html", tokens=rows, may_revoke=may_revoke)


def _by_company(request: HttpRequest) -> bool:
    return any(record.get("method") == "socialaccount" for record in get_authentication_records(request))


def _page(request: HttpRequest, template: str, *, status: int = 200, **shown) -> HttpResponse:
    return render(request, template, {"nav": "", "now": timezone.now(), **shown}, status=status)
