"""Events, for who organises them."""

from django.urls import path

from events import organise_views

app_name = "organise"
urlpatterns = [
    path("", organise_views.home, name="home"),
    path("new/", organise_views.new, name="new"),
    path("attendance/<int:pk>/", organise_views.attendance, name="attendance"),
    path("<slug:slug>/", organise_views.event, name="event"),
    path("<slug:slug>/settings/", organise_views.settings, name="settings"),
    path("<slug:slug>/sessions/", organise_views.session, name="session-new"),
    path("<slug:slug>/sessions/<int:pk>/", organise_views.session, name="session"),
    path("<slug:slug>/people/", organise_views.people, name="people"),
    path("<slug:slug>/cancel/", organise_views.cancel, name="cancel"),
]
