"""Addresses about people of ours; signing in itself is at the same place, see recovery/urls.py."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.own_settings, name="settings"),
]
