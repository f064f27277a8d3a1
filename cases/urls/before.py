"""Addresses: what is in sight before it breaks, and signals from our own books."""

from django.urls import path

from cases.views import before

urlpatterns = [
    path("before/", before.before, name="before"),
    path("before/signals/", before.signals_page, name="signals"),
    path("before/signals/file/", before.read_in, name="signals_file"),
    path("before/signals/<int:pk>/open/", before.open_case, name="signal_open"),
    path("before/signals/<int:pk>/dismiss/", before.dismiss, name="signal_dismiss"),
]
