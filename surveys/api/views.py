"""What customers answered."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.answers import NotTaken, asked
from accounts.api.pages import filters_of, page, pages_of
from mail.pages import page_of
from surveys import queries
from surveys.api.shapes import AnswerRow
from surveys.models import SurveyVerdict
from surveys.narrowing import NarrowForm

PLACES = ("verdict", "after", "before")


class Answers(APIView):
    """Answers to surveys, of the cases the person may see."""

    @extend_schema(
        operation_id="list_answers",
        summary="List survey answers",
        tags=["Surveys"],
        parameters=[
            OpenApiParameter("verdict", str, enum=SurveyVerdict.values),
            *filters_of(NarrowForm, *NarrowForm.base_fields),
        ],
        responses=pages_of(AnswerRow),
    )
    def get(self, request: Request) -> Response:
        """List what customers answered, newest first, 25 a page."""
        form = asked(NarrowForm(request.query_params, reader=request.user), request.query_params, PLACES)
        verdict = request.query_params.get("verdict", "")
        if verdict and verdict not in SurveyVerdict.values:
            raise NotTaken({"verdict": ["Choose one of: " + ", ".join(SurveyVerdict.values) + "."]})
        found = page_of(queries.answers(request.user, verdict, form.read(), timezone.now()), request.query_params)
        return page(request, AnswerRow, found.rows, found)
