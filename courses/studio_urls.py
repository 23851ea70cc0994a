"""What is about no single course; beside ``courses/``, where every name could be the slug of one."""

from django.urls import path

from courses import build_views, package_views, run_views

app_name = "studio"
urlpatterns = [
    path("", build_views.studio, name="home"),
    path("new/", build_views.new, name="new"),
    path("import/", package_views.bring_in, name="import"),
    path("planning/", run_views.planning, name="planning"),
]
