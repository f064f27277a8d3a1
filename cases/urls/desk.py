"""Addresses: Today, the case list, search, logging a complaint."""

from django.urls import path

from cases.views import desk, listing, log, method, tone

urlpatterns = [
    path("", desk.today, name="today"),
    path("cases/", listing.listed, name="list"),
    path("cases/assign/", listing.assign, name="assign"),
    path("cases/new/", log.log, name="log"),
    path("cases/new/discard/", log.discard, name="log_discard"),
    path("cases/new/preview/", log.preview, name="log_preview"),
    path("cases/new/customers/", log.customers, name="log_customers"),
    path("cases/new/contacts/", log.contacts, name="log_contacts"),
    path("method/", method.method, name="method"),
    path("words/tone/", tone.tone, name="tone"),
    path("search/", listing.find, name="search"),
]
