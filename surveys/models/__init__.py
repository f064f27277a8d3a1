"""Asking the customer, and what they answered."""

from surveys.models.answer import Answer, Submission, SurveyVerdict
from surveys.models.invitation import Invitation, InvitationState
from surveys.models.past import AnswerTag, PastAnswer
from surveys.models.questions import ExtraAnswer, FormVersion

__all__ = [
    "Answer",
    "AnswerTag",
    "ExtraAnswer",
    "FormVersion",
    "Invitation",
    "InvitationState",
    "PastAnswer",
    "Submission",
    "SurveyVerdict",
]
