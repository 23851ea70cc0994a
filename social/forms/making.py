"""Discussions, as their authors make them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from social.models import Discussion
from social.models.discussions import MOST_ASKED
from social.services.making import LONGEST, SET


class AskedForm(forms.Form):
    """What it is about, and when it is done."""

    title = forms.CharField(label=_("Title"), max_length=200)
    markdown = forms.CharField(
        label=_("What it is about"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Write as in a letter. An empty line begins a paragraph, ## a heading, - a point of a list."),
    )
    threads_asked = forms.IntegerField(
        label=_("Threads that each learner begins"), min_value=0, max_value=MOST_ASKED, initial=1
    )
    replies_asked = forms.IntegerField(
        label=_("Replies that each learner writes"), min_value=0, max_value=MOST_ASKED, initial=2
    )
    posts_first = forms.BooleanField(
        label=_("Learners see the others once they have posted themselves"), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("threads_asked") == 0:
            if cleaned.get("replies_asked") == 0:
                self.add_error("threads_asked", gettext("Ask for one thread or one reply at least."))
            if cleaned.get("posts_first"):
                self.add_error("posts_first", gettext("Who is to post first has to be asked for a thread."))
        return cleaned


class DiscussionForm(AskedForm):
    summary = forms.CharField(
        label=_("In a sentence"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ("title", "summary")

    @classmethod
    def of(cls, row: Discussion, data: Any = None) -> DiscussionForm:
        own = {name: getattr(row, name) for name in SET}
        return cls(data, initial={**own, "title": row.element.title, "summary": row.element.summary})
