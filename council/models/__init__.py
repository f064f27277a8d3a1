"""What the council decides and what it has seen."""

from council.models.decision import Decision, DecisionKind
from council.models.seen import Seen

__all__ = ["Decision", "DecisionKind", "Seen"]
