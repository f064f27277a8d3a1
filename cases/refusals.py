"""A rule said no. The sentence is for the person who asked."""


class Refused(Exception):
    """Raised by a verb when a rule forbids it; nothing has been written.

    `message` says why and what to do, in words for the screen; `field` names the form field it belongs to, or is
    empty when it concerns the whole act.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
