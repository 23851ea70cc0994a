from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecosystem.time_zones import zone_choices
from notifications.models import Channel, DigestRhythm, Preference
from notifications.registry import Group, NoticeKind
from notifications.selectors import KindChoice


@dataclass(frozen=True)
class Cell:
    """One box to tick: a kind by a channel. ``offered`` is off where the kind does not come that way."""

    name: str
    channel: str
    label: str
    checked: bool
    offered: bool
    locked: bool


@dataclass(frozen=True)
class Line:
    kind: NoticeKind
    label: str
    cells: list[Cell]


class ChannelsForm(forms.Form):
    """Which kinds come by which channels: a box for each."""

    def __init__(
        self, *args: Any, groups: Sequence[tuple[Group, list[KindChoice]]], words: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.groups, self.words = groups, words
        for choice in self._choices():
            offered = [(value, label) for value, label in Channel.choices if value in choice.kind.offers]
            self.fields[choice.kind.key] = forms.MultipleChoiceField(
                label=choice.kind.called(self.words), choices=offered, required=False
            )

    def _choices(self) -> list[KindChoice]:
        return [choice for _group, choices in self.groups for choice in choices]

    @property
    def grid(self) -> list[tuple[str, list[Line]]]:
        """(heading, lines) for the page."""
        return [(group.value, [self._line(choice) for choice in choices]) for group, choices in self.groups]

    def _line(self, choice: KindChoice) -> Line:
        cells = [
            Cell(
                name=self.add_prefix(choice.kind.key),
                channel=channel,
                label=str(label),
                checked=channel in choice.wanted,
                offered=channel in choice.kind.offers,
                locked=bool(choice.kind.fixed) and channel == Channel.MAIL,
            )
            for channel, label in Channel.choices
        ]
        return Line(choice.kind, str(choice.kind.called(self.words)), cells)

    @property
    def wanted(self) -> dict[str, set[str]]:
        """What was ticked, with what cannot be unticked."""
        return {
            choice.kind.key: set(self.cleaned_data[choice.kind.key])
            | ({Channel.MAIL.value} if choice.kind.fixed else set())
            for choice in self._choices()
        }


class RhythmForm(forms.Form):
    """When a person may be written to."""

    quiet = forms.BooleanField(label=_("Leave me in peace at certain hours"), required=False)
    quiet_from = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_weekends = forms.BooleanField(label=_("Quiet on Saturday and Sunday"), required=False)
    time_zone = forms.ChoiceField(label=_("Your time zone"), required=False)
    digest = forms.ChoiceField(
        label=_("Digest"),
        choices=DigestRhythm.choices,
        widget=forms.RadioSelect,
        help_text=_("It collects what needs no letter of its own. Nothing new: no digest."),
    )

    def __init__(self, *args: Any, here: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = _("As your organisation: %(zone)s") % {"zone": here.replace("_", " ")}
        self.fields["time_zone"].choices = [("", usual), *zone_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("quiet"):
            data["quiet_from"] = data["quiet_until"] = None
            return data
        for name in ("quiet_from", "quiet_until"):
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Say an hour, or turn quiet hours off."))
        if data.get("quiet_from") and data.get("quiet_from") == data.get("quiet_until"):
            self.add_error("quiet_until", _("Both hours are the same. Choose another, or turn quiet hours off."))
        return data

    @property
    def wishes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "quiet"}

    @staticmethod
    def initial_of(preference: Preference) -> dict[str, Any]:
        usual = Preference()
        return {
            "quiet": preference.quiet_from is not None,
            "quiet_from": preference.quiet_from or usual.quiet_from,
            "quiet_until": preference.quiet_until or usual.quiet_until,
            "quiet_weekends": preference.quiet_weekends,
            "time_zone": preference.time_zone,
            "digest": preference.digest,
        }


class DeviceForm(forms.Form):
    """What a browser says when it agrees to pushes."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=40)
    label = forms.CharField(max_length=80, required=False)
