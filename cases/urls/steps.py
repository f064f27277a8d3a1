"""Addresses: the nine steps of a case."""

from django.http import HttpResponse
from django.urls import path


def _pending(request, **kwargs):
    return HttpResponse("pending")


urlpatterns = [
    path("cases/RC-<int:pk>/steps/<slug:step>/", _pending, name="step"),
]
