"""For who guides learners."""

from django.urls import path

from courses.views import tasks

app_name = "guiding"
urlpatterns = [
    path("", tasks.guiding, name="home"),
    path("<uuid:uid>/", tasks.report, name="report"),
]
