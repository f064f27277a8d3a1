"""Addresses: Today, the case list, search, logging a complaint."""

from django.http import HttpResponse
from django.urls import path

from cases.views import desk, listing


def _pending(request, **kwargs):
    return HttpResponse("pending")


urlpatterns = [
    path("", desk.today, name="today"),
    path("cases/", listing.listed, name="list"),
    path("cases/assign/", listing.assign, name="assign"),
    path("cases/new/", _pending, name="log"),
    path("search/", listing.find, name="search"),
]
