"""Customers and their people."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.answers import asked
from accounts.api.pages import filters_of, page, pages_of
from cases import access
from cases.api.customer_shapes import CustomerDetail, CustomerRow
from cases.forms.filters import CustomerFilters
from cases.queries import customers as query
from cases.stake import at_stake

TAG = ["Customers"]


class Customers(APIView):
    """All customers."""

    @extend_schema(
        operation_id="list_customers",
        summary="List customers",
        tags=TAG,
        parameters=filters_of(CustomerFilters, *CustomerFilters.base_fields),
        responses=pages_of(CustomerRow),
    )
    def get(self, request: Request) -> Response:
        """List customers by name, 25 a page."""
        chosen = asked(CustomerFilters(request.query_params), request.query_params).read()
        rows = query.narrowed(words=chosen["q"], tier=chosen["tier"], manager=chosen["manager"], reader=request.user)
        found = query.page(rows, request.query_params, reader=request.user, on=timezone.localdate())
        return page(request, CustomerRow, found.rows, found)


class OneCustomer(APIView):
    """One customer."""

    @extend_schema(operation_id="read_customer", summary="Read a customer", tags=TAG, responses=CustomerDetail)
    def get(self, request: Request, pk: int) -> Response:
        """Read a customer with their people, what they share with others, and what became of our promises."""
        row = access.customer_for(request.user, pk)
        row.sum = at_stake(row, timezone.localdate())
        about = {"people": query.people(row), "links": row.links.all(), "trust": query.trust(row, request.user)}
        return Response(CustomerDetail(row, context=about).data)
