"""What content adds to the site."""

from typing import Any

from django import forms
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

import content.packaging  # noqa: F401 -- registers how content goes into packages of courses
from content.forms.inline import (
    InlineFileForm,
    InlineLinkForm,
    InlinePackageForm,
    InlinePageForm,
    InlineVideoForm,
)
from content.media import LARGEST_CAPTIONS
from content.services import document_create, link_create, package_create, page_create, video_create
from ecosystem.addresses import address
from ecosystem.models import Element, Membership
from ecosystem.registry import (
    ActivityType,
    ElementKind,
    InlineForm,
    RolePage,
    activity_types,
    audit_acts,
    element_kinds,
    inline_forms,
    role_pages,
)
from ecosystem.rules import is_author
from ecosystem.setting_kinds import SettingKind, setting_kinds
from notifications.models import Channel
from notifications.registry import NoticeKind, Urgency, notice_kinds


class _Page:
    """The address of an element whose page has this name, and how a course leads to it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def href(self, element: Element) -> str:
        return address(self.name, element.slug)

    def launch(self, element: Element, onward: str) -> str:
        return f"{self.href(element)}?{urlencode({'next': onward})}"


WORDS_A_MINUTE = 200


class _Written:
    """Makes a page, job aid or checklist in passing. Minutes by its length; the author can change them in the course."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __call__(self, *, cleaned: dict[str, Any], by: Membership, **facts: Any) -> Element:
        words = {name: cleaned[name] for name in ("title", "markdown")}
        minutes = max(1, round(len(cleaned["markdown"].split()) / WORDS_A_MINUTE))
        made = page_create(kind=self.kind, creators=[by.person], by=by.person, minutes=minutes, **words, **facts)
        element: Element = made.element
        return element


def _linked(*, cleaned: dict[str, Any], by: Membership, **facts: Any) -> Element:
    element: Element = link_create(title=cleaned["title"], url=cleaned["url"], creators=[by.person], **facts).element
    return element


def _filed(*, cleaned: dict[str, Any], by: Membership, **facts: Any) -> Element:
    made = document_create(title=cleaned["title"], upload=cleaned["upload"], creators=[by.person], **facts)
    element: Element = made.element
    return element


def _filmed(*, cleaned: dict[str, Any], by: Membership, **facts: Any) -> Element:
    captions = cleaned["captions"]
    given = {name: cleaned[name] for name in ("title", "upload", "no_captions_because")}
    text = captions.read(LARGEST_CAPTIONS + 1) if captions else None
    element: Element = video_create(creators=[by.person], captions=text, **given, **facts).element
    return element


def _unpacked(*, cleaned: dict[str, Any], by: Membership, **facts: Any) -> Element:
    made = package_create(title=cleaned["title"], upload=cleaned["upload"], creators=[by.person], **facts)
    element: Element = made.element
    return element


for _key, _name, _label, _icon, _address in (
    ("page", _("page"), _("Page"), "book-open", "content:page"),
    ("job_aid", _("job aid"), _("Job aid"), "life-buoy", "content:aid"),
    ("checklist", _("checklist"), _("Checklist"), "list-checks", "content:aid"),
    ("file", _("file"), _("File"), "file-text", "content:file"),
    ("link", _("link"), _("Link"), "link", "content:link"),
    ("video", _("video"), _("Video"), "circle-play", "content:video"),
    ("package", _("package"), _("Package"), "package", "content:package"),
):
    _page = _Page(_address)
    element_kinds.register(_key, ElementKind(_key, _name, _icon, _page.href))
    _judged = {"passes": frozenset({"passed"}), "fails": frozenset({"failed"})} if _key == "package" else {}
    activity_types.register(_key, ActivityType(_key, _label, _icon, _page.launch, **_judged))

for _key, _label, _icon in (
    ("page", _("Page"), "book-open"),
    ("job_aid", _("Job aid"), "life-buoy"),
    ("checklist", _("Checklist"), "list-checks"),
):
    inline_forms.register(_key, InlineForm(_label, _icon, InlinePageForm, _Written(_key)))
inline_forms.register("link", InlineForm(_("Link"), "link", InlineLinkForm, _linked))
inline_forms.register("file", InlineForm(_("File"), "file-text", InlineFileForm, _filed))
inline_forms.register("video", InlineForm(_("Video"), "circle-play", InlineVideoForm, _filmed))
inline_forms.register("package", InlineForm(_("Package"), "package", InlinePackageForm, _unpacked))

role_pages.register("content", RolePage(_("Content"), lambda: address("content:list"), is_author))
audit_acts.register("content.changed", _("Facts of content changed"))
audit_acts.register("file.replaced", _("File replaced"))
audit_acts.register("package.replaced", _("Package replaced"))
audit_acts.register("page.embeddable", _("Showing a page on other sites allowed or not"))
audit_acts.register("page.saved", _("Page changed"))
audit_acts.register("search.handled", _("Search without result seen to"))
audit_acts.register("video.changed", _("Video or its captions changed"))
notice_kinds.register(
    "link-broken",
    NoticeKind(
        "link-broken",
        _("Broken links"),
        _("links of yours that are broken"),
        _("You get this because you look after this link."),
        urgency=Urgency.DIGEST,
        channels=frozenset({Channel.APP}),
        icon="link",
    ),
)
setting_kinds.register(
    "embed_hosts",
    SettingKind(
        "embed_hosts",
        _("Sites that may show job aids in a frame"),
        "",
        help=_("Addresses with a space between them, such as https://intranet.example.org. Empty: none."),
        field=lambda: forms.RegexField(
            r"^(?:https://[a-z0-9](?:[a-z0-9.-]{0,200}[a-z0-9])?(?::[0-9]{1,5})?(?: (?=h)|$))*$",
            max_length=1000,
            required=False,
            error_messages={"invalid": _("Write whole addresses that begin with https://, in small letters.")},
        ),
        show=lambda value: value or str(_("None")),
    ),
)
