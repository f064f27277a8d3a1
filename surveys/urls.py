"""Addresses of this app."""

from django.http import HttpResponse
from django.urls import path

app_name = "surveys"
urlpatterns = [path("surveys/", lambda request: HttpResponse("pending"), name="list")]
