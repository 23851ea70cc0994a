"""For who guides learners."""

from django.urls import path

from courses import task_views

app_name = "guiding"
urlpatterns = [
    path("", task_views.guiding, name="home"),
    path("<uuid:uid>/", task_views.report, name="report"),
]
