"""Addresses: promises over all cases, moving and deciding one, check-ins."""

from django.urls import path

from cases.views import check_ins, promises

urlpatterns = [
    path("promises/", promises.ledger, name="ledger"),
    path("promises/<int:pk>/kept/", promises.mark, name="promise_kept"),
    path("promises/<int:pk>/move/", promises.move, name="promise_move"),
    path("promises/<int:pk>/decide/", promises.decide, name="promise_decide"),
    path("cases/RC-<int:pk>/check-ins/<int:check>/", check_ins.check_in, name="check_in"),
    path("cases/RC-<int:pk>/check-ins/<int:check>/letter/", check_ins.ask, name="check_in_ask"),
    path("cases/RC-<int:pk>/check-ins/<int:check>/letter/seen/", check_ins.letter, name="check_in_letter"),
]
