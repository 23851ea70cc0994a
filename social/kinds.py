"""What discussions add to the site."""

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

import social.packaging  # noqa: F401 -- registers how discussions go into packages of courses
from ecosystem.addresses import address
from ecosystem.models import Element
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
from ecosystem.rules import is_author, is_member
from notifications.registry import Group, NoticeKind, Urgency, notice_kinds
from social.forms.making import AskedForm
from social.inline import inline_discussion_make
from social.services.telling import GUIDED, POSTS, REPLIES

KIND, ICON = "discussion", "message-circle"


def _href(element: Element) -> str:
    return address("discussions:discussion", element.slug)


element_kinds.register(KIND, ElementKind(KIND, _("discussion"), ICON, _href))
activity_types.register(
    KIND,
    ActivityType(
        KIND, _("Discussion"), ICON, lambda element, onward: f"{_href(element)}?{urlencode({'next': onward})}"
    ),
)
inline_forms.register(KIND, InlineForm(_("Discussion"), ICON, AskedForm, inline_discussion_make, rule=is_author))
role_pages.register("posts", RolePage(_("My posts"), lambda: address("discussions:mine"), is_member))
role_pages.register("prompts", RolePage(_("Discussions"), lambda: address("prompts:home"), is_author))
for _kind in (
    NoticeKind(
        REPLIES,
        _("Replies to you"),
        _("replies to what you write in discussions"),
        _("You get this because you began a thread in this discussion."),
        group=Group.NEWS,
        urgency=Urgency.DIGEST,
        icon=ICON,
    ),
    NoticeKind(
        GUIDED,
        _("New threads of your learners"),
        _("new threads in discussions of your learners"),
        _("You get this because you guide people in this discussion."),
        group=Group.NEWS,
        urgency=Urgency.DIGEST,
        icon=ICON,
    ),
    NoticeKind(
        POSTS,
        _("Your posts"),
        _("what happens to your posts in discussions"),
        _("You get this because you wrote in this discussion."),
        icon=ICON,
    ),
):
    notice_kinds.register(_kind.key, _kind)
for _act, _said in (
    ("discussion.made", _("Discussion made")),
    ("discussion.set", _("Discussion changed")),
    ("discussion.post_hidden", _("Post in a discussion hidden")),
    ("discussion.post_shown", _("Post in a discussion shown again")),
):
    audit_acts.register(_act, _said)
