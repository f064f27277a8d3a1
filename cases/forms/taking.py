"""How a form hands over to its verb: for pages and for the API alike."""

from collections.abc import Callable, Sequence
from typing import Any

from django.forms import Form

from accounts.models import User
from cases import editing
from cases import log as logging
from cases.forms.log import LogForm
from cases.models import Case, IntakeItem
from cases.refusals import Refused
from mail.models import Blob

# Where a refusal of `log_complaint` is shown on the form.
_LOGGED_AT = {"reporter": "contact_name", "received_at": "received_at", "text": "text", "owner": "owner"}


def took(form: Form, verb: Callable[..., Any], /, **facts) -> bool:
    """Let the verb act; put its refusal at the field it names, with what was typed kept. Tell whether it acted.

    Raise `editing.Overtaken` where somebody else saved first: then both versions are to be shown.
    """
    try:
        verb(**facts)
    except editing.Overtaken:
        raise
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    return True


def opened(
    form: LogForm,
    *,
    actor: User,
    token: str,
    files: Sequence[tuple[str, Blob]] = (),
    split_from: Case | None = None,
    item: IntakeItem | None = None,
) -> Case | None:
    """Open the case of a valid form; put a refusal at its field and return None. A `token` gives one case, always."""
    try:
        return logging.log_complaint(
            customer=form.customer_answer.who,
            reporter=form.contact_answer.who,
            facts=form.facts(),
            files=files,
            token=token,
            actor=actor,
            owner=form.owner_now(),
            now=form.now,
            gap=form.gap(),
            split_from=split_from,
            item=item,
        )
    except Refused as refused:
        form.add_error(_LOGGED_AT.get(refused.field), refused.message)
        return None
