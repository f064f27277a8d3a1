"""The list of links with how many share each."""

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from cases import access
from cases.keyset import number_order
from cases.models import Cause, Customer, Link

NEWEST = number_order("id", falling=True)


def register(reader: User, *, kind: str = "", words: str = "") -> QuerySet[Link]:
    """Return links with `shared_by`, `behind` (cases the reader may see) and `causes_count`, in one statement."""
    rows = Link.objects.filter(kind=kind) if kind else Link.objects.all()
    if words:
        rows = rows.filter(Q(name__icontains=words))
    return rows.annotate(
        shared_by=_count(Customer.objects.filter(links=OuterRef("pk"), merged_into=None), "links"),
        behind=_count(access.visible_to(reader).filter(links=OuterRef("pk")), "links"),
        causes_count=_count(Cause.objects.filter(links=OuterRef("pk")), "links"),
    )


def _count(rows: QuerySet, by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
