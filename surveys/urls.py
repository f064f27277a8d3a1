"""Addresses: pages of customers, who have no account, and the surveys list."""

from django.urls import path

from surveys.views import confirm, listing, person, questions, report, results, status, survey

app_name = "surveys"
_CONFIRM, _SURVEY, _STATUS = {"purpose": "confirm"}, {"purpose": "survey"}, {"purpose": "status"}
urlpatterns = [
    path("surveys/", listing.listed, name="list"),
    path("surveys/results/", results.figures, name="results"),
    path("surveys/results/trust/", results.trust, name="trust_marks"),
    path("surveys/results/answers.csv", results.export, name="export"),
    path("surveys/<int:pk>/tag/", results.tag, name="tag"),
    path("surveys/questions/", questions.wording, name="questions"),
    path("surveys/questions/preview/<str:language>/", questions.preview, name="preview"),
    path("surveys/questions/test/", questions.test_letter, name="test_letter"),
    path("surveys/<int:pk>/decide/", listing.decide, name="decide"),
    path("report/", report.page, name="report"),
    path("report/thanks/", report.thanks, name="report_thanks"),
    path("confirm/<str:token>/", confirm.page, name="confirm"),
    path("confirm/<str:token>/word/", person.add_word, _CONFIRM, name="confirm_word"),
    path("confirm/<str:token>/person/", person.wish, _CONFIRM, name="confirm_person"),
    path("confirm/<str:token>/fresh/", person.fresh, _CONFIRM, name="confirm_fresh"),
    path("survey/<str:token>/", survey.page, name="survey"),
    path("survey/<str:token>/keep/", survey.keep, name="keep"),
    path("survey/<str:token>/stop/", survey.stop, name="stop"),
    path("survey/<str:token>/word/", person.add_word, _SURVEY, name="survey_word"),
    path("survey/<str:token>/person/", person.wish, _SURVEY, name="survey_person"),
    path("survey/<str:token>/fresh/", person.fresh, _SURVEY, name="survey_fresh"),
    path("status/<str:token>/", status.page, name="status"),
    path("status/<str:token>/word/", status.add_word, name="status_word"),
    path("status/<str:token>/promises/<int:promise>/", status.not_so, name="not_so"),
    path("status/<str:token>/holds/<int:check>/", status.holds, name="holds"),
    path("status/<str:token>/trust/", status.trust, name="trust"),
    path("status/<str:token>/back/", status.came_back, name="came_back"),
    path("status/<str:token>/person/", person.wish, _STATUS, name="status_person"),
    path("status/<str:token>/fresh/", person.fresh, _STATUS, name="status_fresh"),
]
