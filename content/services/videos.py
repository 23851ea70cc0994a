"""Videos: brought in with captions or a reason; watched, as far as a player can say so."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from content.exceptions import ContentError
from content.media import captions_text, video_seconds
from content.models import Video, Watching
from content.services.facts import facts_change
from ecosystem import clock
from ecosystem.documents import plain_name
from ecosystem.models import Person
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from ecosystem.services.elements import element_create
from ecosystem.services.storage import file_remove, file_store
from records.services import record

ENOUGH = 0.9  # of the seconds; credits and titles may be skipped
FASTEST = 2.0  # times the normal speed
SLACK = 10.0  # seconds between a report and its arrival; used up, they come back with time
MOST_SPANS = 500


@transaction.atomic
def video_create(
    *,
    title: str,
    upload: File,
    creators: Iterable[Person | str],
    captions: bytes | None = None,
    no_captions_because: str = "",
    **facts: Any,
) -> Video:
    """A new element of the kind ``video``. Refuses what is no MP4, and one with neither captions nor a reason."""
    name = plain_name(upload.name or "")
    seconds = video_seconds(name=name, file=upload, size=upload.size)  # type: ignore[arg-type]
    because = " ".join(no_captions_because.split())[:300]
    if captions is None and not because:
        raise ContentError(_("Add captions, or say why this video needs none."))
    element = element_create(
        kind="video", title=title, creators=creators, **{"minutes": math.ceil(seconds / 60), **facts}
    )
    return Video.objects.create(
        environment_id=current_scope().environment_id,
        element=element,
        name=name,
        size=upload.size,
        seconds=seconds,
        file=_stored(upload, "mp4"),
        captions=_stored(captions_text(captions), "vtt") if captions is not None else "",
        no_captions_because="" if captions is not None else because,
    )


@transaction.atomic
def video_save(
    *,
    video: Video,
    by: Person,
    upload: File | None = None,
    captions: bytes | None = None,
    no_captions_because: str = "",
    **facts: Any,
) -> Video:
    """Change what is said about it, its captions or the video itself. Refuses what ``video_create`` refuses.

    With another video what people have watched begins anew, and what they have completed stays completed.
    """
    facts_change(element=video.element, by=by, **facts)
    fresh = Video.objects.select_for_update(of=("self",)).select_related("element").get(pk=video.pk)
    before, old = {"file": fresh.name, "captions": bool(fresh.captions)}, []
    if upload is not None:
        name = plain_name(upload.name or "")
        fresh.seconds = video_seconds(name=name, file=upload, size=upload.size)  # type: ignore[arg-type]
        old.append(fresh.file.name)
        fresh.name, fresh.size, fresh.file = name, upload.size, _stored(upload, "mp4")
        Watching.objects.filter(element_id=fresh.element_id).update(spans=[], share=0, position=0)
    because = " ".join(no_captions_because.split())[:300]
    if captions is not None:
        if fresh.captions:
            old.append(fresh.captions.name)
        fresh.captions, fresh.no_captions_because = _stored(captions_text(captions), "vtt"), ""
    elif not fresh.captions:
        fresh.no_captions_because = because or fresh.no_captions_because
    fresh.save(update_fields=["name", "size", "seconds", "file", "captions", "no_captions_because"])
    for path in old:
        file_remove(path=path)
    audit(
        act="video.changed", by=by, target=fresh, before=before,
        after={"file": fresh.name, "captions": bool(fresh.captions)},
    )  # fmt: skip
    return fresh


def _stored(content: File | bytes, ending: str) -> str:
    return file_store(path=f"videos/{current_scope().environment_id}/{uuid.uuid4()}.{ending}", content=content)


@transaction.atomic
def video_open(*, video: Video) -> Watching:
    """The person of the scope opens it: from now on the player can have shown something."""
    scope = current_scope()
    row, created = Watching.objects.select_for_update().get_or_create(
        environment_id=scope.environment_id,
        person_id=scope.person_id,
        element_id=video.element_id,
        defaults={"heard_at": clock.now()},
    )
    if created:
        record(verb="launched", element=video.element)
    else:
        # Opening it again does not bring back what is used up.
        row.heard_at = max(row.heard_at, clock.now())
        row.save(update_fields=["heard_at"])
    return row


@transaction.atomic
def video_watched(*, video: Video, position: float, spans: Sequence[Sequence[float]]) -> Watching:
    """What the player of the person says it has shown: ``spans`` are (from, to) in seconds. The same twice is once.

    A player can lie; what it cannot have shown since it was last heard of does not count. Nine tenths complete the
    video, once.
    """
    scope, now = current_scope(), clock.now()
    row = Watching.objects.select_for_update().filter(person_id=scope.person_id, element_id=video.element_id).first()
    if row is None:
        raise ContentError(_("Open the video first."))
    known = merged(row.spans, video.seconds)
    wish = merged([*known, *spans], video.seconds)
    left = _possible(row.heard_at, now)
    gained = _length(wish) - _length(known)
    if gained <= left:
        row.spans, row.share = wish, min(_length(wish) / video.seconds, 1.0)
        left -= gained
    row.position = min(max(position if math.isfinite(position) else 0.0, 0.0), video.seconds)
    row.heard_at = now + timedelta(seconds=(SLACK - min(left, SLACK)) / FASTEST)
    if row.share >= ENOUGH and row.completed_at is None:
        row.completed_at = now
        record(
            verb="completed",
            element=video.element,
            result={"completion": True, "watched": round(row.share, 3), "reported_by": "player"},
        )
    row.save(update_fields=["spans", "share", "position", "heard_at", "completed_at"])
    return row


def _possible(before: datetime, now: datetime) -> float:
    """Seconds that can have been shown by now. ``before`` lies ahead while the slack is used up."""
    return max((now - before).total_seconds() * FASTEST + SLACK, 0.0)


def _length(spans: Sequence[Sequence[float]]) -> float:
    return sum(end - start for start, end in spans)


def merged(spans: Sequence[Sequence[float]], seconds: float) -> list[list[float]]:
    """The same seconds as few spans in order, inside the video; what makes no sense is left out."""
    inside = sorted(
        [max(float(start), 0.0), min(float(end), seconds)]
        for start, end in spans[: 2 * MOST_SPANS]
        if math.isfinite(start) and math.isfinite(end)
    )
    found: list[list[float]] = []
    for start, end in inside:
        if end <= start:
            continue
        if found and start <= found[-1][1] + 0.5:  # a player reports a few times a second
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    return [[round(start, 2), round(end, 2)] for start, end in found[:MOST_SPANS]]
