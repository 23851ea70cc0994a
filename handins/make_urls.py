"""Assignments, for whoever makes them."""

from django.urls import path

from handins import make_views, peer_marking_views

app_name = "assignments"
urlpatterns = [
    path("", make_views.home, name="home"),
    path("new/", make_views.new, name="new"),
    path("<slug:slug>/", make_views.settings, name="settings"),
    path("<slug:slug>/peers/", peer_marking_views.plan, name="peers"),
    path("<slug:slug>/rubric/", make_views.rubric, name="rubric"),
]
