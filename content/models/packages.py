"""Packages of other software (SCORM, cmi5): their files and units, and where each person is in them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ContentModel, ElementKey, PersonKey, TenantKey, TenantModel


class Standard(models.TextChoices):
    SCORM12 = "scorm12", "SCORM 1.2"
    SCORM2004 = "scorm2004", "SCORM 2004"
    CMI5 = "cmi5", "cmi5"


class UnitStatus(models.TextChoices):
    """What is known of a person in a unit, in the words of cmi."""

    BEGUN = "begun", _("begun")
    COMPLETED = "completed", _("completed")
    PASSED = "passed", _("passed")
    FAILED = "failed", _("not passed")


class Package(ContentModel):
    """The package of an element; another one in its place counts up ``revision``."""

    element = TenantKey("ecosystem.Element", models.CASCADE, related_name="packages")
    standard = models.CharField(_("standard"), max_length=10, choices=Standard.choices)
    name = models.CharField(_("name"), max_length=250)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    revision = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element"], name="package_once_per_element"),
            models.CheckConstraint(condition=models.Q(standard__in=Standard.values), name="package_standard_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class PackageFile(ContentModel):
    """One file of a package; ``path`` is where the package has it, ``file`` a name that nobody chose."""

    package = TenantKey("content.Package", models.CASCADE, related_name="files")
    path = models.CharField(max_length=250)
    size = models.PositiveBigIntegerField()
    file = models.FileField(upload_to="packages/", max_length=200)

    class Meta:
        verbose_name = _("file of a package")
        verbose_name_plural = _("files of packages")
        constraints = [models.UniqueConstraint(fields=["environment", "package", "path"], name="package_file_once")]

    def __str__(self) -> str:
        return self.path


class PackageUnit(ContentModel):
    """What is launched: a SCO or an asset of SCORM, an assignable unit of cmi5."""

    package = TenantKey("content.Package", models.CASCADE, related_name="units")
    position = models.PositiveSmallIntegerField()
    identifier = models.CharField(max_length=500)
    title = models.CharField(_("title"), max_length=200)
    path = models.CharField(max_length=250)
    query = models.TextField(blank=True)
    mastery = models.FloatField(_("score to pass"), null=True)
    launch_data = models.TextField(blank=True)
    move_on = models.CharField(max_length=20, blank=True)
    reports = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("part of a package")
        verbose_name_plural = _("parts of packages")
        constraints = [
            models.UniqueConstraint(fields=["environment", "package", "position"], name="package_unit_once"),
            models.CheckConstraint(
                condition=models.Q(mastery=None) | models.Q(mastery__gte=0, mastery__lte=1),
                name="package_unit_mastery_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class UnitState(TenantModel):
    """Where one person is in one unit. ``cmi`` is the run-time data that the package gets back; a player reported all of it."""

    person = PersonKey()
    element = ElementKey()
    identifier = models.CharField(max_length=500)
    status = models.CharField(_("state"), max_length=10, choices=UnitStatus.choices, default=UnitStatus.BEGUN)
    score = models.FloatField(_("score"), null=True)
    cmi = models.JSONField(default=dict)
    sequence = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()
    heard_at = models.DateTimeField(_("last heard of"))
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("state in a package")
        verbose_name_plural = _("states in packages")
        constraints = [
            models.UniqueConstraint(fields=["environment", "person", "element", "identifier"], name="unit_state_once"),
            models.CheckConstraint(
                condition=models.Q(score=None) | models.Q(score__gte=0, score__lte=1),
                name="unit_state_score_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.identifier} {self.status}"


class Launch(TenantModel):
    """One launch of a cmi5 unit. ``fetch_hash`` opens once and gives the token of ``auth_hash``, both kept as hashes."""

    never_copied = ("fetch_hash", "auth_hash")

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    person = PersonKey()
    element = ElementKey()
    identifier = models.CharField(max_length=500)
    registration = models.UUIDField()
    fetch_hash = models.CharField(max_length=64)
    auth_hash = models.CharField(max_length=64, blank=True)
    launched_at = models.DateTimeField()
    initialized_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("launch of a package")
        verbose_name_plural = _("launches of packages")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="launch_once"),
            models.UniqueConstraint(fields=["environment", "fetch_hash"], name="launch_fetch_once"),
        ]
        indexes = [models.Index(fields=["environment", "auth_hash"], name="launch_by_auth")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.identifier} {self.launched_at}"


class LaunchStatement(TenantModel):
    """An xAPI statement as a unit sent it; kept word for word, so that the same id twice is once."""

    uid = models.UUIDField()
    person = PersonKey()
    launch = TenantKey("content.Launch", models.CASCADE, related_name="statements")
    verb = models.CharField(max_length=500)
    body = models.JSONField()
    stored_at = models.DateTimeField()

    class Meta:
        verbose_name = _("statement of a package")
        verbose_name_plural = _("statements of packages")
        constraints = [models.UniqueConstraint(fields=["environment", "uid"], name="launch_statement_once")]

    def __str__(self) -> str:
        return self.verb


class UnitDocument(TenantModel):
    """What a unit keeps for itself (xAPI state, bookmarks among it) or knows of the person (agent profile)."""

    person = PersonKey()
    element = ElementKey()
    resource = models.CharField(max_length=10)
    activity = models.CharField(max_length=250, blank=True)
    key = models.CharField(max_length=250)
    media_type = models.CharField(max_length=100)
    body = models.TextField(blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("document of a package")
        verbose_name_plural = _("documents of packages")
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "person", "element", "resource", "activity", "key"], name="unit_document_once"
            ),
        ]

    def __str__(self) -> str:
        return self.key
