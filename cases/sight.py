"""Who reads a confidential case, as one ready piece of SQL (promise S2).

The ORM would build the same five subqueries anew for every statement of every page, which takes longer than running
them. `tests/cases/test_sight.py` holds it against the same rule in the ORM's own words.
"""

from datetime import date
from typing import Any

from django.db.models import BooleanField, Func

from accounts.models import Role, User

# The person, and whom they stand in for today: whoever named them as deputy and is away or has left.
_WHOSE = """
    SELECT sight_user.id FROM accounts_user sight_user
    WHERE sight_user.id = %s OR (
        sight_user.deputy_id = %s AND (
            sight_user.left_at IS NOT NULL OR NOT sight_user.is_active OR EXISTS (
                SELECT 1 FROM accounts_absence sight_away
                WHERE sight_away.user_id = sight_user.id AND sight_away.from_on <= %s AND sight_away.to_on >= %s)))"""
_SEES = f"""(
    {{owner}} IN ({_WHOSE})
    OR {{team}} = %s
    OR EXISTS (
        SELECT 1 FROM cases_step sight_step
        WHERE sight_step.case_id = {{pk}} AND sight_step.state = 'planned' AND sight_step.owner_id IN ({_WHOSE}))
    OR EXISTS (
        SELECT 1 FROM cases_action sight_action
        WHERE sight_action.case_id = {{pk}} AND sight_action.done_at IS NULL AND sight_action.owner_id IN ({_WHOSE}))
    OR EXISTS (
        SELECT 1 FROM cases_casereader sight_reader
        WHERE sight_reader.case_id = {{pk}} AND sight_reader.user_id = %s))"""
_NO_TEAM = 0


class Sees(Func):
    """True for a case that somebody may read although it is confidential; belongs into a query of cases.

    By owner, lead of its team, owner of an open step or action, a deputy while they are away, named reader. `today` is
    the day it is where the person is.
    """

    output_field = BooleanField()

    def __init__(self, user: User, today: date) -> None:
        super().__init__("pk", "owner", "team")
        self.user, self.today = user.pk, today
        self.team = user.team_id if user.has_role(Role.LEAD) and user.team_id else _NO_TEAM

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """Return the piece of SQL and its values."""
        pk, owner, team = (compiler.compile(one)[0] for one in self.source_expressions)
        day = connection.ops.adapt_datefield_value(self.today)
        whose = [self.user, self.user, day, day]
        return _SEES.format(pk=pk, owner=owner, team=team), [*whose, self.team, *whose, *whose, self.user]
