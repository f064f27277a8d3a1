"""Addresses of this app."""

from django.urls import path

from mail import mailbox_views, notice_views, views, webhook_views

app_name = "mail"
urlpatterns = [
    path("letters/", views.letters, name="letters"),
    path("letters/test/", views.test, name="test"),
    path("letters/<int:pk>/", views.letter, name="letter"),
    path("letters/<int:pk>/preview/", views.preview, name="preview"),
    path("letters/<int:pk>/retry/", views.retry, name="retry"),
    path("hooks/mail/<slug:provider>/<slug:kind>/", webhook_views.hook, name="hook"),
    path("mailboxes/", mailbox_views.listed, name="mailboxes"),
    path("mailboxes/new/", mailbox_views.new, name="mailbox_new"),
    path("mailboxes/<int:pk>/", mailbox_views.change, name="mailbox"),
    path("notices/", notice_views.listed, name="notices"),
    path("notices/read/", notice_views.read_all, name="read_all"),
    path("notices/<int:pk>/read/", notice_views.read, name="read"),
]
