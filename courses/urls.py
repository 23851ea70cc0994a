from django.urls import path

from courses import views

app_name = "courses"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<slug:slug>/", views.course, name="course"),
    path("<slug:slug>/next/", views.go_on, name="next"),
]
