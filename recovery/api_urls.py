"""Addresses of the API, version 1: each app's own, the description, and the page that explains it."""

from django.urls import path

from accounts.api.urls import urlpatterns as you
from cases.api.urls import urlpatterns as cases
from council.api.urls import urlpatterns as council
from recovery import api
from surveys.api.urls import urlpatterns as surveys

app_name = "api"
urlpatterns = [
    path("", api.explained, name="explained"),
    path("schema/", api.schema, name="schema"),
    *you,
    *cases,
    *surveys,
    *council,
]
