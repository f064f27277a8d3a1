"""People who sign in, the links they hand out, and what they have half written."""

from accounts.models.admin_event import AdminEvent
from accounts.models.api_token import ApiToken, SentOnce
from accounts.models.draft import Draft
from accounts.models.heartbeat import Heartbeat
from accounts.models.passes import Pass
from accounts.models.team import Absence, Team
from accounts.models.user import Role, User

__all__ = ["Absence", "AdminEvent", "ApiToken", "Draft", "Heartbeat", "Pass", "Role", "SentOnce", "Team", "User"]
