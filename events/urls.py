from django.urls import path

from events import views

app_name = "events"
urlpatterns = [
    path("", views.index, name="home"),
    path("<slug:slug>/", views.event, name="event"),
    path("<slug:slug>/calendar.ics", views.calendar, name="calendar"),
]
