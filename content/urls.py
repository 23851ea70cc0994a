from django.urls import path

from content import views

app_name = "content"
urlpatterns = [
    path("learn/<slug:slug>/", views.page, name="page"),
    path("learn/<slug:slug>/done/", views.finish, name="finish"),
]
