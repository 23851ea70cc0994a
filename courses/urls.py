from django.urls import path

from courses import (
    build_views,
    condition_views,
    package_views,
    publish_views,
    release_views,
    run_views,
    simulator_views,
    views,
)

app_name = "courses"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<slug:slug>/", views.course, name="course"),
    path("<slug:slug>/next/", views.go_on, name="next"),
    path("<slug:slug>/build/<uuid:uid>/condition/", condition_views.condition, name="condition"),
    path("<slug:slug>/simulate/", simulator_views.simulate, name="simulate"),
    path("<slug:slug>/releases/", release_views.releases, name="releases"),
    path("<slug:slug>/build/", build_views.build, name="build"),
    path("<slug:slug>/build/package/", package_views.export, name="export"),
    path("<slug:slug>/build/preview/", build_views.preview, name="preview"),
    path("<slug:slug>/build/publish/", publish_views.publish, name="publish"),
    path("<slug:slug>/build/publish/<uuid:uid>/", publish_views.impact, name="impact"),
    path("<slug:slug>/runs/", run_views.index, name="runs"),
    path("<slug:slug>/runs/<uuid:uid>/", run_views.detail, name="run"),
    path("<slug:slug>/runs/<uuid:uid>/people/", run_views.people, name="run-people"),
    path("<slug:slug>/runs/<uuid:uid>/file/", run_views.file, name="run-file"),
    path("<slug:slug>/runs/<uuid:uid>/settings/", run_views.settings, name="run-settings"),
    path("<slug:slug>/runs/<uuid:uid>/version/", run_views.version, name="run-version"),
]
