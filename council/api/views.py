"""What waits before the council."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.answers import only_known
from council import bench
from council.api import shapes
from council.queries import docket


class Docket(APIView):
    """Entries of the docket, of the cases the person may see."""

    @extend_schema(operation_id="read_docket", summary="Read the docket", tags=["Council"], responses=shapes.Docket)
    def get(self, request: Request) -> Response:
        """Read what waits for a decision, the heaviest first. Decisions are taken on the page."""
        only_known(request.query_params, ())
        items, total = docket.waiting(request.user, bench.sitting(), timezone.now())
        return Response(shapes.Docket({"waiting": total, "results": items}).data)
