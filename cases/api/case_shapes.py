"""What one case looks like: everything its page says of where it stands."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.serializers import Serializer

from accounts.api.shapes import Moment, Ref
from cases import enums, principles
from cases.api.shapes import CaseRow
from cases.models import Case, Due
from cases.queries import standing
from cases.queries.case_page import Page, Stand
from cases.queries.sums import PARTS
from cases.wording import as_text


class Step(Serializer):
    """One of the nine steps, with its clock."""

    number = serializers.IntegerField()
    step = serializers.CharField(source="slug")
    name = serializers.SerializerMethodField()
    state = serializers.ChoiceField(enums.StepState.choices)
    accepted_silently = serializers.BooleanField(source="silent")
    owner = serializers.CharField(allow_null=True, help_text="The name of whom it was given to, if to anybody.")
    due_at = Moment(source="clock.due_at", allow_null=True, default=None)
    done_at = Moment(allow_null=True)
    done_by = serializers.CharField(allow_null=True)
    waiver_proposed_at = Moment(source="proposed_at", allow_null=True)

    def get_name(self, step: Stand) -> str:
        """Return the name people read."""
        return enums.StepNumber(step.number).label


class Light(Serializer):
    """One of the seven principles."""

    number = serializers.IntegerField()
    principle = serializers.CharField()
    light = serializers.ChoiceField(principles.Light.choices)
    reason = serializers.CharField(help_text="Why, in words.")


class Promise(Serializer):
    """A dated commitment to the customer."""

    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(enums.PromiseKind.choices)
    text = serializers.CharField(source="words.text")
    form = serializers.ChoiceField(enums.PromiseForm.choices)
    owner = Ref(allow_null=True)
    made_at = Moment()
    due_at = Moment(allow_null=True)
    state = serializers.ChoiceField(enums.PromiseState.choices)
    settled_at = Moment(allow_null=True)


class Clock(Serializer):
    """One thing that is due: step, promise, action, decision, silence and the rest."""

    kind = serializers.ChoiceField(enums.DueKind.choices)
    step = serializers.SerializerMethodField(help_text="The number of the step, where it is one.")
    owner = Ref(allow_null=True)
    started_at = Moment()
    due_at = Moment()
    allowed = serializers.CharField(help_text="Such as 4h (working hours) or 5d (working days); empty for a date.")

    def get_step(self, due: Due) -> int | None:
        """Return the number of the step."""
        return due.ref if due.kind == enums.DueKind.STEP else None


class Texts(Serializer):
    """The single texts of a case; empty where nothing was written."""

    complaint = serializers.CharField(help_text="The customer's own words, never altered.")
    remedy = serializers.CharField(help_text="What would make it right.")
    expected = serializers.CharField()
    promised = serializers.CharField()
    delivered = serializers.CharField()


class CaseDetail(CaseRow):
    """A case with everything that says where it stands."""

    rev = serializers.IntegerField(help_text="Send it back when you change the case.")
    attempt = serializers.IntegerField()
    channel = serializers.ChoiceField(enums.Channel.choices)
    fault = serializers.ChoiceField(enums.Fault.choices)
    remedy_state = serializers.ChoiceField(enums.RemedyState.choices)
    reporter = Ref(allow_null=True)
    confirmer = Ref(allow_null=True, help_text="Who says whether it is put right.")
    team = Ref(allow_null=True)
    external_ref = serializers.CharField(help_text="Their own reference.")
    competitor = serializers.CharField()
    public_exposure = serializers.BooleanField()
    about_person = serializers.BooleanField()
    sensitive = serializers.BooleanField(help_text="Legal, safety or irregular.")
    merged_into = serializers.CharField(source="merged_into.number", allow_null=True, default=None)
    logged_at = Moment()
    resolved_at = Moment(allow_null=True)
    closed_at = Moment(allow_null=True)
    texts = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()
    lights = serializers.SerializerMethodField()
    promises = serializers.SerializerMethodField()
    clocks = serializers.SerializerMethodField(help_text="What runs now, the next to fall due first.")

    @property
    def _page(self) -> Page:
        return self.context["page"]

    @extend_schema_field(Texts)
    def get_texts(self, case: Case) -> dict[str, str]:
        """Return the single texts."""
        return {part: self._page.words[part] for part in PARTS}

    @extend_schema_field(Step(many=True))
    def get_steps(self, case: Case) -> list[dict[str, Any]]:
        """Return the steps that count, in their order."""
        return Step([step for _, step in sorted(self._page.steps.items())], many=True).data

    @extend_schema_field(Light(many=True))
    def get_lights(self, case: Case) -> list[dict[str, Any]]:
        """Return the seven lights, each with its reason."""
        return [_light(verdict, self._page) for verdict in principles.lights(standing.pulse(self._page))]

    @extend_schema_field(Promise(many=True))
    def get_promises(self, case: Case) -> list[dict[str, Any]]:
        """Return all promises by due time."""
        return Promise(self.context["promises"], many=True).data

    @extend_schema_field(Clock(many=True))
    def get_clocks(self, case: Case) -> list[dict[str, Any]]:
        """Return the running clocks."""
        return Clock(self.context["clocks"], many=True).data


def _light(verdict: principles.Verdict, page: Page) -> dict[str, Any]:
    about = {**verdict.facts, "case": page.case, "page": page, "now": page.now}
    return {
        "number": verdict.number,
        "principle": as_text("cases/lights.html", f"principle_{verdict.number}", about),
        "light": str(verdict.light),
        "reason": as_text("cases/lights.html", verdict.why, about),
    }
