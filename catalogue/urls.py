from django.urls import path

from catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.item, name="item"),
    path("<slug:slug>/enrol/", views.enrol, name="enrol"),
]
