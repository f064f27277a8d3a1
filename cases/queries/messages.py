"""What the page of one message shows."""

from typing import Any

from accounts.models import User
from cases import access
from cases.models import Case, Due, Entry, IntakeItem
from mail.inbound import showing
from mail.inbound.quoting import separate
from mail.models import Inbound


def shown(inbound: Inbound, reader: User, *, pictures: bool) -> dict[str, Any]:
    """Return a message with what became of it. Six statements at most."""
    attachments = list(inbound.attachments.all())
    cleanable = showing.may_clean(inbound.html)
    elsewhere = cleanable and showing.page_of(inbound.html, {one.cid: "" for one in attachments}, remote=False).left_out
    entry = Entry.objects.filter(inbound=inbound).select_related("case__customer", "contact").first()
    item = IntakeItem.objects.filter(inbound=inbound).select_related("case__customer").first()
    return {
        "message": inbound,
        "rest": separate(inbound.text).rest if inbound.reply.strip() else "",
        "attachments": attachments,
        "has_page": cleanable,
        "page_refused": bool(inbound.html.strip()) and not cleanable,
        "elsewhere": elsewhere,
        "pictures": pictures,
        "entry": entry,
        "item": item,
        "case": _case(inbound, entry, item, reader),
        "mark": entry and Due.objects.filter(case=entry.case, kind="mark", ref=entry.pk, closed_at=None).first(),
    }


def _case(inbound: Inbound, entry: Entry | None, item: IntakeItem | None, reader: User) -> Case | None:
    """Return the case it is on, where the reader may see it."""
    found = entry.case if entry else (item.case if item else None)
    if found is None and inbound.thread_id:
        found = access.visible_to(reader).filter(thread=inbound.thread_id).select_related("customer").first()
    return found
