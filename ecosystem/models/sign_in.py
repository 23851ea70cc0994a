"""Where somebody is signed in, and the letters that sign-in sends."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.models.base import EVERYTHING, TenantModel
from ecosystem.models.keys import PersonKey


class SignInMethod(models.TextChoices):
    PASSWORD = "password", _("password")
    CODE = "code", _("code by e-mail")
    PASSKEY = "passkey", _("passkey")
    ORGANISATION = "organisation", _("account of the organisation")
    INVITATION = "invitation", _("invitation")


class SignIn(TenantModel):
    """One session of one person on one environment, as long as it is not ended.

    The session names this row, the row never names the session. ``device_hash`` is of a cookie that stays when a
    session ends, so that the next sign-in with the same browser is nothing new.
    """

    person = PersonKey(db_index=False)
    method = models.CharField(_("with"), max_length=20, choices=SignInMethod.choices)
    device = models.CharField(_("device"), max_length=60)
    device_hash = models.CharField(max_length=64)
    began_at = models.DateTimeField(_("signed in"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        indexes = [models.Index(fields=["environment", "person", "-seen_at"], name="sign_in_of_person")]

    def __str__(self) -> str:
        return self.device


class AccountLetter(TenantModel):
    """A letter of sign-in that waits to be sent; it goes away with the sending.

    ``to`` is empty when nobody here has the address asked for: that costs a request as much as a true letter does.
    ``sealed`` holds what the letter says, such as a code.
    """

    never_copied = EVERYTHING

    system = True

    to = models.EmailField(blank=True)
    kind = models.CharField(max_length=30)
    sealed = models.TextField()
    due_at = models.DateTimeField(null=True, default=timezone.now)
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("letter of sign-in")
        verbose_name_plural = _("letters of sign-in")
        indexes = [models.Index(fields=["due_at"], name="account_letter_due")]

    def __str__(self) -> str:
        return self.kind
