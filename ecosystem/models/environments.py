from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as # and six digits, such as #0B6E69."))
HOST_NAME = RegexValidator(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", _("Write a host name in small letters, without port."))


class Font(models.TextChoices):
    FIGTREE = "figtree", "Figtree"
    NUNITO = "nunito", "Nunito"
    ATKINSON = "atkinson", "Atkinson Hyperlegible Next"


class Environment(models.Model):
    """A customer (root) or a subenvironment of one. Not a tenant row: it is what the others belong to.

    Readable before any scope is open, because the host name of a request decides on it.
    """

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Amsterdam")
    brand = models.CharField(_("brand colour"), max_length=7, default="#0B6E69", validators=[COLOUR])
    accent = models.CharField(_("accent colour"), max_length=7, default="#E8743B", validators=[COLOUR])
    font = models.CharField(_("font"), max_length=20, choices=Font.choices, default=Font.FIGTREE)
    radius = models.PositiveSmallIntegerField(
        _("corner radius in pixels"), default=16, validators=[MaxValueValidator(24)]
    )
    logo_svg = models.TextField(_("logo (SVG)"), blank=True)
    favicon_svg = models.TextField(_("icon of the browser tab (SVG)"), blank=True)
    theme_css = models.TextField(editable=False, blank=True)
    theme_hash = models.CharField(max_length=16, editable=False, blank=True)
    words = models.JSONField(_("own words"), default=dict, blank=True)
    legal = models.JSONField(_("legal pages"), default=dict, blank=True)
    # What the settings come to here, key -> value, kept by services.settings; language and time zone have their columns.
    resolved = models.JSONField(default=dict, editable=False, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, editable=False)
    remove_at = models.DateTimeField(_("goes for good at"), null=True, editable=False)

    class Meta:
        verbose_name = _("environment")
        verbose_name_plural = _("environments")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(remove_at=None) | models.Q(archived_at__isnull=False),
                name="environment_removed_only_from_the_archive",
            ),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="environment_not_its_own_parent"),
            models.CheckConstraint(condition=models.Q(radius__lte=24), name="environment_radius_in_range"),
        ]

    def __str__(self) -> str:
        return self.name


class EnvironmentAncestor(models.Model):
    """The tree as pairs, each environment with itself and all above it; what may be offered down hangs on it."""

    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="ancestor_links")
    ancestor = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="descendant_links")
    depth = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["environment", "ancestor"], name="environment_ancestor_once")]

    def __str__(self) -> str:
        return f"{self.environment_id} below {self.ancestor_id}"


class EnvironmentSetting(models.Model):
    """A value that an environment has of its own; without a row it has that of the environment above.

    ``locked``: it holds for everything below, whatever that has of its own. Outside row-level security as the
    environment itself: it is read up the tree, and to tell what a change above would do below.
    """

    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="own_settings")
    key = models.CharField(max_length=40)
    value = models.JSONField()
    locked = models.BooleanField(_("locked"), default=False)

    class Meta:
        verbose_name = _("setting")
        verbose_name_plural = _("settings")
        constraints = [models.UniqueConstraint(fields=["environment", "key"], name="setting_once_per_environment")]

    def __str__(self) -> str:
        return self.key


class Host(models.Model):
    """A host name on which an environment is served."""

    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="hosts")
    name = models.CharField(_("host name"), max_length=253, unique=True, validators=[HOST_NAME])
    is_primary = models.BooleanField(_("used in links"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["environment"], condition=models.Q(is_primary=True), name="host_one_primary_per_environment"
            ),
            models.CheckConstraint(
                condition=models.Q(name=models.functions.Lower("name")), name="host_name_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.name
