"""Addresses of this app, one file a subject."""

from cases.urls import case, causes, customers, desk, manage, steps

app_name = "cases"
urlpatterns = [
    *desk.urlpatterns,
    *case.urlpatterns,
    *steps.urlpatterns,
    *customers.urlpatterns,
    *causes.urlpatterns,
    *manage.urlpatterns,
]
