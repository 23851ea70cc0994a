"""Documents that are downloaded or read in the page, and videos with how far each person has watched."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ContentModel, ElementKey, PersonKey, TenantKey, TenantModel


class Document(ContentModel):
    """The file of an element of the kind ``file``; ``media_type`` is what its content was found to be."""

    element = TenantKey("ecosystem.Element", models.CASCADE, related_name="documents")
    name = models.CharField(_("name"), max_length=250)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    file = models.FileField(upload_to="documents/", max_length=200)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [models.UniqueConstraint(fields=["environment", "element"], name="document_once_per_element")]

    def __str__(self) -> str:
        return self.name


class Video(ContentModel):
    """An MP4 with captions, or the reason why it needs none. ``seconds`` is its length, read from the file."""

    element = TenantKey("ecosystem.Element", models.CASCADE, related_name="videos")
    name = models.CharField(_("name"), max_length=250)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    seconds = models.FloatField(_("length in seconds"))
    file = models.FileField(upload_to="videos/", max_length=200)
    captions = models.FileField(upload_to="videos/", max_length=200, blank=True)
    no_captions_because = models.CharField(_("why it has no captions"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element"], name="video_once_per_element"),
            models.CheckConstraint(condition=models.Q(seconds__gt=0), name="video_has_a_length"),
            models.CheckConstraint(
                condition=~models.Q(captions="") | ~models.Q(no_captions_because=""),
                name="video_has_captions_or_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Watching(TenantModel):
    """Where one person is in a video: ``position`` to go on from, ``spans`` of seconds that their player has shown."""

    person = PersonKey()
    element = ElementKey()
    position = models.FloatField(_("position in seconds"), default=0)
    spans = models.JSONField(default=list)
    share = models.FloatField(_("watched share"), default=0)
    heard_at = models.DateTimeField(_("last heard of"))
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("watched video")
        verbose_name_plural = _("watched videos")
        constraints = [
            models.UniqueConstraint(fields=["environment", "person", "element"], name="watching_once"),
            models.CheckConstraint(condition=models.Q(share__gte=0, share__lte=1), name="watching_share_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.element_id} {self.share:.0%}"
