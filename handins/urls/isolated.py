"""Recordings and pages of hand-ins, on the isolated host."""

from django.urls import path

from handins.views import isolated

urlpatterns = [
    path("handins/<str:token>/", isolated.recording, name="isolated-recording"),
]
