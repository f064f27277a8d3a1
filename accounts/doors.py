"""Addresses of signing in and out. Nobody signs up and nobody changes their address: administrators do that."""

from allauth.account import views
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, include, path, re_path

_PASSWORD: list[URLPattern] = [
    path("change/", views.password_change, name="account_change_password"),
    path("set/", views.password_set, name="account_set_password"),
    path("reset/", views.password_reset, name="account_reset_password"),
    path("reset/sent/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("reset/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]

# The company's own sign-in; its pages lead nowhere where it is not configured.
_COMPANY: list[URLPattern] = [
    path("<str:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("<str:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
    path("cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("error/", login_not_required(social.login_error), name="socialaccount_login_error"),
    # Says that an account is made by an administrator: see accounts/adapters.py.
    path("new/", social.signup, name="socialaccount_signup"),
]

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("confirm/", views.reauthenticate, name="account_reauthenticate"),
    # Says that an account is made by an administrator: see accounts/adapters.py.
    path("signup/", views.signup, name="account_signup"),
    path("password/", include(_PASSWORD)),
    path("2fa/", include("allauth.mfa.urls")),
    path("company/", include(_COMPANY)),
    path("sessions/", include("allauth.usersessions.urls")),
]
