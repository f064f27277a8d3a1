"""Which answers are meant: by period, customer, owner, category, lateness of our steps, tag, and words."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from accounts.models import User
from cases import access as case_access
from cases.enums import DueKind, StepNumber
from cases.forms.fields import DayField
from cases.models import Category, Due
from mail.models import MessageState
from surveys.models import Answer, AnswerTag, Invitation, SurveyVerdict
from surveys.verdicts import MEASURES

ON_TIME, LATE = "on_time", "late"
ANSWERED, COMPLETE = "answered", "complete"  # what the rates count, beside the measures
COUNTED = (*MEASURES, "words", ANSWERED, COMPLETE)
STEPS = (StepNumber.ACKNOWLEDGE, StepNumber.CONTAIN, StepNumber.RESOLVE)
SHOWN_AT_FIRST = timedelta(days=365)
MOST_TYPED = 120


class NarrowForm(forms.Form):
    """Filters by GET. What cannot be understood filters nothing."""

    since = DayField(label="Asked from", required=False)
    until = DayField(label="to", required=False)
    company = forms.CharField(label="Customer’s name contains", required=False, max_length=MOST_TYPED)
    customer = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    owner = forms.IntegerField(label="Owner", required=False, min_value=1, max_value=2**62)
    category = forms.IntegerField(label="Category", required=False, min_value=1, max_value=2**62)
    late = forms.ChoiceField(
        label="Our first three steps",
        choices=[("", "any"), (ON_TIME, "all in time"), (LATE, "at least one late")],
        required=False,
    )
    measure = forms.ChoiceField(
        choices=[("", ""), *((name, name) for name in (*MEASURES, "words", ANSWERED, COMPLETE))], required=False
    )
    q = forms.CharField(label="Words", required=False, max_length=MOST_TYPED)
    tag = forms.CharField(label="Tag", required=False, max_length=40)

    def __init__(self, asked: Mapping[str, str], *, reader: User) -> None:
        super().__init__({name: asked.get(name, "") for name in self.base_fields}, auto_id="narrow-%s")
        known = _choices(reader)
        self.fields["owner"].widget = forms.Select(choices=[("", "anybody"), *known["owner"]])
        self.fields["category"].widget = forms.Select(choices=[("", "anything"), *known["category"]])
        self.tags = [name for _, name in known["tag"]]

    def read(self) -> dict:
        """Return the filters that were understood and ask for something."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def _choices(reader: User) -> dict[str, list[tuple[int, str]]]:
    """Return owners, categories and tags of answers the reader may see, by name. One statement for the three."""
    owners = User.objects.filter(cases__isnull=False).order_by().values_list(Value("owner"), "pk", "name")
    kinds = Category.objects.filter(retired=False).order_by().values_list(Value("category"), "pk", "name")
    seen = AnswerTag.objects.filter(answer__invitation__case__in=case_access.visible_to(reader)).order_by()
    tags = seen.values_list(Value("tag"), Value(0), "name")
    found: dict[str, list[tuple[int, str]]] = {"owner": [], "category": [], "tag": []}
    for kind, pk, name in sorted(owners.union(kinds, tags), key=lambda row: row[2].casefold()):
        found[kind].append((pk, name))
    return found


def invitations(user: User, asked: Mapping, now: datetime) -> QuerySet[Invitation]:
    """Return the surveys this person may know of that were sent, as narrowed."""
    rows = Invitation.objects.filter(case__in=case_access.visible_to(user), sent_at__isnull=False)
    rows = rows.filter(_about(asked, ""), **_between(asked, "sent_at"))
    if asked.get("late"):
        was_late = Exists(late_step(now, "case", "round"))
        rows = rows.filter(was_late if asked["late"] == LATE else ~was_late)
    return rows


def answers(user: User, asked: Mapping, now: datetime) -> QuerySet[Answer]:
    """Return the answers to those surveys, as narrowed; held ones are among them."""
    rows = Answer.objects.filter(invitation__in=invitations(user, asked, now))
    if asked.get("measure"):
        rows = _with(rows, asked["measure"]).filter(counted())
    if asked.get("q"):
        rows = rows.filter(words__text__icontains=asked["q"])
    if asked.get("tag"):
        rows = rows.filter(tags__name=asked["tag"])
    return rows


def _with(rows: QuerySet[Answer], measure: str) -> QuerySet[Answer]:
    """Return the answers a figure of `measure` stands on."""
    if measure == ANSWERED:
        return rows.filter(invitation__message__state=MessageState.SENT)
    asked = MEASURES if measure == COMPLETE else (measure,)
    return rows.filter(**{f"{name}__isnull": False for name in asked})


def counted() -> Q:
    """Return the answers that figures count: every one but those held as unverified."""
    return ~Q(verdict=SurveyVerdict.HELD)


def late_step(now: datetime, case: str, round_: str) -> QuerySet[Due]:
    """Return the clocks of steps 1 to 3 that ran out in the round asked about."""
    clocks = Due.objects.filter(case=OuterRef(case), round=OuterRef(round_), kind=DueKind.STEP, ref__in=STEPS)
    return clocks.filter(Q(closed_at__gt=F("due_at")) | Q(closed_at=None, due_at__lt=now))


def about_case(asked: Mapping) -> Q:
    """Return the same filters for rows that hang on a case directly, such as check-ins."""
    return _about(asked, "")


def between(asked: Mapping, name: str) -> dict[str, datetime]:
    """Return the period as a filter on the moment `name`."""
    return _between(asked, name)


def _about(asked: Mapping, prefix: str) -> Q:
    found = Q()
    for name, path in (("customer", "case__customer"), ("owner", "case__owner"), ("category", "case__category")):
        if asked.get(name):
            found &= Q(**{f"{prefix}{path}": asked[name]})
    if asked.get("company"):
        found &= Q(**{f"{prefix}case__customer__name__icontains": asked["company"]})
    return found


def _between(asked: Mapping, name: str) -> dict[str, datetime]:
    found = {}
    if asked.get("since"):
        found[f"{name}__gte"] = _midnight(asked["since"])
    if asked.get("until"):
        found[f"{name}__lt"] = _midnight(asked["until"] + timedelta(days=1))
    return found


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))
