"""Addresses: what happens to few cases: other ends, related cases, who sees a case, counsel's clearances."""

from django.urls import path

from cases.views import clearances, special

urlpatterns = [
    path("cases/RC-<int:pk>/ends/", special.ends, name="ends"),
    path("cases/RC-<int:pk>/ends/<int:ending>/", special.decide_end, name="ending"),
    path("cases/RC-<int:pk>/related/", special.related, name="related"),
    path("cases/RC-<int:pk>/related/<int:relation>/", special.unrelate, name="relation"),
    path("cases/RC-<int:pk>/seen-by/", special.seen_by, name="seen_by"),
    path("cases/RC-<int:pk>/seen-by/<int:reader>/", special.remove_reader, name="reader"),
    path("cases/RC-<int:pk>/acts/<slug:what>/", special.act, name="act"),
    path("clearances/", clearances.listed, name="clearances"),
    path("clearances/<int:pk>/", clearances.decide, name="clearance"),
]
