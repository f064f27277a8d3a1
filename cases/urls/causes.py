"""Addresses: causes, exposures and changes."""

from django.urls import path

from cases.views import cause_acts, causes, incident, links

urlpatterns = [
    path("learnings/", causes.learnings, name="learnings"),
    path("learnings/<int:pk>/", causes.cause, name="cause"),
    path("learnings/<int:pk>/checks/", causes.plan_check, name="cause_checks"),
    path("learnings/<int:pk>/checks/<int:check>/", causes.settle, name="cause_check"),
    path("learnings/<int:pk>/changes/", causes.add_change, name="cause_changes"),
    path("learnings/<int:pk>/actions/<int:action>/", causes.finish_action, name="cause_action"),
    path("learnings/<int:pk>/actions/", cause_acts.plan_action, name="cause_actions"),
    path("learnings/<int:pk>/whys/<slug:chain>/", cause_acts.whys, name="cause_whys"),
    path("learnings/<int:pk>/proof/", cause_acts.prove, name="cause_proof"),
    path("learnings/<int:pk>/guards/<int:action>/", cause_acts.remove_guard, name="cause_guard"),
    path("learnings/<int:pk>/tell/", incident.tell, name="cause_tell"),
    path("learnings/<int:pk>/exposures/<int:exposure>/case/", incident.open_found, name="cause_found"),
    path("learnings/links/", links.links, name="links"),
    path("learnings/links/file/", links.read_in, name="links_file"),
    path("learnings/links/<int:pk>/", links.rename, name="link_rename"),
    path("learnings/changes/<int:pk>/review/", cause_acts.look_again, name="change_review"),
]
