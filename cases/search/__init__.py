"""Finding cases and customers by the words on them: one interface, full text of either database below.

`find` and `customers` answer; `index_due` is the sweep that keeps up with what was written; `renew` has cases
read again after something changed that is no event of theirs; `forget` takes texts out at once (erasure).
"""

from cases.search.finding import customers, find
from cases.search.indexing import clear, forget, index_due, install, renew

__all__ = ["clear", "customers", "find", "forget", "index_due", "install", "renew"]
