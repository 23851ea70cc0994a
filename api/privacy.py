"""What the API knows about people."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from api.models import (
    IdempotentAnswer,
    OAuthAccessToken,
    OAuthApplication,
    OAuthGrant,
    OAuthRefreshToken,
    Token,
    WebhookDelivery,
    WebhookEndpoint,
)
from ecosystem.personal_data import OnErase, declare, no_personal_data

declare(
    Token,
    "person", "name",
    purpose=_("to let a program act for somebody"),
    retention=_("until it expires or is revoked"),
    on_erase=OnErase.DELETE,
    hidden=("digest",),
)  # fmt: skip
for model in (OAuthAccessToken, OAuthRefreshToken, OAuthGrant):
    declare(
        model,
        "user",
        purpose=_("to let an application act for somebody"),
        retention=_("until it expires or is taken back"),
        on_erase=OnErase.DELETE,
        called=_("access of applications"),
        hidden=("token", "token_checksum") if model is not OAuthGrant else ("code",),
        rows=lambda person: Q(user_id=person.pk),
    )
declare(
    OAuthApplication,
    "user",
    purpose=_("to know who registered an application"),
    retention=_("as long as the application is registered"),
    on_erase=OnErase.KEEP,
    because=_("it only points at the person, who has no name any more"),
    hidden=("client_secret",),
    rows=lambda person: Q(user_id=person.pk),
)
declare(
    WebhookEndpoint,
    "created_by",
    purpose=_("to know who added a webhook"),
    retention=_("as long as the webhook is there"),
    on_erase=OnErase.KEEP,
    because=_("it only points at the person, who has no name any more"),
    rows=lambda person: Q(created_by_id=person.pk),
)
declare(
    WebhookDelivery,
    "person", "body",
    purpose=_("to tell other software what happened, and to be able to tell it again"),
    retention=_("30 days after it was sent or given up"),
    on_erase=OnErase.DELETE,
    rows=lambda person: Q(person_id=person.pk) | Q(body__contains=person.email),
)  # fmt: skip
declare(
    IdempotentAnswer,
    "body",
    purpose=_("to give the same answer to a request that is sent twice"),
    retention=_("one day"),
    on_erase=OnErase.DELETE,
    called=_("answers kept for requests that are sent twice"),
    rows=lambda person: Q(body__contains=person.email),
)
no_personal_data("api.WebhookSecret", "keys that messages are signed with")
no_personal_data("oauth2_provider.IDToken", "stays empty: no OpenID Connect is offered")
no_personal_data("oauth2_provider.DeviceGrant", "stays empty: no device flow is offered")
