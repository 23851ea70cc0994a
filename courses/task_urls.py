"""Tasks on the job, for who does them."""

from django.urls import path

from courses import task_views

app_name = "tasks"
urlpatterns = [path("<slug:slug>/", task_views.task, name="task")]
