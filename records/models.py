"""Learning records and their deliveries.

``Statement`` is partitioned by month of ``stored_at`` (made in a migration: Django cannot declare it) and
append-only: the runtime role may insert and read, never change.
"""

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PersonKey, TenantModel
from ecosystem.models.changes import TransactionNumber


class Statement(TenantModel):
    """Somebody did something: actor, verb, object, result, context, xAPI-shaped.

    ``result``: {"scaled": 0..1, "success": bool, "completion": bool, "duration": seconds, "response": ...}.
    ``context``: {"run": id, "activity": uid, ...}; what it means belongs to the app that wrote it.
    """

    partitioned = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stored_at = models.DateTimeField()
    tx = TransactionNumber()
    occurred_at = models.DateTimeField()
    person = PersonKey(null=True, db_index=False)
    verb = models.CharField(_("verb"), max_length=64)
    element = ElementKey(null=True, db_index=False)
    result = models.JSONField(default=dict)
    context = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("learning record")
        verbose_name_plural = _("learning records")
        indexes = [
            models.Index(fields=["environment", "person", "-stored_at"], name="statement_of_person"),
            models.Index(fields=["environment", "element", "verb"], name="statement_of_element"),
            models.Index(fields=["environment", "tx", "id"], name="statement_in_feed"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.verb} {self.element_id}"

    @property
    def scaled(self) -> float | None:
        return self.result.get("scaled")

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Learning records are never changed.")
        super().save(*args, **kwargs)


class Fact(TenantModel):
    """That records of one verb exist of a person about an element: what conditions ask for.

    One row however often it happens, so asking costs the same after years of records. ``best`` is the highest
    ``result["scaled"]``. Kept by ``records.services.record`` in the transaction of the record.
    """

    person = PersonKey(db_index=False)
    element = ElementKey()
    verb = models.CharField(_("verb"), max_length=64)
    times = models.PositiveIntegerField(_("how often"), default=1)
    first_at = models.DateTimeField(_("first time"))
    last_at = models.DateTimeField(_("last time"))
    best = models.FloatField(_("best result"), null=True)

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        constraints = [
            models.UniqueConstraint(fields=["environment", "person", "element", "verb"], name="fact_once"),
            models.CheckConstraint(condition=models.Q(times__gte=1), name="fact_happened"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.verb} {self.element_id}"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")
    GIVEN_UP = "given_up", _("given up")


class Delivery(TenantModel):
    """One reaction that must see one statement: the outbox row, and the proof that it has been handled."""

    system = True

    statement_id = models.UUIDField()
    statement_stored_at = models.DateTimeField()
    reaction = models.CharField(max_length=120)
    queue = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["environment", "statement_id", "reaction"], name="delivery_once"),
            models.CheckConstraint(
                condition=models.Q(state="done") ^ models.Q(done_at=None), name="delivery_done_at_follows_state"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["due_at"], condition=models.Q(state="given_up"), name="delivery_given_up"),
        ]

    def __str__(self) -> str:
        return f"{self.reaction}: {self.state}"
