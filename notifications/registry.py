"""What notices are about. Each app registers its kinds in its ``kinds.py``; people choose channels per kind."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext_lazy as _

from ecosystem import look
from ecosystem.registry import Registry, Words
from notifications.models import Channel


class Urgency(Enum):
    """How its mail goes. NOW: at once, at any hour. ORDINARY: outside quiet hours, one a day, else in the digest.

    DIGEST: only in the digest.
    """

    NOW = "now"
    ORDINARY = "ordinary"
    DIGEST = "digest"


class Group(Enum):
    """The headings under which a person finds the kinds; the value is the heading."""

    MINE = _("About you")
    DATES = _("Dates")
    NEWS = _("News")
    ACCOUNT = _("Your account")


@dataclass(frozen=True)
class NoticeKind:
    """One kind of notice.

    ``label`` is its name, ``about`` completes "You get no more mail about ...", ``why`` stands at the foot of its
    letters. ``channels`` are those used unless the person chooses others among those it ``offers``. ``fixed`` says why
    its mail cannot be switched off; empty means that it can. ``settings_href``: where its app lets people choose more.
    ``chosen``: whether people find it among their preferences; not where only those who run the place get it, and its mail is fixed.
    ``pause``: gives a person a week without them, from the letter and without signing in. ``term``: the page whose name it bears, which environments may have renamed (``ecosystem.look``).
    """

    key: str
    label: Words
    about: Words
    why: Words
    group: Group = Group.MINE
    urgency: Urgency = Urgency.ORDINARY
    channels: frozenset[str] = frozenset({Channel.APP, Channel.MAIL})
    offers: frozenset[str] = frozenset(Channel.values)
    fixed: Words = ""
    chosen: bool = True
    icon: str = "bell"
    settings_href: str = ""
    term: str = ""
    pause: Callable[..., None] | None = None

    def called(self, words: dict[str, str]) -> Words:
        """Its name in an environment with these own words."""
        return look.term(self.term, words) if self.term else self.label


notice_kinds: Registry[NoticeKind] = Registry()
