"""Addresses: administration of rules."""

from django.http import HttpResponse
from django.urls import path


def _pending(request, **kwargs):
    return HttpResponse("pending")


urlpatterns = [
    path("manage/", _pending, name="manage"),
]
