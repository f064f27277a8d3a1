"""Addresses about people of ours; signing in itself is at the same place, see recovery/urls.py."""

from django.urls import path

from accounts import people_views, token_views, views

app_name = "accounts"
urlpatterns = [
    path("", views.own_settings, name="settings"),
    path("tokens/", token_views.listed, name="tokens"),
    path("tokens/new/", token_views.new, name="token_new"),
    path("tokens/everybody/", token_views.everybody, name="all_tokens"),
    path("tokens/<int:pk>/revoke/", token_views.revoke, name="token_revoke"),
    path("people/", people_views.listed, name="people"),
    path("people/new/", people_views.new, name="person_new"),
    path("people/<int:pk>/", people_views.person, name="person"),
    path("people/<int:pk>/link/", people_views.invite, name="invite"),
    path("people/<int:pk>/back/", people_views.come_back, name="come_back"),
    path("people/<int:pk>/away/", people_views.add_absence, name="absences"),
    path("people/<int:pk>/away/<int:absence>/", people_views.remove_absence, name="absence"),
    path("teams/", people_views.team_list, name="teams"),
    path("teams/<int:pk>/", people_views.team, name="team"),
]
