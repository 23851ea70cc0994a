from django.urls import path

from events import calendar_views

app_name = "calendar"
urlpatterns = [
    path("", calendar_views.home, name="home"),
    path("address/", calendar_views.make, name="address"),
    path("address/end/", calendar_views.end, name="address-end"),
    path("<str:secret>.ics", calendar_views.feed, name="feed"),
]
