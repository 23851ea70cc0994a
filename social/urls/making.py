"""Discussions, for whoever makes them."""

from django.urls import path

from social.views import making

app_name = "prompts"
urlpatterns = [
    path("", making.home, name="home"),
    path("new/", making.new, name="new"),
    path("<slug:slug>/", making.settings, name="settings"),
]
