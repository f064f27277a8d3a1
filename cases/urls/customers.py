"""Addresses: customers and the people there."""

from django.http import HttpResponse
from django.urls import path


def _pending(request, **kwargs):
    return HttpResponse("pending")


urlpatterns = [
    path("customers/", _pending, name="customers"),
    path("customers/<int:pk>/", _pending, name="customer"),
]
