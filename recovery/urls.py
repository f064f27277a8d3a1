"""Every address; who may use each is listed in tests/architecture/audiences.py."""

from django.urls import include, path

from accounts import draft_views
from recovery import views

handler400 = "recovery.views.unreadable"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics_page, name="metrics"),
    path("logo", views.logo, name="logo"),
    path("drafts/<str:key>/", draft_views.keep, name="draft"),
    path("api/v1/", include("recovery.api_urls")),
    path("account/", include("accounts.urls")),
    path("account/", include("accounts.doors")),
    path("", include("mail.urls")),
    path("", include("surveys.urls")),
    path("", include("council.urls")),
    path("", include("cases.urls")),
]
