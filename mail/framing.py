"""A letter as it looks, alone in a frame: its own styles, nothing loaded, nothing run."""

from django.http import HttpResponse

from mail import links

# A letter's own styles are allowed in its preview and nowhere else; nothing is loaded and nothing runs.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; "
    "form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


def framed(html: str) -> HttpResponse:
    """Return the HTML part of a letter for a frame on a page of ours; customer links read `[link]`."""
    answer = HttpResponse(links.shown(html))
    answer["Content-Security-Policy"] = POLICY
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Frame-Options"] = "SAMEORIGIN"
    return answer
