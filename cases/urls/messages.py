"""Addresses: messages that reached us, and what they say."""

from django.urls import path

from cases.views import messages

urlpatterns = [
    path("messages/<int:pk>/", messages.message, name="message"),
    path("messages/<int:pk>/page/", messages.page, name="message_page"),
    path("messages/<int:pk>/raw/", messages.raw, name="message_raw"),
    path("messages/<int:pk>/files/<int:place>/", messages.attachment, name="message_file"),
    path("cases/RC-<int:pk>/messages/<int:entry>/", messages.mark, name="mark"),
]
