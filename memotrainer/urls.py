from django.urls import path

from memotrainer import views

app_name = "memotrainer"
urlpatterns = [
    path("", views.session, name="session"),
    path("session/", views.session_data, name="session-data"),
    path("answers/", views.answers, name="answers"),
    path("card/<int:pk>/", views.card, name="card"),
    path("progress/", views.progress, name="progress"),
    path("settings/", views.wishes, name="settings"),
    path("sw.js", views.worker, name="worker"),
]
