"""Addresses: pages of customers, who have no account, and the surveys list."""

from django.urls import path

from surveys.views import confirm, listing, person, survey

app_name = "surveys"
_CONFIRM, _SURVEY = {"purpose": "confirm"}, {"purpose": "survey"}
urlpatterns = [
    path("surveys/", listing.listed, name="list"),
    path("surveys/<int:pk>/decide/", listing.decide, name="decide"),
    path("confirm/<str:token>/", confirm.page, name="confirm"),
    path("confirm/<str:token>/person/", person.wish, _CONFIRM, name="confirm_person"),
    path("confirm/<str:token>/fresh/", person.fresh, _CONFIRM, name="confirm_fresh"),
    path("survey/<str:token>/", survey.page, name="survey"),
    path("survey/<str:token>/keep/", survey.keep, name="keep"),
    path("survey/<str:token>/stop/", survey.stop, name="stop"),
    path("survey/<str:token>/person/", person.wish, _SURVEY, name="survey_person"),
    path("survey/<str:token>/fresh/", person.fresh, _SURVEY, name="survey_fresh"),
]
