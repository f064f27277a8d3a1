"""Answers about the one who asks."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.shapes import Me


class Myself(APIView):
    """Whom this token stands for, and what it may do."""

    @extend_schema(operation_id="me", summary="Whom this token stands for", tags=["You"], responses=Me)
    def get(self, request: Request) -> Response:
        """Say who you are here. Good for trying a new token."""
        return Response(Me(request.auth).data)
