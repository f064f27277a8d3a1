"""The question about figures as a form by GET that reads as a sentence. What cannot be understood narrows nothing."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.http import QueryDict

from accounts.models import Team, User
from cases.enums import Severity, Tier
from cases.models import Case, Category
from council import periods
from council.figures.asked import DAYS, NAMES, USUAL, Asked, may_compare_owners, spans

PERIODS = [*((name, words) for name, (words, *_) in NAMES.items()), (DAYS, "these days")]
NOBODY = "none"
MOST_DAYS = 3 * 366


class Choosing(forms.Form):
    """One field a word of the sentence. `asked` returns what was understood; nothing here raises."""

    period = forms.ChoiceField(label="in", choices=PERIODS, required=False)
    first = forms.DateField(label="from", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="to", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    team = forms.CharField(label="team", required=False)
    category = forms.CharField(label="about", required=False)
    tier = forms.ChoiceField(label="customers", choices=[("", "all"), *Tier.choices], required=False)
    severity = forms.ChoiceField(label="severity", choices=[("", "any"), *Severity.choices], required=False)
    owner = forms.CharField(label="owner", required=False)
    history = forms.ChoiceField(
        label="cases from before Goldseam", choices=[("", "left out"), ("with", "included")], required=False
    )
    kind = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    cause = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, given: QueryDict, *, reader: User) -> None:
        super().__init__({"period": USUAL, **given.dict()})
        self.reader = reader
        named = names(reader)
        self.fields["team"].widget = _select("every team", named["team"])
        self.fields["category"].widget = _select("anything", named["category"])
        if may_compare_owners(reader):
            self.fields["owner"].widget = _select("anybody", named["owner"])
        else:
            del self.fields["owner"]
        for name in ("period", "team", "category", "tier", "severity", "owner", "history"):
            if name in self.fields:
                self.fields[name].widget.attrs["data-sends"] = ""

    def add_prefix(self, field_name: str) -> str:
        """Name the days as they stand in the address."""
        return {"first": "from", "last": "to"}.get(field_name, field_name)

    def asked(self, now: datetime) -> Asked:
        """Return the question; this quarter where no period was understood."""
        self.is_valid()
        said = self.cleaned_data
        name, (period, before) = self._span(said, now)
        found = Asked(self.reader, now, name, period, before, self._filters(said), said.get("history") == "with")
        if "owner" in found.filters and not self.reader.on_council:  # a lead compares the people of the own team
            return found.with_filter(team=self.reader.team_id)
        return found

    def _span(self, said: dict[str, Any], now: datetime) -> tuple[str, tuple[periods.Period, periods.Period]]:
        zone, name = settings.HOME_ZONE, said.get("period") or USUAL
        if name != DAYS:
            return name, spans(name, now, zone)
        first, last = said.get("first"), said.get("last")
        if not _fits(first, last):
            return USUAL, spans(USUAL, now, zone)
        period = periods.stretch(first, last, zone)
        return DAYS, (period, periods.stretch_before(period, zone))

    def _filters(self, said: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {name: said[name] for name in ("tier", "severity", "kind", "cause") if said.get(name)}
        for name in ("team", "category", "owner"):
            value = said.get(name, "")
            if value == NOBODY:
                found[name] = None
            elif value.isascii() and value.isdigit() and len(value) < 19:
                found[name] = int(value)
        return found


def _fits(first: date | None, last: date | None) -> bool:
    return first is not None and last is not None and 0 <= (last - first).days < MOST_DAYS and 1900 < first.year < 2200


def _select(nothing: str, rows: list[tuple[int, str]]) -> forms.Select:
    return forms.Select(choices=[("", nothing), *rows, (NOBODY, "none")])


def names(reader: User) -> dict[str, list[tuple[int, str]]]:
    """Return teams, categories and the people whose figures this person may compare, by name. One statement.

    A lead compares the people of the own team, the council all who ever owned a case.
    """
    people = User.objects.filter(Exists(Case.objects.filter(owner=OuterRef("pk"))))
    people = people if reader.on_council else people.filter(team=reader.team_id)
    rows = [_named("team", Team.objects.all()), _named("category", Category.objects.all())]
    if may_compare_owners(reader):
        rows.append(_named("owner", people))
    found: dict[str, list[tuple[int, str]]] = {"team": [], "category": [], "owner": []}
    for what, pk, name in sorted(rows[0].union(*rows[1:], all=True), key=lambda row: row[2]):
        found[what].append((pk, name))
    return found


def _named(what: str, rows: QuerySet) -> QuerySet:
    return rows.order_by().annotate(what=Value(what, CharField())).values_list("what", "pk", "name")


def names_of(form: Choosing, by: str) -> dict[Any, str]:
    """Return the names of a column's values, from the choices of the form."""
    field = form.fields[by]
    choices = field.choices if isinstance(field, forms.ChoiceField) else field.widget.choices
    return {value: str(name) for value, name in choices if value not in ("", NOBODY)}
