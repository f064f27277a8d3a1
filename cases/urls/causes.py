"""Addresses: causes, exposures and changes."""

from django.urls import path

from cases.views import causes

urlpatterns = [
    path("learnings/", causes.learnings, name="learnings"),
    path("learnings/<int:pk>/", causes.cause, name="cause"),
    path("learnings/<int:pk>/checks/", causes.plan_check, name="cause_checks"),
    path("learnings/<int:pk>/checks/<int:check>/", causes.settle, name="cause_check"),
    path("learnings/<int:pk>/changes/", causes.add_change, name="cause_changes"),
    path("learnings/<int:pk>/actions/<int:action>/", causes.finish_action, name="cause_action"),
]
