"""What is about no single course; beside ``courses/``, where every name could be the slug of one."""

from django.urls import path

from courses.views import building, packages, runs

app_name = "studio"
urlpatterns = [
    path("", building.studio, name="home"),
    path("new/", building.new, name="new"),
    path("import/", packages.bring_in, name="import"),
    path("planning/", runs.planning, name="planning"),
]
