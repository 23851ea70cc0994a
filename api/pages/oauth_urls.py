from django.urls import path

from api.pages.applications import Authorize, GiveToken, RevokeToken, metadata

urlpatterns = [
    path("oauth/authorize/", Authorize.as_view(), name="oauth-authorize"),
    path("oauth/token/", GiveToken.as_view(), name="oauth-token"),
    path("oauth/revoke/", RevokeToken.as_view(), name="oauth-revoke"),
    path(".well-known/oauth-authorization-server", metadata, name="oauth-metadata"),
]
