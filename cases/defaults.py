"""What an installation starts with: one calendar, one policy, categories and kinds of causes. All can be edited."""

from django.utils import timezone

from cases.letter_defaults import TEXTS
from cases.models import Calendar, CalendarVersion, Category, CauseKind, LetterText, Policy, PolicyVersion
from cases.policy import DEFAULT

OFFICE_HOURS = {
    "timezone": "Europe/Zurich",
    "hours": {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "holidays": [],
}
CATEGORIES = (
    "Delivery",
    "Product quality",
    "Invoicing",
    "Service",
    "Information",
    "Behaviour",
    "Safety",
    "Other",
)
CAUSES = (
    "Carrier hand-over",
    "Order data entry",
    "Unclear promise",
    "Planning",
    "Material or supplier",
    "Machine or tool",
    "Work instruction",
    "Inspection",
    "System or interface",
    "Hand-over between teams",
    "Staffing",
    "Customer's own process",
)


def install() -> None:
    """Set up what is missing; whatever an administrator has set up already stays untouched."""
    if not Calendar.objects.filter(is_default=True).exists():
        calendar = Calendar.objects.create(name="Office hours", is_default=True)
        CalendarVersion.objects.create(calendar=calendar, number=1, facts=OFFICE_HOURS, made_at=timezone.now())
    if not Policy.objects.filter(is_default=True).exists():
        policy = Policy.objects.create(name="Standard", is_default=True)
        PolicyVersion.objects.create(policy=policy, number=1, facts=DEFAULT, made_at=timezone.now())
    for model, names in ((Category, CATEGORIES), (CauseKind, CAUSES)):
        if not model.objects.exists():
            model.objects.bulk_create(model(name=name, position=10 * place) for place, name in enumerate(names, 1))
    if not LetterText.objects.exists():
        names = ("step", "name", "language", "subject", "body")
        LetterText.objects.bulk_create(LetterText(**dict(zip(names, text, strict=True))) for text in TEXTS)
