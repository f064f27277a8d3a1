"""Addresses: Today, the case list, search, logging a complaint."""

from django.http import HttpResponse
from django.urls import path


def _pending(request, **kwargs):
    return HttpResponse("pending")


urlpatterns = [
    path("", _pending, name="today"),
    path("cases/", _pending, name="list"),
    path("cases/new/", _pending, name="log"),
    path("search/", _pending, name="search"),
]
