"""The admin pages that django-oauth-toolkit brings would show keys: applications have a page of their own."""

from django.contrib import admin

from api.models import OAuthAccessToken, OAuthApplication, OAuthGrant, OAuthRefreshToken

admin.site.unregister([OAuthApplication, OAuthGrant, OAuthAccessToken, OAuthRefreshToken])
