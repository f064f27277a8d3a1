"""Addresses: messages that belong to no case, and what reached us altogether."""

from django.urls import path

from cases.views import intake

urlpatterns = [
    path("intake/", intake.queue, name="intake"),
    path("intake/<int:pk>/", intake.item, name="intake_item"),
    path("intake/<int:pk>/aside/", intake.set_aside, name="intake_aside"),
    path("intake/<int:pk>/back/", intake.bring_back, name="intake_back"),
    path("intake/<int:pk>/add/", intake.add, name="intake_add"),
    path("intake/<int:pk>/judge/", intake.judge, name="intake_judge"),
    path("arrivals/", intake.arrivals, name="arrivals"),
    path("arrivals/<int:pk>/intake/", intake.lay, name="arrival_lay"),
    path("arrivals/<int:pk>/again/", intake.again, name="arrival_again"),
]
