"""What discussions know about people."""

from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _

from ecosystem.personal_data import OnErase, declare, no_personal_data
from social.models import Discussion, Participation, Post, Room, Thread, ThreadSeen
from social.services.leaving import replies_leave

AS_LONG = _("as long as the environment exists")

no_personal_data(Discussion, "what is asked of everybody; its makers are in the credits")
no_personal_data(Room, "for whom a discussion is; who wrote stands in the threads and posts")
declare(
    Participation,
    "person", "completed_at",
    purpose=_("to know who has done what a discussion asks"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    Thread,
    "person", "last_at",
    purpose=_("to keep what people say to each other together"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=_("replies of others hang on it; it has no words and points at a person who has no name any more"),
)  # fmt: skip
declare(
    Post,
    "person", "title", "text", "posted_at", "edited_at", "withdrawn_at", "hidden_at", "hidden_by", "hidden_why", "helpful_at",
    purpose=_("for people who learn together to talk about it"),
    retention=AS_LONG,
    on_erase=OnErase.ANONYMISE,
    first=replies_leave,
    blank={
        "title": "", "text": "", "is_erased": True, "helpful_at": None,
        # A hidden post has a reason, which may be about its author.
        "hidden_why": Case(When(hidden_at=None, then=Value("")), default=Value("–")),
    },
    hidden=("hidden_by",),
)  # fmt: skip
declare(
    ThreadSeen,
    "person", "seen_at",
    purpose=_("to show what somebody has not read yet"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)  # fmt: skip
