"""Asking the customer, and what they answered."""

from surveys.models.answer import Answer, Submission, SurveyVerdict
from surveys.models.invitation import Invitation, InvitationState

__all__ = ["Answer", "Invitation", "InvitationState", "Submission", "SurveyVerdict"]
