"""Addresses: the case page and what is written on it."""

from django.http import HttpResponse
from django.urls import path


def _pending(request, **kwargs):
    return HttpResponse("pending")


urlpatterns = [
    path("cases/RC-<int:pk>/", _pending, name="case"),
]
