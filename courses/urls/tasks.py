"""Tasks on the job, for who does them."""

from django.urls import path

from courses.views import tasks

app_name = "tasks"
urlpatterns = [path("<slug:slug>/", tasks.task, name="task")]
