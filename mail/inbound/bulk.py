"""Long runs of base64 set aside while a message is taken apart, and put back where they stood. Pure.

The standard library reads a message line by line, at a few microseconds each: 50 MB of an attachment are a million
lines in which nothing stands that could divide a message, for a boundary begins with two dashes.
"""

import re
import secrets
from dataclasses import dataclass, field
from email.message import Message

LARGE = 1024 * 1024
LONG = 100_000
# Possessive, and whole runs whatever their length: no line is looked at twice.
_RUN = re.compile(rb"(?<=\n)(?:[A-Za-z0-9+/]{48,1000}+\r?\n)++")


@dataclass
class Aside:
    """What was set aside: the runs in their order, each marked by a name nobody guesses and its place."""

    name: str = field(default_factory=lambda: secrets.token_hex(16))
    runs: list[str] = field(default_factory=list)

    def mark(self, run: re.Match[bytes]) -> bytes:
        """Keep one run and return what stands for it; a short one stays."""
        if len(run[0]) < LONG:
            return run[0]
        self.runs.append(run[0].removesuffix(b"\n").removesuffix(b"\r").decode("ascii"))
        return f"{self.name}{len(self.runs) - 1:06d}\n".encode()

    def whole(self, text: str) -> str:
        """Return `text` with each mark replaced by what it stands for."""
        if self.name not in text:
            return text
        return re.sub(rf"{self.name}(\d{{6}})", lambda mark: self.runs[int(mark[1])], text)


def set_aside(raw: bytes) -> tuple[bytes, Aside]:
    """Return `raw` with each long run of base64 lines replaced by a mark, and what was set aside."""
    aside = Aside()
    return (_RUN.sub(aside.mark, raw) if len(raw) >= LARGE else raw), aside


def put_back(message: Message, aside: Aside) -> Message:
    """Put what was set aside back into the parts of `message`, and return it."""
    waiting = [message] if aside.runs else []
    while waiting:
        part = waiting.pop()
        inner = part.get_payload()
        if isinstance(inner, list):
            waiting += inner
        elif isinstance(inner, str):
            part.set_payload(aside.whole(inner))
    return message
