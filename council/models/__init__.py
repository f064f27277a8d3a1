"""What the council decides and what it has seen."""

from council.models.approval import Approval
from council.models.ballot import Ballot, BallotState, LetGoForm, LetGoReason, OtherCase, Seat, Vote, VoteChoice
from council.models.decision import Decision, DecisionKind, Undo
from council.models.export import Export, ExportState
from council.models.mandate import Mandate
from council.models.question import Question
from council.models.seen import Seen
from council.models.sheet import Sheet
from council.models.tally import Tally
from council.models.wall import Wall

__all__ = [
    "Approval",
    "Ballot",
    "BallotState",
    "Decision",
    "DecisionKind",
    "Export",
    "ExportState",
    "LetGoForm",
    "LetGoReason",
    "Mandate",
    "OtherCase",
    "Question",
    "Seat",
    "Seen",
    "Sheet",
    "Tally",
    "Undo",
    "Vote",
    "VoteChoice",
    "Wall",
]
