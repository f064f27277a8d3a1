"""Addresses: the nine steps of a case."""

from django.urls import path

from cases.views import steps

urlpatterns = [
    path("cases/RC-<int:pk>/steps/<slug:step>/", steps.step, name="step"),
    path("cases/RC-<int:pk>/steps/<slug:step>/letter/<slug:name>/", steps.letter, name="step_letter"),
]
