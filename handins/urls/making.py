"""Assignments, for whoever makes them."""

from django.urls import path

from handins.views import making
from handins.views.reviewing import peers

app_name = "assignments"
urlpatterns = [
    path("", making.home, name="home"),
    path("new/", making.new, name="new"),
    path("<slug:slug>/", making.settings, name="settings"),
    path("<slug:slug>/peers/", peers.plan, name="peers"),
    path("<slug:slug>/rubric/", making.rubric, name="rubric"),
]
