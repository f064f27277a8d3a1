"""Addresses of the API about the one who asks."""

from django.urls import path

from accounts.api import views

urlpatterns = [path("me/", views.Myself.as_view(), name="me")]
