"""What somebody typed into the form, and what it answered."""

TOKEN = "0123456789abcdef0123456789abcdef"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40 + b"IEND\xaeB`\x82"


def typed(**fields) -> dict:
    """Return what a browser sends for a short complaint of Ruth's."""
    known = {
        "token": TOKEN,
        "customer_name": "Halden Precision AG",
        "contact_name": "Ruth Aebi",
        "channel": "phone",
        "text": "“This is the third time this year. My line stands still.”",
        "received_at": "2026-11-17T08:12",
        "remedy_state": "not_asked",
        "severity": "",
    }
    return {**known, **fields}


def wrong(answer) -> dict[str, list[str]]:
    """Return the fields at fault with what is said of them."""
    assert answer.status_code == 422
    return {name: [str(one) for one in found] for name, found in answer.context["form"].errors.items()}


# What is opened
