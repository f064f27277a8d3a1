"""What we hold about a person at a customer: given to them on request, and erased on request (promise S9).

Erasing takes the words, the name, the addresses and the files; figures, events and the hash chain stay whole, because
an event knows a text by its commitment alone. Apps above say what they hold with `register` when they start.
"""

from cases.erasure.erasing import Reason, erase, may_erase, refusals, replay
from cases.erasure.exporting import export
from cases.erasure.holders import Holder, register

__all__ = ["Holder", "Reason", "erase", "export", "may_erase", "refusals", "register", "replay"]
