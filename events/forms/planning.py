"""What may be typed about events."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecosystem.selectors import member_of_email
from ecosystem.time_zones import zone_choices
from events.models import MOST_PIECES, Equipment, Event, Session
from events.zones import own_clock

MOST_PLACES = 100_000


class BriefEventForm(forms.Form):
    """What it is about, and for how many."""

    title = forms.CharField(label=_("Title"), max_length=200)
    summary = forms.CharField(
        label=_("What it is about"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("People read it before they book."),
    )
    capacity = forms.IntegerField(
        label=_("Places"),
        min_value=1,
        max_value=MOST_PLACES,
        required=False,
        help_text=_("Leave it empty for no limit."),
    )


class EventForm(BriefEventForm):
    """An event, apart from when it takes place."""

    minimum = forms.IntegerField(
        label=_("Fewest people"), min_value=0, max_value=MOST_PLACES, required=False, initial=0
    )
    has_waiting_list = forms.BooleanField(label=_("Waiting list when it is full"), required=False, initial=True)
    offer_hours = forms.IntegerField(
        label=_("Hours to accept a place that came free"),
        min_value=1,
        max_value=720,
        initial=24,
        help_text=_("Then it is offered to the next person."),
    )
    cancel_hours = forms.IntegerField(
        label=_("People can cancel until, in hours before it begins"), min_value=0, max_value=2160, initial=24
    )
    zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    opens_at = forms.DateTimeField(
        label=_("Booking opens"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    closes_at = forms.DateTimeField(
        label=_("Booking closes"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("opens_at", "closes_at"):
            self.fields[name].help_text = own_clock(zone=self.initial.get("zone", ""))

    @classmethod
    def of(cls, event: Event, data: Any = None) -> EventForm:
        names = [name for name in cls.base_fields if name not in ("title", "summary")]
        initial = {name: getattr(event, name) for name in names}
        return cls(data, initial={**initial, "title": event.element.title, "summary": event.element.summary})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["minimum"] = cleaned.get("minimum") or 0
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and opens >= closes:
            self.add_error("closes_at", gettext("Booking has to begin before it ends."))
        return cleaned


class SessionForm(forms.Form):
    """One meeting; its times are those of its own time zone, or of the event's."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    begins = forms.TimeField(label=_("Begins"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Ends"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    room = forms.CharField(label=_("Room"), max_length=100, required=False)
    link = forms.URLField(label=_("Meeting link"), max_length=500, required=False, assume_scheme="https")
    zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        help_text=_("Of the place, when it is another one than that of the event."),
    )
    trainer = forms.EmailField(
        label=_("Trainer"), required=False, help_text=_("The e-mail address of a member. Trainers mark who was there.")
    )

    def __init__(self, data: Any = None, *, event: Event, session: Session | None = None) -> None:
        self.event, initial = event, {}
        lent = Counter(session.uses.values_list("equipment_id", flat=True)) if session else Counter()
        self.equipment = {f"equipment-{one.pk}": one for one in Equipment.objects.filter(ended_at=None)}
        if session is not None:
            zone = ZoneInfo(session.zone or event.zone)
            begins, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
            initial = {
                "day": begins.date(), "begins": begins.time(), "ends": ends.time(), "place": session.place,
                "room": session.room, "link": session.link, "zone": session.zone, "trainer": session.trainer.email if session.trainer else "",
            }  # fmt: skip
        super().__init__(data, initial=initial)
        as_event = ("", gettext("That of the event: %(zone)s") % {"zone": event.zone.replace("_", " ")})
        self.fields["zone"].choices = [as_event, *zone_choices()]
        for name, one in self.equipment.items():
            self.fields[name] = forms.IntegerField(
                label=one.name, min_value=0, max_value=one.pieces, required=False, initial=lent[one.pk] or None,
                help_text=gettext("There are %(pieces)s.") % {"pieces": one.pieces},
            )  # fmt: skip

    @property
    def lending(self) -> list[forms.BoundField]:
        return [self[name] for name in self.equipment]

    def clean_trainer(self) -> Any:
        if not (email := self.cleaned_data["trainer"]):
            return None
        if (found := member_of_email(email=email)) is None:
            raise forms.ValidationError(gettext("Nobody here has this e-mail address."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("begins"), cleaned.get("ends")
        if begins and ends and begins >= ends:
            self.add_error("ends", gettext("A session has to begin before it ends."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What the services take."""
        said = self.cleaned_data
        zone = ZoneInfo(said["zone"] or self.event.zone)
        times = {
            name: datetime.combine(said["day"], said[field], tzinfo=zone)
            for name, field in (("starts_at", "begins"), ("ends_at", "ends"))
        }
        lent = {one.pk: said.get(name) or 0 for name, one in self.equipment.items()}
        return {
            "equipment": lent,
            **times,
            **{name: said[name] for name in ("place", "room", "link", "zone", "trainer")},
        }


class EquipmentForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    pieces = forms.IntegerField(label=_("How many there are"), min_value=1, max_value=MOST_PIECES, initial=1)
