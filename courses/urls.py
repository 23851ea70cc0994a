from django.urls import path

from courses import condition_views, release_views, simulator_views, views

app_name = "courses"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<slug:slug>/", views.course, name="course"),
    path("<slug:slug>/next/", views.go_on, name="next"),
    path("<slug:slug>/build/<uuid:uid>/condition/", condition_views.condition, name="condition"),
    path("<slug:slug>/simulate/", simulator_views.simulate, name="simulate"),
    path("<slug:slug>/releases/", release_views.releases, name="releases"),
]
