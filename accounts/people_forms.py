"""Forms of the administration of people and teams."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.db.models import Q

from accounts.forms import SettingsForm
from accounts.models import Role, Team, User
from accounts.people import mark_of
from accounts.text import clean

LEVELS = ((1, "Specialist"), (2, "Manager"), (3, "Director"), (4, "Executive"))
FIRST_YEAR, LAST_YEAR = 1990, 2070


class HouseForm(forms.Form):
    """A form laid out by the house pack; texts keep only what a database can hold."""

    button = "Save"
    draft = ""

    def clean(self) -> dict[str, Any]:
        """Keep of every text only what a database can hold."""
        given = super().clean() or self.cleaned_data
        return {name: clean(value) if isinstance(value, str) else value for name, value in given.items()}

    @property
    def helper(self) -> FormHelper:
        """How the form is laid out."""
        helper = FormHelper()
        helper.show_optional = True
        helper.attrs = {"data-draft": self.draft} if self.draft else {}
        helper.layout = Layout(*self.rows())
        helper.add_input(Submit("save", self.button))
        return helper

    def rows(self) -> list[Any]:
        """The fields in their order."""
        return list(self.fields)


class PersonForm(HouseForm):
    """Who somebody is and what they may do."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="Name", max_length=120, help_text="Customers see it under letters.")
    email = forms.EmailField(label="E-mail address", max_length=254, help_text="They sign in with it.")
    title = forms.CharField(label="Function", max_length=120, required=False)
    phone = forms.CharField(label="Telephone", max_length=40, required=False)
    roles = forms.MultipleChoiceField(
        label="Roles",
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="One person may hold several. An auditor who holds no other role changes nothing.",
        error_messages={"required": "Give at least one role; without one nothing can be done here."},
    )
    team = forms.ModelChoiceField(label="Team", queryset=Team.objects.all(), required=False, empty_label="No team")
    deputy = forms.ModelChoiceField(
        label="Deputy",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody",
        help_text="Hears of deadlines while this person is away.",
    )
    level = forms.TypedChoiceField(
        label="Management level",
        choices=LEVELS,
        coerce=int,
        initial=1,
        widget=forms.RadioSelect,
        help_text="Severe cases need somebody of the right level on both sides.",
    )
    zone = forms.ChoiceField(label="Time zone", choices=lambda: SettingsForm.base_fields["zone"].choices)

    def __init__(self, *args, person: User | None = None, **kwargs) -> None:
        self.person = person
        kwargs.setdefault("initial", _said(person) if person else {"zone": "Europe/Zurich", "level": 1})
        super().__init__(*args, **kwargs)
        self.button = "Save" if person else "Add and send the link"
        self.draft = f"person-{person.pk if person else 'new'}"
        stays = Q(pk=person.deputy_id) if person else Q()
        here = User.objects.filter(Q(is_active=True, left_at=None) | stays)
        self.fields["deputy"].queryset = here.exclude(pk=person.pk) if person else here

    def rows(self) -> list[Any]:
        """Two and two side by side; roles as a list."""
        pairs = [Row("name", "email"), Row("title", "phone")]
        return ["seen", *pairs, "roles", Row("team", "deputy"), "level", "zone"]

    def given(self) -> dict[str, Any]:
        """Return what was typed, as `accounts.people` takes it."""
        typed = dict(self.cleaned_data)
        known = [role for role in Role.values if role in typed["roles"]]
        team, deputy = typed.pop("team"), typed.pop("deputy")
        return typed | {
            "email": typed["email"].lower(),
            "roles": tuple(known),
            "team_id": team.pk if team else None,
            "deputy_id": deputy.pk if deputy else None,
        }


def shown(person: User) -> list[dict[str, str]]:
    """Return what can be edited of a person by label, as it is now."""
    return _lines({**{name: getattr(person, name) for name in _PLAIN}, "roles": person.role_names})


def shown_typed(form: PersonForm) -> list[dict[str, str]]:
    """Return the same as it was typed."""
    typed = form.cleaned_data
    return _lines({**typed, "roles": [Role(role).label for role in typed["roles"]]})


_PLAIN = ("name", "email", "title", "phone", "team", "deputy", "level", "zone")


def _lines(values: dict[str, Any]) -> list[dict[str, str]]:
    values = values | {"level": dict(LEVELS)[values["level"]], "roles": ", ".join(values["roles"])}
    fields = PersonForm.base_fields
    return [{"name": fields[name].label, "value": str(values[name] or "—")} for name in (*_PLAIN, "roles")]


def _said(person: User) -> dict[str, Any]:
    said = {name: getattr(person, name) for name in ("name", "email", "title", "phone", "level", "zone")}
    keys = {"team": person.team_id, "deputy": person.deputy_id, "roles": list(person.roles)}
    return said | keys | {"seen": mark_of(person)}


class AbsenceForm(HouseForm):
    """Days away, both ends included."""

    button = "Note the days"
    from_on = forms.DateField(label="First day away", widget=forms.DateInput(attrs={"type": "date"}))
    to_on = forms.DateField(label="Last day away", widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """Refuse a year nobody means."""
        given = super().clean()
        for name, day in list(given.items()):
            if not FIRST_YEAR <= day.year <= LAST_YEAR:
                self.add_error(name, "This year is too far away. Check the date.")
        return given

    def rows(self) -> list[Any]:
        """Side by side."""
        return [Row("from_on", "to_on")]


class TeamForm(HouseForm):
    """A team and its lead."""

    name = forms.CharField(label="Name", max_length=120, error_messages={"required": "Give the team a name."})
    lead = forms.ModelChoiceField(label="Lead", queryset=User.objects.none(), required=False, empty_label="Nobody yet")

    def __init__(self, *args, team: Team | None = None, **kwargs) -> None:
        kwargs.setdefault("initial", {"name": team.name, "lead": team.lead_id} if team else {})
        super().__init__(*args, **kwargs)
        if team is None:
            self.button = "Add the team"
            del self.fields["lead"]
            return
        leads = User.objects.working_here().with_role(Role.LEAD).filter(team=team)
        self.fields["lead"].queryset = leads
        self.fields["lead"].help_text = "Somebody of this team who holds the role of a team lead."
