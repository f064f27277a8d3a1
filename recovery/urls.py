"""Every address; who may use each is listed in tests/architecture/audiences.py."""

from django.urls import include, path

from recovery import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics_page, name="metrics"),
    path("account/", include("accounts.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("mail/", include("mail.urls")),
    path("surveys/", include("surveys.urls")),
    path("council/", include("council.urls")),
    path("", include("cases.urls")),
]
