"""Addresses of the API about surveys."""

from django.urls import path

from surveys.api import views

urlpatterns = [path("answers/", views.Answers.as_view(), name="answers")]
