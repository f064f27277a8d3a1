"""Addresses of this app, one file a subject."""

from cases.urls import case, causes, customers, desk, manage, promises, special, steps

app_name = "cases"
urlpatterns = [
    *desk.urlpatterns,
    *case.urlpatterns,
    *special.urlpatterns,
    *steps.urlpatterns,
    *promises.urlpatterns,
    *customers.urlpatterns,
    *causes.urlpatterns,
    *manage.urlpatterns,
]
