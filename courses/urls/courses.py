from django.urls import path

from courses.views import building, conditions, learning, packages, publishing, releases, runs, simulator

app_name = "courses"
urlpatterns = [
    path("", learning.mine, name="mine"),
    path("<slug:slug>/", learning.course, name="course"),
    path("<slug:slug>/next/", learning.go_on, name="next"),
    path("<slug:slug>/build/<uuid:uid>/condition/", conditions.condition, name="condition"),
    path("<slug:slug>/simulate/", simulator.simulate, name="simulate"),
    path("<slug:slug>/releases/", releases.releases, name="releases"),
    path("<slug:slug>/build/", building.build, name="build"),
    path("<slug:slug>/build/package/", packages.export, name="export"),
    path("<slug:slug>/build/preview/", building.preview, name="preview"),
    path("<slug:slug>/build/publish/", publishing.publish, name="publish"),
    path("<slug:slug>/build/publish/<uuid:uid>/", publishing.impact, name="impact"),
    path("<slug:slug>/runs/", runs.index, name="runs"),
    path("<slug:slug>/runs/<uuid:uid>/", runs.detail, name="run"),
    path("<slug:slug>/runs/<uuid:uid>/people/", runs.people, name="run-people"),
    path("<slug:slug>/runs/<uuid:uid>/file/", runs.file, name="run-file"),
    path("<slug:slug>/runs/<uuid:uid>/settings/", runs.settings, name="run-settings"),
    path("<slug:slug>/runs/<uuid:uid>/version/", runs.version, name="run-version"),
]
