"""Addresses of the isolated host, in development only: the practice tool."""

from django.urls import path

from lti.views import practising

urlpatterns = [
    path("dev/tool/login", practising.login, name="practice-login"),
    path("dev/tool/start", practising.start, name="practice-start"),
    path("dev/tool/say", practising.say, name="practice-say"),
]
