from api.models.answers import IdempotentAnswer
from api.models.oauth import OAuthAccessToken, OAuthApplication, OAuthGrant, OAuthRefreshToken
from api.models.tokens import Token, hash_token, new_token
from api.models.webhooks import (
    OPEN,
    DeliveryState,
    SwitchedOff,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)

__all__ = [
    "OPEN",
    "DeliveryState",
    "IdempotentAnswer",
    "OAuthAccessToken",
    "OAuthApplication",
    "OAuthGrant",
    "OAuthRefreshToken",
    "SwitchedOff",
    "Token",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookSecret",
    "hash_token",
    "new_token",
]
