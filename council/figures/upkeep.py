"""What keeps the figures: tallies of what has grown, then the sheets of standard periods."""

from datetime import datetime

from council.figures import overview, sheets, strip, tallying
from council.figures.asked import NAMES, USUAL

PAGES = {strip.PAGE: (strip.count, (USUAL,)), overview.PAGE: (overview.count, tuple(NAMES))}


def keep_up(now: datetime) -> int:
    """Count the cases that have grown, and make the sheets anew; return how many cases were counted."""
    done = tallying.tally_due(now)
    sheets.make(PAGES, now)
    return done
