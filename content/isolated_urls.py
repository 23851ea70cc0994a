"""Addresses of the isolated host (ecosystem/isolated.py)."""

from django.urls import include, path

from content.views import isolated, xapi

XAPI = [
    path("fetch/<str:secret>/", xapi.fetch, name="xapi-fetch"),
    path("about", xapi.about, name="xapi-about"),
    path("statements", xapi.statements, name="xapi-statements"),
    path("activities/state", xapi.state, name="xapi-state"),
    path("agents/profile", xapi.agent_profile, name="xapi-agent-profile"),
    path("activities/profile", xapi.activity_profile, name="xapi-activity-profile"),
    path("agents", xapi.agents, name="xapi-agents"),
    path("activities", xapi.activities, name="xapi-activities"),
]
urlpatterns = [
    path("documents/<str:token>/", isolated.document, name="isolated-document"),
    path("packages/<str:token>/player/", isolated.player, name="player"),
    path("packages/<str:token>/ended/", isolated.ended, name="ended"),
    path("packages/<str:token>/files/<path:path>", isolated.package_file, name="package-file"),
    path("xapi/", include(XAPI)),
    # Some units add a slash to an endpoint that has one, others need the one it has.
    path("xapi//", include(XAPI)),
]
