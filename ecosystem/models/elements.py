import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models.base import TenantModel
from ecosystem.models.keys import ElementKey, PersonKey
from ecosystem.models.security import CompositeKey


class Lifecycle(models.TextChoices):
    SEED = "seed", _("seed")
    GROWING = "growing", _("growing")
    MATURE = "mature", _("mature")
    DECLINING = "declining", _("declining")
    RETIRED = "retired", _("retired")


class Visibility(models.TextChoices):
    PRIVATE = "private", _("only its makers")
    MEMBERS = "members", _("everyone here")


class Cover(models.TextChoices):
    """The drawings of ecosystem.art."""

    RINGS = "rings", _("rings")
    WAVES = "waves", _("waves")
    NODES = "nodes", _("nodes")
    LEAVES = "leaves", _("leaves")
    HILLS = "hills", _("hills")


class Element(TenantModel):
    """Everything that lives in the ecosystem, on the platform or outside it.

    Carries what is true of anything; the app of its kind hangs its own model on it one-to-one. Readable
    below where it has been offered.
    """

    element_column = "id"

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    slug = models.SlugField(max_length=100)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name=_("tags"))
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    cover = models.CharField(_("cover"), max_length=20, choices=Cover.choices, default=Cover.RINGS)
    url = models.URLField(_("address outside the platform"), blank=True)
    owner = PersonKey(null=True, blank=True, verbose_name=_("owner"))
    lifecycle = models.CharField(_("lifecycle"), max_length=12, choices=Lifecycle.choices, default=Lifecycle.GROWING)
    visibility = models.CharField(
        _("visible to"), max_length=12, choices=Visibility.choices, default=Visibility.MEMBERS
    )
    why = models.TextField(_("why it exists"), blank=True)
    review_on = models.DateField(_("review on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("element")
        verbose_name_plural = _("elements")
        constraints = [
            models.UniqueConstraint(fields=["environment", "slug"], name="element_slug_once"),
            models.UniqueConstraint(fields=["environment", "uid"], name="element_uid_once"),
            models.CheckConstraint(condition=~models.Q(title=""), name="element_has_title"),
            models.CheckConstraint(condition=models.Q(cover__in=Cover.values), name="element_cover_is_drawn"),
        ]
        indexes = [
            models.Index(fields=["environment", "kind", "title"], name="element_by_kind"),
            GinIndex(fields=["tags"], name="element_tags"),
        ]

    def __str__(self) -> str:
        return self.title


class Availability(TenantModel):
    """An element that may be used in an environment: one's own, or offered from an environment above.

    Rows that use an element point here, so the database refuses an element of a stranger, and refuses to
    withdraw one that is in use.
    """

    element = models.ForeignKey(Element, on_delete=models.CASCADE, related_name="availabilities", db_constraint=False)
    origin = models.ForeignKey("ecosystem.Environment", on_delete=models.PROTECT, related_name="+")
    offered = models.BooleanField(default=False)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = _("availabilities")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element"], name="availability_once"),
            models.CheckConstraint(
                condition=models.Q(offered=True) ^ models.Q(origin=models.F("environment")),
                name="availability_offered_means_from_above",
            ),
            # Offered only by an ancestor, and only what that ancestor owns.
            CompositeKey(
                name="availability_origin_is_above",
                columns=("environment_id", "origin_id"),
                target="ecosystem_environmentancestor",
                to=("environment_id", "ancestor_id"),
            ),
            CompositeKey(
                name="availability_origin_owns_element",
                columns=("origin_id", "element_id"),
                target="ecosystem_element",
                to=("environment_id", "id"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["environment"],
                include=["element"],
                condition=models.Q(offered=True),
                name="availability_offered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.element_id} in {self.environment_id}"


class Credit(TenantModel):
    """Who made an element. The name is kept as it was, so the credit stays through copies and departures."""

    element_column = "element_id"
    element = models.ForeignKey(Element, on_delete=models.CASCADE, related_name="credits", db_constraint=False)
    person = PersonKey(null=True, blank=True, verbose_name=_("person"))
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=40, default="author")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["environment", "element", "name", "role"], name="credit_once"),
            CompositeKey(
                name="credit_element_scoped",
                columns=("environment_id", "element_id"),
                target="ecosystem_element",
                to=("environment_id", "id"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"


class ConnectionKind(models.TextChoices):
    PREPARES_FOR = "prepares_for", _("prepares for")
    PRACTISES = "practises", _("practises")
    APPLIES = "applies", _("applies")
    ASSESSES = "assesses", _("assesses")
    REINFORCES = "reinforces", _("reinforces")
    RECOMMENDS = "recommends", _("recommends")
    REPLACES = "replaces", _("replaces")


class Connection(TenantModel):
    """A directed edge between two elements, with the effect somebody expects of it."""

    source = ElementKey(related_name="connections_out", verbose_name=_("from"))
    target = ElementKey(related_name="connections_in", verbose_name=_("to"))
    kind = models.CharField(_("kind"), max_length=20, choices=ConnectionKind.choices)
    hypothesis = models.TextField(_("what we expect of it"), blank=True)
    owner = PersonKey(null=True, blank=True, verbose_name=_("owner"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        constraints = [
            models.UniqueConstraint(fields=["environment", "source", "target", "kind"], name="connection_once"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="connection_joins_two"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
