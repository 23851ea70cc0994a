"""Posts, as they are written, and what who guides says of one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from social.models.posts import LONGEST_REASON, LONGEST_TEXT, LONGEST_TITLE


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("Your reply"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write something first.")},
    )


class ThreadForm(forms.Form):
    title = forms.CharField(
        label=_("Title"), max_length=LONGEST_TITLE, error_messages={"required": _("Give it a title.")}
    )
    text = forms.CharField(
        label=_("What you want to say or ask"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write something first.")},
    )


class PostForm(forms.Form):
    """The words of a post that is there; a reply has no title."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    text = forms.CharField(label=_("Your words"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args: object, is_opening: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not is_opening:
            del self.fields["title"]


class HideForm(forms.Form):
    why = forms.CharField(
        label=_("Why it is hidden"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who wrote it reads this."),
        error_messages={"required": _("Say why, for who wrote it.")},
    )
