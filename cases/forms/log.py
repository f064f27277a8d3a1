"""The form a complaint is written down with: short, forgiving, and nothing typed is lost on it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from cases.enums import Channel, Severity, Tier
from cases.forms import whom
from cases.forms.log_gap import GapPart, Text
from cases.log import NewContact, title_of
from cases.models import Category
from cases.opening import proposed_severity
from cases.queries import log as query
from mail.blobs import MAX_BYTES
from mail.forms import FileListField
from mail.models import Blob

WITHOUT_PERSON = (Channel.FOUND, Channel.SOCIAL)
LONGEST = 100_000
OLDEST = timedelta(days=5 * 366)
TOLERANCE = timedelta(minutes=1)
KEPT_SALT = "cases.log.kept"
MOMENT = "%Y-%m-%dT%H:%M"
NOT_ASKED, LEFT_TO_US = "not_asked", "left_to_us"


class LogForm(GapPart):
    """A complaint as it was heard. `clean` finds customer and reporter; both may be new."""

    token = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=lambda: uuid4().hex, required=False)
    customer = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    customer_pick = forms.CharField(required=False, max_length=20)
    customer_name = Text(label="Customer", max_length=200, required=False)
    customer_place = Text(label="Where they are", max_length=120, required=False)
    customer_tier = forms.ChoiceField(
        label="How much rests on them", choices=Tier.choices, initial=Tier.STANDARD, required=False
    )
    contact = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    contact_pick = forms.CharField(required=False, max_length=20)
    contact_name = Text(label="Who told us", max_length=120, required=False)
    contact_title = Text(label="Function", max_length=120, required=False)
    contact_email = forms.EmailField(label="E-mail", max_length=254, required=False)
    contact_phone = Text(label="Phone", max_length=40, required=False)
    channel = forms.ChoiceField(label="How", choices=Channel.choices, widget=forms.RadioSelect, initial=Channel.PHONE)
    text = Text(
        label="What happened, in their words",
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write down what happened, in their words."},
    )
    files = FileListField(label="Files", required=False)
    remedy = Text(
        label="What can we do to make this right?",
        max_length=5_000,
        required=False,
        help_text="Ask it before anything else. Their answer, not our guess.",
    )
    remedy_state = forms.ChoiceField(
        label="If they named nothing",
        choices=[(NOT_ASKED, "Not asked yet"), (LEFT_TO_US, "They left it to us")],
        widget=forms.RadioSelect,
        initial=NOT_ASKED,
        required=False,
    )
    stopped = forms.BooleanField(label="Has their work stopped, or is somebody in danger?", required=False)
    loss = forms.BooleanField(label="Did they lose money or miss a date?", required=False)
    annoyance = forms.BooleanField(label="Is it an annoyance, with nothing lost?", required=False)
    severity = forms.ChoiceField(
        label="How bad is it",
        choices=[("", "As answered"), *Severity.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    category = forms.ChoiceField(label="About", required=False)
    title = Text(label="Title", max_length=200, required=False)
    received_at = forms.DateTimeField(
        label="Heard when",
        help_text="Clocks start here, not when you save.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        error_messages={
            "required": "Say when you heard of it.",
            "invalid": "This is not a day and time. Write it as 2026-11-17 08:12.",
        },
    )
    owner = forms.ModelChoiceField(label="Owner", queryset=User.objects.none(), required=False, empty_label="by rule")
    sensitive = forms.BooleanField(label="Legal, safety or irregular: confidential, to the council now", required=False)
    about_person = forms.BooleanField(label="About a person here: confidential, another owner", required=False)
    about_user = forms.ModelChoiceField(
        label="Whom it is about", queryset=User.objects.none(), required=False, empty_label="nobody by name"
    )
    split = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    intake = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    public_exposure = forms.BooleanField(label="It is public now", required=False)
    competitor = Text(label="A competitor is waiting: who?", max_length=120, required=False)

    def __init__(self, data=None, files=None, *, reader: User, now: datetime, initial=None):
        local = timezone.localtime(now).strftime(MOMENT)
        super().__init__(data, files, initial={"received_at": local, **(initial or {})})
        self.now, self.reader = now, reader
        self.categories = list(Category.objects.filter(retired=False))
        choices = [(str(one.pk), one.name) for one in self.categories]
        self.fields["category"].choices = [("", "as their words suggest"), *choices]
        self.fields["owner"].queryset = User.objects.taking_work().order_by("name")
        self.fields["about_user"].queryset = User.objects.working_here().order_by("name")
        self.fields["received_at"].widget.attrs["max"] = timezone.localtime(now + TOLERANCE).strftime(MOMENT)
        self.fields["files"].widget.attrs["data-max"] = MAX_BYTES
        self.customer_answer = self.contact_answer = whom.Answer()

    def clean(self) -> dict[str, Any]:
        """Find customer and reporter; put what is wrong with them at their fields."""
        given = self.cleaned_data
        self.customer_answer = self._customer(given)
        if self.customer_answer.wrong:
            self.add_error("customer_name", self.customer_answer.wrong)
        elif "contact_email" in given:
            self.contact_answer = self._contact(given)
            if self.contact_answer.wrong:
                self.add_error("contact_name", self.contact_answer.wrong)
        return given

    def _customer(self, given: dict) -> whom.Answer:
        return whom.customer_of(
            name=given.get("customer_name", "").strip(),
            chosen=given.get("customer", ""),
            picked=given.get("customer_pick", ""),
            place=given.get("customer_place", ""),
            tier=given.get("customer_tier", ""),
        )

    def _contact(self, given: dict) -> whom.Answer:
        parts = {name: given.get(f"contact_{name}", "").strip() for name in ("name", "title", "email", "phone")}
        found = whom.contact_of(
            self.customer_answer.who,
            NewContact(**parts),
            chosen=given.get("contact", ""),
            picked=given.get("contact_pick", ""),
        )
        nobody = found.who is None and not found.wrong
        if nobody and given.get("channel") not in WITHOUT_PERSON:
            return whom.Answer(wrong="Say who told us. Whoever it was hears from us first.")
        return found

    def clean_received_at(self) -> datetime:
        """Refuse moments ahead of us, and those so far back that they are history."""
        at = self.cleaned_data["received_at"]
        if at > self.now + TOLERANCE:
            raise ValidationError("This moment lies in the future. Say when you heard of it.")
        if at < self.now - OLDEST:
            raise ValidationError("This is more than five years ago. Bring old complaints in as history instead.")
        return at

    def severity_now(self) -> tuple[Severity, Severity]:
        """Return the severity that counts and the one proposed from the answers so far."""
        given = self.cleaned_data
        customer = self.customer_answer.who
        proposed = proposed_severity(
            stopped=bool(given.get("stopped") or given.get("public_exposure")),
            loss=bool(given.get("loss")),
            annoyance=bool(given.get("annoyance")),
            customer=customer if hasattr(customer, "renewal_on") else None,
            on=timezone.localdate(self.now),
        )
        return Severity(given.get("severity") or proposed), proposed

    def category_now(self) -> tuple[Category | None, bool]:
        """Return the category that counts, and whether it was suggested by the words."""
        wanted = self.cleaned_data.get("category")
        chosen = next((one for one in self.categories if str(one.pk) == wanted), None)
        if chosen is not None:
            return chosen, False
        said = f"{self.cleaned_data.get('title', '')} {self.cleaned_data.get('text', '')}"
        return query.suggested_category(said[:LONGEST], self.categories), True

    def title_now(self) -> str:
        """Return the title given, or one made from the first sentence."""
        given = self.cleaned_data
        return (given.get("title") or "").strip() or title_of(given.get("text") or "")

    def owner_now(self) -> User:
        """Return the owner chosen, else by rule: the account manager, else whoever logs it; the lead where a
        complaint is about one of us."""
        if chosen := self.cleaned_data.get("owner"):
            return chosen
        customer, about = self.customer_answer.who, self.cleaned_data.get("about_user")
        lead = getattr(getattr(customer, "team", None), "lead", None)
        if (about or self.cleaned_data.get("about_person")) and lead is not None and lead != about:
            return lead
        manager = getattr(customer, "account_manager", None)
        fits = manager is not None and manager.is_active and manager.left_at is None and manager != about
        return manager if fits else self.reader

    def facts(self) -> dict[str, Any]:
        """Return the fields of `intake.Complaint` beyond customer, reporter and files."""
        given = self.cleaned_data
        asked = given["remedy"] if given["remedy"].strip() else None
        return {
            **{name: given[name] for name in ("text", "received_at", "sensitive", "about_person", "public_exposure")},
            "about_user": given["about_user"],
            "channel": Channel(given["channel"]),
            "competitor": given["competitor"].strip(),
            "title": self.title_now(),
            "severity": self.severity_now()[0],
            "category": self.category_now()[0],
            "remedy": "" if asked is None and given["remedy_state"] == LEFT_TO_US else asked,
        }

    @property
    def token_now(self) -> str:
        """What makes two sendings of this form one case; a new one where the form lost its own."""
        return self.cleaned_data.get("token") or uuid4().hex


def signed(files: list[tuple[str, Blob]]) -> list[tuple[str, str]]:
    """Return name and signed mark of each stored file, for a form that has to be shown again."""
    return [(name, signing.dumps([name, blob.sha256], salt=KEPT_SALT)) for name, blob in files]


def unsigned(marks: list[str]) -> list[tuple[str, Blob]]:
    """Return the stored files that marks of ours stand for; anything else is passed over."""
    named = dict(filter(None, map(_read, marks[:20])))
    return [(named[blob.sha256], blob) for blob in Blob.objects.filter(sha256__in=list(named))] if named else []


def _read(mark: str) -> tuple[str, str] | None:
    try:
        name, digest = signing.loads(mark, salt=KEPT_SALT, max_age=86_400)
    except (signing.BadSignature, ValueError):
        return None
    return digest, name
