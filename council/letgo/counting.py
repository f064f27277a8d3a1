"""How a vote is counted. Pure: no rows.

A majority of the members without a conflict, at least two of them, lets go; abstention and tie mean keep. Where the
trials were skipped for a legal matter, every one of them has to say so (product: Letting a customer go).
"""

from collections.abc import Iterable

from council.models import VoteChoice

LEAST = 2


def lets_go(choices: Iterable[str], *, seats: int, unanimous: bool) -> bool:
    """Tell whether the votes cast let the customer go; `seats` is how many may vote, whoever did not means keep."""
    yes = sum(choice == VoteChoice.LET_GO for choice in choices)
    return yes >= LEAST and (yes == seats if unanimous else 2 * yes > seats)
