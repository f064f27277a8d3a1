"""The form of the policy: how much time each step has, who hears when it runs out, and the limits of gestures."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from cases.enums import Severity, StepNumber
from cases.forms.customers import AmountField, written
from cases.forms.rules import RulesForm
from cases.money import to_major, to_minor
from cases.policy import DEFAULT, Rules
from cases.rulebook import BY_SEVERITY, TIMED_STEPS, check_policy

RUNGS = 6
CHECK_INS = (1, 2, 3)
HEARERS = (("owner", "the owner"), ("lead", "the lead"), ("docket", "the council's docket"))
SINGLE = {
    "decision": "A decision of the council",
    "unassigned": "A case nobody owns",
    "refusal": "An answer to a first refusal",
    "promise_mark": "Saying whether a promise was kept",
}
NAMED = {"silence": "Longest silence", "exposure": "Telling others who could be hit"}
GIVERS = {"manager": "An account manager", "lead": "A team lead", "chair": "The chair"}
_TIME = re.compile(r"(\d{1,4})\s*(m|h|d)[a-z]*", re.IGNORECASE)


class TimeField(forms.Field):
    """A working time: 30m, 4h or 5d. Days end at closing time. Cleans to that short form."""

    def __init__(self, label: str):
        attrs = {"aria-label": label, "autocomplete": "off", "maxlength": 20}
        missing = {"required": "Write a working time, such as 30m, 4h or 5d."}
        super().__init__(label=label, widget=forms.TextInput(attrs=attrs), error_messages=missing)

    def to_python(self, value) -> str:
        """Read `4h`, `4 h`, `4 hours`, `5 days`."""
        text = str(value or "").strip()
        if not text:
            return ""
        match = _TIME.fullmatch(text[:40])
        if match is None:
            raise ValidationError("This is not a working time. Write 30m, 4h or 5d.", code="invalid")
        amount, unit = int(match[1]), match[2].lower()
        if not 0 < amount <= {"m": 1440, "h": 500, "d": 250}[unit]:
            raise ValidationError("A step needs some time, and at most a year.", code="range")
        return f"{amount}{unit}"


def _days(label: str, *, least: int = 1, most: int = 365, required: bool = True) -> forms.IntegerField:
    messages = {"required": "Write a number of days.", "invalid": "Write a whole number of days."}
    limits = {"min_value": least, "max_value": most}
    return forms.IntegerField(label=label, required=required, error_messages=messages, **limits)


class PolicyForm(RulesForm):
    """One version of the policy, field by field."""

    check = staticmethod(check_policy)

    def add_fields(self) -> None:
        """Add a field for each step and severity, then the rest."""
        for name, label in self.subjects().items():
            for severity in Severity:
                self.fields[f"{name}_{severity}"] = TimeField(f"{label}, {severity.label.lower()}")
        for name, label in SINGLE.items():
            self.fields[name] = TimeField(label)
        steps = ((step.slug, step.label) for step in (StepNumber.ACKNOWLEDGE, StepNumber.CONTAIN))
        self.fields["always"] = forms.MultipleChoiceField(
            label="Run day and night when critical", choices=steps, required=False, widget=forms.CheckboxSelectMultiple
        )
        for rung in range(1, RUNGS + 1):
            self._add_rung(rung)
        self._add_letters()
        self._add_limits()

    @staticmethod
    def subjects() -> dict[str, str]:
        """What has a time for each severity, with its label."""
        return {step.slug: step.label for step in TIMED_STEPS} | NAMED

    def _add_rung(self, rung: int) -> None:
        self.fields[f"rung_{rung}_at"] = forms.IntegerField(
            label=f"Rung {rung}: percent of the time", min_value=1, max_value=400, required=False
        )
        self.fields[f"rung_{rung}_to"] = forms.MultipleChoiceField(
            label=f"Rung {rung}: who hears", choices=HEARERS, required=False, widget=forms.CheckboxSelectMultiple
        )

    def _add_letters(self) -> None:
        self.fields["confirm_1"] = TimeField("First reminder to confirm, after")
        self.fields["confirm_2"] = TimeField("Second reminder to confirm, after")
        self.fields["confirm_docket"] = TimeField("No answer: to the council after")
        self.fields["survey_after"] = _days("Survey leaves after the confirmation, days", least=0)
        self.fields["survey_remind_1"] = _days("First survey reminder, day")
        self.fields["survey_remind_2"] = _days("Second survey reminder, day")
        self.fields["survey_open"] = _days("Survey stays open, days")
        self.fields["survey_apart"] = _days("One survey per person in, days")
        self.fields["check_in_1"] = _days("First check-in after the confirmation, day", most=1000)
        for place, nth in ((2, "Second"), (3, "Third")):
            self.fields[f"check_in_{place}"] = _days(f"{nth} check-in, day", most=1000, required=False)

    def _add_limits(self) -> None:
        for role, label in GIVERS.items():
            self.fields[f"gesture_{role}"] = AmountField(
                label=f"{label}, {settings.HOME_CURRENCY}", error_messages={"required": "Write a sum; nothing is 0."}
            )
        self.fields["repeat_days"] = _days("Cases count as repeated within, days")
        number = {"min_value": 2, "max_value": 50}
        self.fields["repeats"] = forms.IntegerField(label="To the docket from which case on", **number)
        self.fields["repeats_key"] = forms.IntegerField(label="The same for key accounts", **number)

    def said(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Return facts as the fields show them."""
        rules, whole = Rules(facts), {**DEFAULT, **facts}
        said: dict[str, Any] = {name: rules.time(name) for name in SINGLE} | {"always": whole["round_the_clock"]}
        for severity in Severity:
            said |= {f"{step.slug}_{severity}": rules.step_time(step, severity) for step in TIMED_STEPS}
            said |= {f"{name}_{severity}": rules.time(name, severity) for name in BY_SEVERITY}
        for place, rung in enumerate(rules.ladder[:RUNGS], 1):
            said |= {f"rung_{place}_at": rung.at, f"rung_{place}_to": list(rung.to)}
        return said | _letters_said(whole) | _limits_said(whole)

    def read(self) -> dict[str, Any]:
        """Return what was typed as facts of a version."""
        typed = self.cleaned_data
        steps = {step.slug: self._by_severity(step.slug) for step in TIMED_STEPS}
        facts = {name: {"*": typed[name]} for name in SINGLE} | {name: self._by_severity(name) for name in BY_SEVERITY}
        return {
            **{**DEFAULT, **self.before},
            **facts,
            "steps": steps,
            "round_the_clock": list(typed["always"]),
            "ladder": self._ladder(),
            "confirm": {"reminders": [typed["confirm_1"], typed["confirm_2"]], "docket": typed["confirm_docket"]},
            "survey": {
                "after_days": typed["survey_after"],
                "open_days": typed["survey_open"],
                "reminder_days": [typed["survey_remind_1"], typed["survey_remind_2"]],
                "apart_days": typed["survey_apart"],
            },
            "check_in_days": [day for place in CHECK_INS if (day := typed[f"check_in_{place}"])],
            "gesture_limits": {role: to_minor(typed[f"gesture_{role}"], settings.HOME_CURRENCY) for role in GIVERS},
            "repeat_days": typed["repeat_days"],
            "repeats": {"*": typed["repeats"], "key": typed["repeats_key"]},
        }

    def _by_severity(self, subject: str) -> dict[str, str]:
        return {str(severity): self.cleaned_data[f"{subject}_{severity}"] for severity in Severity}

    def _ladder(self) -> list[dict[str, Any]]:
        rungs = ((self.cleaned_data[f"rung_{n}_at"], self.cleaned_data[f"rung_{n}_to"]) for n in range(1, RUNGS + 1))
        return [{"at": at, "to": list(to)} for at, to in rungs if at is not None]

    def matrix(self) -> list[dict[str, Any]]:
        """Return the rows of the table of times: label and one field for each severity."""
        return [
            {"label": label, "cells": [self[f"{name}_{severity}"] for severity in Severity]}
            for name, label in self.subjects().items()
        ]

    def singles(self) -> list[forms.BoundField]:
        """Return the times that hold for every severity."""
        return [self[name] for name in SINGLE]

    def rungs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the rungs, percent and who hears."""
        return [(self[f"rung_{n}_at"], self[f"rung_{n}_to"]) for n in range(1, RUNGS + 1)]

    def letters(self) -> list[forms.BoundField]:
        """Return the times of confirm letters, surveys and check-ins."""
        return [self[name] for name in self.fields if name.startswith(("confirm_", "survey_", "check_in_"))]

    def limits(self) -> list[forms.BoundField]:
        """Return the limits of gestures and of repeats."""
        return [self[name] for name in self.fields if name.startswith(("gesture_", "repeat"))]


def _letters_said(facts: dict[str, Any]) -> dict[str, Any]:
    confirm, survey = facts["confirm"], facts["survey"]
    return {
        "confirm_1": confirm["reminders"][0],
        "confirm_2": confirm["reminders"][1],
        "confirm_docket": confirm["docket"],
        "survey_after": survey["after_days"],
        "survey_remind_1": survey["reminder_days"][0],
        "survey_remind_2": survey["reminder_days"][1],
        "survey_open": survey["open_days"],
        "survey_apart": survey["apart_days"],
        **{f"check_in_{place}": day for place, day in zip(CHECK_INS, facts["check_in_days"], strict=False)},
    }


def _limits_said(facts: dict[str, Any]) -> dict[str, Any]:
    home, limits = settings.HOME_CURRENCY, facts["gesture_limits"]
    said = {f"gesture_{role}": written(to_major(limits.get(role, 0), home)) for role in GIVERS}
    said |= {"repeat_days": facts["repeat_days"], "repeats": facts["repeats"]["*"]}
    return said | {"repeats_key": facts["repeats"].get("key", facts["repeats"]["*"])}
