"""Addresses of this app."""

from django.http import HttpResponse
from django.urls import path

app_name = "council"
urlpatterns = [path("council/", lambda request: HttpResponse("pending"), name="docket")]
