"""Discussions made and changed by their authors."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.hints import hint
from ecosystem.markup import markdown_to_html, plain_text
from ecosystem.models import Membership
from ecosystem.rules import is_author
from ecosystem.scope import current_scope
from ecosystem.search import index_element
from ecosystem.services.audit import audit
from ecosystem.services.elements import element_create, element_update
from ecosystem.slugs import slug_free
from social.exceptions import SocialError
from social.models import Discussion
from social.models.discussions import MOST_ASKED
from social.tasks import judge_anew

SET = ("markdown", "threads_asked", "replies_asked", "posts_first")
LONGEST = 100_000


@transaction.atomic
def discussion_make(*, title: str, by: Membership, **facts: Any) -> Discussion:
    """A new discussion; ``facts`` are those of ``SET`` and of the element."""
    if not is_author(by):
        raise SocialError(_("Only who makes content can do that."))
    own = {name: facts.pop(name) for name in SET if name in facts}
    facts.setdefault("slug", slug_free(title=title, kind="discussion"))
    facts.setdefault("creators", [by.person])
    made = Discussion(environment_id=current_scope().environment_id, **own)
    _refuse_nonsense(made)
    made.element = element_create(kind="discussion", title=title, **facts)
    _keep(made)
    audit(act="discussion.made", by=by.person, target=made, after={"title": title})
    return made


@transaction.atomic
def discussion_set(
    *, discussion: Discussion, by: Membership, title: str | None = None, summary: str | None = None, **facts: Any
) -> Discussion:
    """Change what is asked. Posts stay, and what was done by what was asked before stays done.

    Who has by now what is asked is done soon after, and at the latest when they open it.
    """
    if not is_author(by):
        raise SocialError(_("Only who makes content can do that."))
    if discussion.environment_id != current_scope().environment_id:
        raise SocialError(_("It comes from the environment above and is changed there."))
    rows = Discussion.objects.select_for_update(of=("self",), no_key=True).select_related("element")
    held: Discussion = rows.get(pk=discussion.pk)
    words = {name: value for name, value in (("title", title), ("summary", summary)) if value is not None}
    before = {name: getattr(held, name) for name in facts} | {name: getattr(held.element, name) for name in words}
    if words:
        held.element = element_update(element=held.element, **words)
    for name, value in facts.items():
        if name not in SET:
            raise TypeError(name)
        setattr(held, name, value)
    _refuse_nonsense(held)
    _keep(held)
    after = {name: value for name, value in {**facts, **words}.items() if before[name] != value}
    if after:
        audit(
            act="discussion.set", by=by.person, target=held, before={name: before[name] for name in after}, after=after
        )
    if {"threads_asked", "replies_asked"} & set(after):
        hint(judge_anew, queue="bulk", environment_id=held.environment_id, element_id=held.element_id)
    return held


def _keep(made: Discussion) -> None:
    made.html = markdown_to_html(made.markdown)
    made.save()
    index_element(element=made.element, body=plain_text(made.html))


def _refuse_nonsense(made: Discussion) -> None:
    made.markdown = made.markdown.replace("\x00", "").replace("\r\n", "\n").strip()
    if not made.markdown or len(made.markdown) > LONGEST:
        raise SocialError(_("Say what it is about."))
    if max(made.threads_asked, made.replies_asked) > MOST_ASKED:
        raise SocialError(_("Ask for at most %(most)s threads and replies.") % {"most": MOST_ASKED})
    if not made.threads_asked and not made.replies_asked:
        raise SocialError(_("Ask for one thread or one reply at least."))
    if made.posts_first and not made.threads_asked:
        raise SocialError(_("Who is to post first has to be asked for a thread."))
