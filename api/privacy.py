"""What the API knows about people."""

from django.utils.translation import gettext_lazy as _

from api.models import Token
from ecosystem.personal_data import OnErase, declare

declare(
    Token,
    "person", "name",
    purpose=_("to let a program act for somebody"),
    retention=_("until it expires or is revoked"),
    on_erase=OnErase.DELETE,
    hidden=("digest",),
)  # fmt: skip
