from django.urls import path

from events import here_views, views

app_name = "events"
urlpatterns = [
    path("", views.index, name="home"),
    path("here/<int:pk>/<str:code>/", here_views.here, name="here"),
    path("<slug:slug>/", views.event, name="event"),
    path("<slug:slug>/calendar.ics", views.calendar, name="calendar"),
]
