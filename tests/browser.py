"""A browser page whose complaints are kept: script errors, refused resources, policy violations."""

import shutil

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome of this machine."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


class Watched:
    """A browser context with one page, and what it complained of."""

    def __init__(self, context) -> None:
        self.context = context
        self.complaints: list[str] = []
        self.page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("requestfailed", self._failed)

    def _console(self, message) -> None:
        # htmx calls it an error when a newer request or a new page made one needless; a failed one says sendError.
        needless = message.text.startswith(("htmx:sendAbort", "htmx:afterRequest"))
        if message.type in ("error", "warning") and not needless:
            self.complaints.append(f"{message.type}: {message.text}")

    def _failed(self, request) -> None:
        # A request that a new page made needless is no fault.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.method} {request.url}: {request.failure}")

    def close(self) -> None:
        """Give the context back."""
        self.context.close()
