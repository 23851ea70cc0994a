"""What content brings to an environment of the scene: one of each kind, and what a learner has done with it."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import uuid4

from django.utils import timezone
from PIL import Image as Pixels

from content.models import Launch, LaunchStatement, MissedSearch, Page, UnitDocument
from content.services import (
    document_create,
    image_add,
    link_create,
    package_create,
    page_embeddable,
    ticks_save,
    unit_open,
    unit_report,
    video_create,
    video_open,
)
from content.ticks import keys_of
from ecosystem.scope import open_scope
from ecosystem.services.settings import setting_save
from ecosystem.setting_tree import Own
from tests.content.making import PDF, mp4, upload
from tests.content.zips import manifest, zipped
from tests.guards.twins import Twin

LINE = "\n\n- [ ] a line to tick off\n- [ ] another one\n"


def bring_content(twin: Twin, secret: str, prefix: str, page: Page, facts: dict[str, Any]) -> None:
    """Beside the page and the job aid: a file, a link, a video and a package. Runs as the learner."""
    learner = twin.people["learner"]
    drawn = BytesIO()
    Pixels.new("RGB", (len(secret), 9), "red").save(drawn, "PNG")
    image_add(page=page, name=f"{secret}.png", data=drawn.getvalue(), says="A picture")
    ticks_save(page=page, items=keys_of(page.markdown)[:1])
    page_embeddable(page=page, embeddable=True, by=learner.person)
    setting_save(key="embed_hosts", own=Own("https://intranet.example.org"), by=twin.people["admin"])
    document_create(title=f"{secret} file", slug=f"{prefix}-file", upload=upload(f"{secret}.pdf", PDF), **facts)
    link_create(title=f"{secret} link", slug=f"{prefix}-link", url="https://example.org/", **facts)
    video = video_create(
        title=f"{secret} video",
        slug=f"{prefix}-video",
        upload=upload(f"{secret}.mp4", mp4()),
        no_captions_because=f"{secret} silence",
        **facts,
    )
    video_create(
        title=f"{secret} spoken",
        slug=f"{prefix}-spoken",
        upload=upload("a.mp4", mp4()),
        captions=f"WEBVTT\n\n00:00.000 --> 00:01.000\n{secret} says\n".encode(),
        **facts,
    )
    video_open(video=video)
    more = f"<adlcp:datafromlms>{secret} launch data</adlcp:datafromlms>"
    data = zipped(
        {
            "imsmanifest.xml": manifest(f"index.html?x={secret}", more=more).replace(
                b"Part", f"{secret} part".encode()
            ),
            "index.html": b"x",
        }
    )
    package = package_create(
        title=f"{secret} package", slug=f"{prefix}-package", upload=upload(f"{secret}.zip", data), **facts
    )
    unit = package.units.get()
    unit_open(package=package, unit=unit)
    unit_report(package=package, unit=unit, cmi={"suspend_data": f"{secret} suspended"}, sequence=1)
    with open_scope(environment_id=twin.environment.pk, person_id=twin.people["admin"].person_id):
        video_open(video=video)
        unit_open(package=package, unit=unit)
    _launched(twin, secret, package.element_id)
    now = timezone.now()
    MissedSearch.objects.create(
        environment=twin.environment, words=f"{secret} words in vain", first_at=now, last_at=now
    )


def _launched(twin: Twin, secret: str, element_id: int) -> None:
    """As a cmi5 unit would leave it."""
    person, now = twin.people["learner"].person, timezone.now()
    launch = Launch.objects.create(
        environment=twin.environment,
        person=person,
        element_id=element_id,
        identifier="unit",
        registration=uuid4(),
        fetch_hash=secret.lower(),
        launched_at=now,
    )
    LaunchStatement.objects.create(
        environment=twin.environment,
        uid=uuid4(),
        person=person,
        launch=launch,
        verb="http://adlnet.gov/expapi/verbs/initialized",
        body={"words": f"{secret} statement"},
        stored_at=now,
    )
    UnitDocument.objects.create(
        environment=twin.environment,
        person=person,
        element_id=element_id,
        resource="state",
        activity="activity",
        key="bookmark",
        media_type="application/json",
        body=f"{secret} bookmark",
        updated_at=now,
    )
