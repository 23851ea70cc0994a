"""Recordings and pages of hand-ins, on the isolated host."""

from django.urls import path

from handins import isolated_views

urlpatterns = [
    path("handins/<str:token>/", isolated_views.recording, name="isolated-recording"),
]
