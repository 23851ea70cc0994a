from django.urls import path

from ecosystem.routing import by_first_words
from lti.views import authoring, opening, registering, services

app_name = "lti"
urlpatterns = by_first_words(
    [
        path("tools/", authoring.home, name="home"),
        path("tools/new/", authoring.new, name="new"),
        path("tools/<slug:slug>/", opening.activity, name="activity"),
        path("tools/<slug:slug>/launch/", opening.launch, name="launch"),
        path("tools/<slug:slug>/settings/", authoring.settings, name="settings"),
        path("tools/<slug:slug>/people/", authoring.people, name="people"),
        path("lti/registrations/", registering.index, name="registrations"),
        path("lti/registrations/new/", registering.tool, name="registration-new"),
        path("lti/registrations/<int:pk>/", registering.tool, name="registration"),
        path("lti/keys/rotate/", registering.rotate, name="rotate"),
        # For software: the tools are told these addresses (lti/addresses.py).
        path("lti/auth", opening.auth, name="auth"),
        path("lti/jwks", services.jwks, name="jwks"),
        path("lti/token", services.token, name="token"),
        path("lti/items", services.items, name="items"),
        path("lti/items/<uuid:uid>", services.item, name="item"),
        path("lti/items/<uuid:uid>/scores", services.scores, name="scores"),
        path("lti/items/<uuid:uid>/results", services.results, name="results"),
    ]
)
