"""Addresses of this app, one file a subject."""

from cases.urls import (
    before,
    case,
    causes,
    customers,
    desk,
    intake,
    manage,
    messages,
    promises,
    special,
    steps,
)

app_name = "cases"
urlpatterns = [
    *desk.urlpatterns,
    *before.urlpatterns,
    *case.urlpatterns,
    *special.urlpatterns,
    *steps.urlpatterns,
    *promises.urlpatterns,
    *customers.urlpatterns,
    *causes.urlpatterns,
    *manage.urlpatterns,
    *messages.urlpatterns,
    *intake.urlpatterns,
]
