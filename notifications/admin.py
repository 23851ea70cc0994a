from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ecosystem.admin_filters import WordFilter
from ecosystem.admin_site import ReadOnlyAdmin
from ecosystem.rules import is_admin
from notifications.exceptions import NotificationsError
from notifications.models import ChannelChoice, Mail, Notice, Preference, Push, PushDevice
from notifications.registry import notice_kinds
from notifications.services import mail_consider_sent, mail_send_again


class KindFilter(WordFilter):
    title, parameter_name = _("kind"), "kind"

    def words(self) -> Iterable[tuple[str, str | Promise]]:
        return [(kind.key, kind.label) for kind in notice_kinds]


class PostAdmin(ReadOnlyAdmin):
    """What single people are told, and how they want to be. For administrators, who run the place."""

    rule = staticmethod(is_admin)

    @admin.display(description=_("kind"), ordering="kind")
    def kind_words(self, row: Any) -> str:
        kind = notice_kinds.get(row.kind)
        return str(kind.label) if kind else row.kind


@admin.register(Mail)
class MailAdmin(PostAdmin):
    """What was sent, and what an operator should look at: failed and uncertain letters."""

    list_display = ("subject", "person", "kind_words", "mode", "state", "due_at", "sent_at", "attempts")
    list_filter = ("state", "mode", KindFilter, "ordinary")
    list_select_related = ("person",)
    search_fields = ("subject", "person__name", "person__email", "message_id")
    ordering = ("-due_at", "-pk")
    actions = ("send_again", "consider_sent")
    fields = (
        "person",
        "kind_words",
        "subject",
        "text",
        "message_id",
        "mode",
        "ordinary",
        "ordinary_on",
        "state",
        "created_at",
        "due_at",
        "claimed_at",
        "sent_at",
        "attempts",
        "error",
    )

    @admin.action(description=_("Send again"))
    def send_again(self, request: HttpRequest, chosen: QuerySet[Mail]) -> None:
        count = self._each(request, chosen, mail_send_again)
        if count:
            text = ngettext("%(n)s letter goes again.", "%(n)s letters go again.", count)
            self.message_user(request, text % {"n": count}, messages.SUCCESS)

    @admin.action(description=_("Consider sent"))
    def consider_sent(self, request: HttpRequest, chosen: QuerySet[Mail]) -> None:
        count = self._each(request, chosen, mail_consider_sent)
        if count:
            text = ngettext("%(n)s letter counts as sent.", "%(n)s letters count as sent.", count)
            self.message_user(request, text % {"n": count}, messages.SUCCESS)

    def _each(self, request: HttpRequest, chosen: QuerySet[Mail], act: Callable[..., None]) -> int:
        """Do it to each; what is refused is said by name and stops no other."""
        done = 0
        for mail in chosen:
            try:
                act(mail=mail, by=request.user)
                done += 1
            except NotificationsError as refusal:
                self.message_user(request, f"{mail}: {refusal}", messages.WARNING)
        return done


@admin.register(Notice)
class NoticeAdmin(PostAdmin):
    list_display = ("title", "person", "kind_words", "created_at", "seen_at", "in_app", "for_digest")
    list_filter = (KindFilter, "in_app", "for_digest", ("seen_at", admin.EmptyFieldListFilter))
    list_select_related = ("person",)
    search_fields = ("title", "person__name", "person__email")
    ordering = ("-created_at", "-pk")
    fields = ("person", "kind_words", "title", "body", "href", "created_at", "seen_at", "in_app", "for_digest")


@admin.register(ChannelChoice)
class ChannelChoiceAdmin(PostAdmin):
    list_display = ("person", "kind_words", "channel", "wanted", "since")
    list_filter = (KindFilter, "channel", "wanted")
    list_select_related = ("person",)
    search_fields = ("person__name", "person__email")
    ordering = ("-since", "-pk")
    fields = ("person", "kind_words", "channel", "wanted", "since")


@admin.register(Preference)
class PreferenceAdmin(PostAdmin):
    list_display = ("person", "quiet_from", "quiet_until", "quiet_weekends", "time_zone", "digest", "next_digest_at")
    list_filter = ("digest", "quiet_weekends")
    list_select_related = ("person",)
    search_fields = ("person__name", "person__email")
    ordering = ("next_digest_at", "pk")


@admin.register(PushDevice)
class PushDeviceAdmin(PostAdmin):
    """Without address and keys: who has them may push to the device."""

    list_display = ("label", "person", "service", "created_at", "reached_at")
    list_select_related = ("person",)
    search_fields = ("label", "person__name", "person__email")
    ordering = ("-created_at", "-pk")
    fields = ("person", "label", "service", "created_at", "reached_at")
    readonly_fields = ("service",)

    @admin.display(description=_("push service"))
    def service(self, device: Any) -> str:
        return urlsplit(device.endpoint).hostname or ""


@admin.register(Push)
class PushAdmin(PostAdmin):
    list_display = ("notice", "device", "state", "due_at", "attempts", "error")
    list_filter = ("state",)
    list_select_related = ("notice", "device")
    ordering = ("-due_at", "-pk")
