"""Courses with one of everything, and packages of them as plain data."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from PIL import Image as Pixels

from assessments.models import Assessment
from assessments.services import assessment_create, bank_create, objective_save, question_save
from assessments.services.assessing import assessment_set, draw_add, section_add
from content.services import (
    document_create,
    image_add,
    link_create,
    package_create,
    page_create,
    page_save,
    video_create,
)
from courses.services import PlannedActivity, PlannedBlock, course_publish
from courses.services.packages_in import Preview, package_import, package_preview
from courses.services.packages_out import course_export
from ecosystem.models import Credit, Element, Membership
from ecosystem.services.elements import element_create, elements_connect
from handins.services import assignment_make
from lti.services import link_make
from memotrainer.services import goal_make
from social.services import discussion_make
from tests.content.making import CAPTIONS, PDF, mp4, upload
from tests.content.zips import package

BODY = {"choices": [{"text": "Warm", "correct": True, "feedback": "Yes"}, {"text": "Cold", "correct": False}]}


def drawn(colour: str = "red", kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Pixels.new("RGB", (40, 30), colour).save(out, kind)
    return out.getvalue()


CRITERIA = [
    {"title": "Line", "weight": 2, "levels": [{"title": "no", "points": 0}, {"title": "yes", "points": 1}]},
]


def everything(author: Membership) -> Element:
    """A published course with one activity of each kind that content, assessments, hand-ins and the MemoTrainer have, and conditions on them."""
    made: dict[str, Any] = {"creators": [author.person], "minutes": 5}
    page = page_create(title="Tea", markdown="# Tea\n\nWarm.", by=author.person, tags=["tea"], **made)
    shows = image_add(page=page, name="cup.png", data=drawn(), says="A cup")
    page_save(page=page, base=1, markdown=f"# Tea\n\n{shows}", by=author.person)
    credit = {"environment_id": author.environment_id, "element": page.element}
    Credit.objects.create(**credit, name="Ada", role="illustrator", position=9)
    asks = {"markdown": "Which *tea*?", "threads_asked": 2, "replies_asked": 3, "posts_first": True}
    talk = discussion_make(title="Round the pot", by=author, **asks, **made).element
    bank = bank_create(title="Bank of tea", creators=["Ada"])
    objective = objective_save(bank=bank, slug="warm", text="You know when tea is warm")
    asked = [
        question_save(
            bank=bank, identifier=f"q{n}", type="single", stem=f"<p>How is tea {n}?</p>", body=BODY, feedback="<p>So.</p>",
            objective=objective, source=page.element, name=f"Q {n}", category="Tea",
            tags=["tea"],
        ).question
        for n in (2, 1)
    ]  # fmt: skip
    question_save(bank=bank, identifier="secret", type="single", stem="<p>Not asked</p>", body=BODY)
    steps = [
        page.element,
        page_create(kind="job_aid", title="Pot", markdown="Pour.", **made).element,
        page_create(kind="checklist", title="Steps", markdown="- [ ] Boil\n- [ ] Pour", **made).element,
        document_create(title="Leaflet", upload=upload("leaflet.pdf", PDF), **made).element,
        link_create(title="More", url="https://example.org/tea", **made).element,
        video_create(title="Film", upload=upload("film.mp4", mp4()), captions=CAPTIONS, **made).element,
        video_create(
            title="Silent", upload=upload("s.mp4", mp4(7)), no_captions_because="Nobody speaks", **made
        ).element,
        package_create(title="Play", upload=upload("play.zip", package(**{"a/b.txt": b"x"})), **made).element,
        talk,
        assignment_make(
            title="Cup",
            markdown="Draw *a cup*.",
            takes_text=False,
            takes_files=True,
            takes_link=True,
            takes_audio=True,
            is_group=True,
            all_agree=True,
            is_compared=False,
            takes_video=True,
            endings=["png"],
            most_files=2,
            most_mb=5,
            most_words=90,
            honour="My own cup",
            most_rounds=2,
            pass_mark=50,
            late_points=5,
            by=author,
            completed_by="submitted",
            criteria=CRITERIA,
            **made,
        ).element,
        assignment_make(title="Round", markdown="Serve tea.", is_on_the_job=True, by=author, **made).element,
        link_make(
            title="Cup abroad",
            by=author,
            target_url="https://tool.example.com/2",
            custom={"level": "2"},
            points=20,
            opens_in="frame",
            done_when="opened",
            pass_mark=60,
            **made,
        ).element,
        assessment_create(title="Quiz", questions=asked, pass_mark=0.6, attempts_allowed=2, **made).element,
    ]
    quiz = Assessment.objects.get(element=steps[-1])
    assessment_set(assessment=quiz, by=author.person, minutes_allowed=20, forward_only=True, wait_minutes=5)
    section = section_add(assessment=quiz, title="By lot", text="<p>Drawn.</p>", by=author.person)
    draw_add(assessment=quiz, bank=bank, count=1, by=author.person, section=section, tag="tea", objective=objective)
    elsewhere = element_create(kind="external", title="Club", url="https://example.org/club", creators=["Bo"])
    elements_connect(source=page.element, target=steps[-1], kind="prepares_for", hypothesis="They pass")
    conditions: list[Any] = [None] * len(steps)
    conditions[1] = {"completed": page.element_id}
    conditions[2] = {"any": [{"group": "Night"}, {"not": {"from": "2027-01-01"}}, {"after_start": {"weeks": 2}}]}
    conditions[3] = {"posted": {"of": talk.pk, "least": 2}}
    conditions[-2] = {"all": [{"recorded": {"verb": "launched", "of": elsewhere.pk}}, {"released": True}]}
    conditions[-1] = {"recall": {"of": objective.pk, "below": 80}}
    steps.append(
        goal_make(
            title="Tea stays", quizzes=[steps[-1]], objectives=[objective], recall=70, coverage=60, days=9, by=author, **made
        ).element
    )  # fmt: skip
    conditions.append(None)
    course = element_create(kind="course", title="All about tea", summary="Leaves", why="Thirst", **made)
    plan = [PlannedActivity(target=one, condition=tree) for one, tree in zip(steps, conditions, strict=True)]
    course_publish(element=course, blocks=[PlannedBlock("One", plan[:4]), PlannedBlock("Two", plan[4:])])
    return course


def packed(course: Element, by: Membership, *, draft: bool = False) -> bytes:
    with course_export(course=course, by=by, draft=draft).file as file:
        return file.read()


def manifest_of(data: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found: dict[str, Any] = json.loads(archive.read("manifest.json"))
        return found


def changed(data: bytes, change=None, *, more: dict[str, bytes] | None = None, without: str = "") -> bytes:
    """The package with a manifest that ``change`` has altered, and other files."""
    manifest, out = manifest_of(data), io.BytesIO()
    if change is not None:
        manifest = change(manifest) or manifest
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name != "manifest.json" and name != without and name not in (more or {}):
                new.writestr(name, old.read(name))
        new.writestr("manifest.json", json.dumps(manifest))
        for name, content in (more or {}).items():
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def part_of(manifest: dict[str, Any], title: str) -> dict[str, Any]:
    return next(entry for entry in manifest["elements"] if entry["title"] == title)


def normal(data: bytes) -> Any:
    """The package without what is another in every place: uids, by their order."""
    text = json.dumps(manifest_of(data), sort_keys=True)
    for place, entry in enumerate(manifest_of(data)["elements"]):
        text = text.replace(entry["uid"], f"uid {place}")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return json.loads(text), sorted(set(archive.namelist()))


def brought(data: bytes, by: Membership, **more: Any) -> Element:
    return package_import(file=io.BytesIO(data), size=len(data), by=by, **more)


def looked_at(data: bytes, by: Membership) -> Preview:
    return package_preview(file=io.BytesIO(data), size=len(data), by=by)
