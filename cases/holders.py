"""Who may be given a case, a step or an action: one rule for every form, verb and list."""

from accounts.models import User
from cases.models import Case
from cases.refusals import Refused


def check_holds(person: User, *, case: Case | None = None, field: str = "owner") -> None:
    """Raise `Refused` at `field` for somebody who left, who only reads, or whom the complaint is about."""
    if not person.is_active or person.left_at:
        raise Refused("This person does not work here any more. Choose somebody else.", field=field)
    if person.only_reads:
        raise Refused(f"{person.name} is an auditor, who reads and changes nothing. Choose somebody else.", field=field)
    if case is not None and case.about_user_id is not None and case.about_user_id == person.pk:
        raise Refused(f"The complaint is about {person.name}. Choose somebody else.", field=field)
