"""What people with power did. The runtime role may add and read entries, never change or remove one."""

from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import BrinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models.base import TenantModel
from ecosystem.models.changes import TransactionNumber


class AuditEntry(TenantModel):
    """One act in one environment: who, what, on which row, from which values to which.

    ``actor_id`` is no foreign key: whoever acts from an environment above is no member here, and the entry
    outlives the person. ``before`` and ``after`` hold only the fields that changed, never secrets. ``nonce`` goes into
    the hash of the entry, so that the hash of one that has been removed gives nothing away.
    """

    at = models.DateTimeField(_("when"))
    tx = TransactionNumber()
    nonce = models.UUIDField(db_default=RandomUUID(), editable=False)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("who"), max_length=120, blank=True)
    act = models.CharField(_("act"), max_length=80)
    model = models.CharField(_("kind of row"), max_length=80, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    object_name = models.CharField(_("what"), max_length=200, blank=True)
    before = models.JSONField(_("before"), default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        indexes = [
            models.Index(fields=["environment", "-at", "-id"], name="audit_newest"),
            models.Index(fields=["environment", "model", "object_id", "-id"], name="audit_of_object"),
            models.Index(fields=["environment", "actor_id", "-id"], name="audit_of_actor"),
            models.Index(fields=["environment", "tx", "id"], name="audit_in_feed"),
            BrinIndex(fields=["at"], name="audit_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.object_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Audit entries are never changed.")
        super().save(*args, **kwargs)


class AuditLink(TenantModel):
    """The place of one entry in the chain of its environment. PostgreSQL writes it at the commit; nobody else may.

    ``digest`` is over what the entry says, ``hash`` over the hash before, ``at`` and ``digest``
    (``ecosystem.audit_chain``). It stays when the entry has become too old to be kept.
    """

    entry_id = models.BigIntegerField()
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    position = models.BigIntegerField(null=True)  # null only inside the transaction that adds it
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("link of the audit log")
        verbose_name_plural = _("links of the audit log")
        constraints = [
            models.UniqueConstraint(fields=["environment", "position"], name="audit_link_position_once"),
            models.UniqueConstraint(fields=["environment", "entry_id"], name="audit_link_entry_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.entry_id}"
