"""Addresses of the API about the council."""

from django.urls import path

from council.api import views

urlpatterns = [path("docket/", views.Docket.as_view(), name="docket")]
