"""Addresses: causes, exposures and changes."""

from django.http import HttpResponse
from django.urls import path


def _pending(request, **kwargs):
    return HttpResponse("pending")


urlpatterns = [
    path("learnings/", _pending, name="learnings"),
]
