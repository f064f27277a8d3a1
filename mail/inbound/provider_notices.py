"""Notices that a mail provider sends as JSON in a mail of its own: bounced, complained of, delivered. Pure.

The form is that of Amazon SES (docs.aws.amazon.com/ses: "Contents of Amazon SNS notifications").
"""

import json
import re
from typing import Any

LONGEST = 64_000
MOST_HEADS = 200
_KINDS = ("Bounce", "Complaint", "Delivery")


def notice_in(text: str) -> dict[str, Any] | None:
    """Return the facts of the notice a mail consists of, or None where it is something else."""
    head = text.strip()[:LONGEST]
    if not head.startswith("{") or "notificationType" not in head:
        return None
    try:
        told, _ = json.JSONDecoder(strict=False).raw_decode(head)
    except (ValueError, RecursionError):
        # Lines broken on the way spoil the whole, not the first words: what it is, and of whom.
        return _from_pieces(head)
    kind = told.get("notificationType")
    return _facts(told, kind) if kind in _KINDS else None


def _from_pieces(head: str) -> dict[str, Any] | None:
    kind, address, status = (_first(name, head) for name in ("notificationType", "emailAddress", "status"))
    if kind not in _KINDS:
        return None
    people = [{"emailAddress": address, "status": status}]
    part = {"bouncedRecipients": people, "complainedRecipients": people, "bounceType": _first("bounceType", head)}
    return _facts({kind.lower(): {**part, "recipients": people}}, kind)


def _first(name: str, head: str) -> str:
    found = re.search(rf'"{name}"\s*:\s*"([^"]{{0,254}})"', head)
    return found[1] if found else ""


def _facts(told: dict[str, Any], kind: str) -> dict[str, Any]:
    part = told.get(kind.lower())
    part = part if isinstance(part, dict) else {}
    names = {"Bounce": "bouncedRecipients", "Complaint": "complainedRecipients", "Delivery": "recipients"}
    people = part.get(names[kind])
    first = people[0] if isinstance(people, list) and people else {}
    first = first if isinstance(first, dict) else {"emailAddress": first}
    return {
        "recipient": str(first.get("emailAddress", "")).lower()[:254],
        "status": str(first.get("status", "")),
        "hard": kind == "Bounce" and part.get("bounceType") == "Permanent",
        "diagnostic": str(first.get("diagnosticCode", ""))[:500],
        "arrived": kind == "Delivery",
        "complaint": kind == "Complaint",
        "original_id": _original_id(told.get("mail")),
    }


def _original_id(letter: Any) -> str:
    """Return the Message-ID of the letter a notice tells of, where it repeats the letter's head."""
    letter = letter if isinstance(letter, dict) else {}
    common = letter.get("commonHeaders")
    named = [common.get("messageId")] if isinstance(common, dict) else []
    heads = letter.get("headers")
    for head in heads[:MOST_HEADS] if isinstance(heads, list) else []:
        if isinstance(head, dict) and str(head.get("name", "")).lower() == "message-id":
            named.append(head.get("value"))
    return next((one.strip() for one in named if isinstance(one, str) and one.strip()), "")[:255]
