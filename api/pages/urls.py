from django.urls import path

from api.pages import applications, tokens, webhooks

app_name = "developers"

urlpatterns = [
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/all/", tokens.all_tokens, name="all-tokens"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="token-revoke"),
    path("applications/", applications.applications, name="applications"),
    path("applications/<int:pk>/leave/", applications.leave, name="application-leave"),
    path("applications/<int:pk>/delete/", applications.delete, name="application-delete"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<uuid:uid>/", webhooks.webhook, name="webhook"),
    path("webhooks/<uuid:uid>/rotate/", webhooks.rotate, name="webhook-rotate"),
    path("webhooks/<uuid:uid>/switch/", webhooks.switch, name="webhook-switch"),
    path("webhooks/<uuid:uid>/ping/", webhooks.ping, name="webhook-ping"),
    path("webhooks/<uuid:uid>/replay/", webhooks.replay, name="webhook-replay"),
    path("webhooks/<uuid:uid>/messages/<int:pk>/replay/", webhooks.replay_one, name="webhook-replay-one"),
    path("webhooks/<uuid:uid>/delete/", webhooks.delete, name="webhook-delete"),
]
