from django.urls import path

from handins import views

app_name = "handins"
urlpatterns = [
    path("", views.index, name="home"),
    path("files/<uuid:uid>/", views.download, name="file"),
    path("feedback/<uuid:uid>/", views.feedback, name="feedback"),
    path("<slug:slug>/", views.work, name="work"),
]
