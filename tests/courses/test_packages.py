"""A course goes out as a package and comes in elsewhere: everything, or nothing."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.models import Document, Package, Page
from content.services import page_create
from courses.conditions import elements_of
from courses.exceptions import AlreadyHereError, CourseError
from courses.models import Activity, CourseImport, CourseVersion
from courses.services import PlannedActivity, PlannedBlock, course_publish, draft_of
from courses.services.drafts import draft_write
from courses.services.packages_out import course_export
from ecosystem.archives import PackageError
from ecosystem.models import AuditEntry, Credit, Element, StoredFile
from ecosystem.pictures import picture_drawn, picture_kept
from ecosystem.services.elements import element_create, element_offer
from tests.courses.conftest import outline, within
from tests.courses.packing import brought, changed, drawn, everything, looked_at, manifest_of, normal, packed, part_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(member, other):
    """An author of another organisation."""
    return member("author", environment=other, name="Bea")


@pytest.fixture
def whole(author):
    with within(author):
        return packed(everything(author), author)


def test_everything_of_a_course_comes_along(author, there, whole):
    with within(there):
        preview = looked_at(whole, there)
        assert (preview.problems, preview.notes, preview.steps) == ([], [], 14)
        assert len(preview.elements) == 16  # fourteen steps, their bank, and what a condition names
        assert not Element.objects.exists()
        assert not StoredFile.objects.exists()
        course = brought(whole, there)
        assert normal(packed(course, there)) == normal(whole)
        draft = CourseVersion.objects.get(element=course)
        assert draft.number == 0
        assert outline(draft)[:3] == ["One", "- Tea", "- Pot"]
        mine = set(Element.objects.values_list("pk", flat=True))
        assert all(elements_of(row.condition) <= mine for row in Activity.objects.filter(version=draft))
        page = Element.objects.get(title="Tea")
        assert list(page.credits.values_list("name", "role", "person")) == [
            ("Ama", "author", None), ("Ada", "illustrator", None),
        ]  # fmt: skip
        assert page.owner == there.person
        html = Page.objects.get(element=page).html
        assert "attachment:" in html
        with Document.objects.get().file.open() as file:
            assert file.read().startswith(b"%PDF")
        assert Package.objects.get().files.count() == 3
        text = str(manifest_of(whole))
        assert "Not asked" not in text
        assert str(author.person.email) not in text
    with within(author):
        exported = AuditEntry.objects.get(act="course.exported")
        assert exported.after["elements"] == 17


TREES = st.recursive(
    st.sampled_from(
        [
            "page",
            "other",
            "quiz",
            {"group": "Night"},
            {"from": "2027-01-01"},
            {"released": True},
            {"after_enrolment": {"days": 3}},
        ]
    ),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=6,
)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(
    str.strip
)
STEPS = st.fixed_dictionaries(
    {
        "title": WORDS, "text": WORDS, "kind": st.sampled_from(["page", "job_aid", "checklist"]), "tree": st.none() | TREES,
        "minutes": st.integers(0, 500), "weight": st.integers(0, 9), "optional": st.booleans(),
        "maker": st.lists(st.sampled_from(["Ada", "Bo", "Çiğdem"]), min_size=1, max_size=3),
    }
)  # fmt: skip


def _named(tree, known):
    if isinstance(tree, str):
        return {"completed": known[tree].pk}
    if isinstance(tree, dict) and next(iter(tree)) in {"all", "any"}:
        return {key: [_named(part, known) for part in parts] for key, parts in tree.items()}
    if isinstance(tree, dict) and "not" in tree:
        return {"not": _named(tree["not"], known)}
    return tree


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blocks=st.lists(st.tuples(WORDS, st.lists(STEPS, max_size=3)), max_size=3))
def test_out_and_in_and_out_is_the_same(author, there, blocks):
    """Whatever the plan: the package of what came in is the package it came from."""
    with transaction.atomic():
        with within(author):
            known = {
                name: element_create(kind="external", title=name, creators=["Ada"])
                for name in ("page", "other", "quiz")
            }
            course = element_create(kind="course", title="Any", creators=["Ada"])
            _drafted(author, course, blocks, known)
            data = packed(course, author, draft=True)
            assert packed(course, author, draft=True) == data
        with within(there):
            assert normal(packed(brought(data, there), there)) == normal(data)
        transaction.set_rollback(True)


def _drafted(author, course, blocks, known):
    rows = {}
    for place, (title, steps) in enumerate(blocks):
        rows[f"00000000-0000-4000-8000-00000000000{place}"] = {"kind": "block", "title": title, "position": place}
        for at, step in enumerate(steps):
            target = page_create(
                kind=step["kind"], title=step["title"][:200], markdown=step["text"], creators=dict.fromkeys(step["maker"]),
                slug=f"s-{place}-{at}",
            ).element  # fmt: skip
            rows[f"00000000-0000-4000-8000-0000000001{place}{at}"] = {
                "kind": "activity", "block": f"00000000-0000-4000-8000-00000000000{place}", "position": at,
                "target": target.pk, "type": target.kind, "title": step["title"], "minutes": step["minutes"],
                "weight": step["weight"], "optional": step["optional"],
                "condition": _named(step["tree"], known) if step["tree"] else None,
            }  # fmt: skip
    draft_write(draft=draft_of(element=course, by=author), rows=rows)


def test_the_same_again_changes_nothing_or_is_a_copy(author, there, whole):
    with within(there):
        first = brought(whole, there)
        count = Element.objects.count()
        assert looked_at(whole, there).same.element == first
        with pytest.raises(AlreadyHereError) as refused:
            brought(whole, there)
        assert refused.value.course == first
        assert Element.objects.count() == count
        copy = brought(whole, there, again=True)
        assert copy.slug != first.slug
        assert Element.objects.count() == 2 * count
        assert CourseImport.objects.count() == 2

        def newer(manifest):
            manifest["elements"][0]["summary"] = "Another state"

        preview = looked_at(changed(whole, newer), there)
        assert preview.same is None
        assert len(preview.earlier) == 2


def _second_bad(manifest):
    part_of(manifest, "Quiz")["part"]["questions"][0]["question"] = "secret"


def _before_confirming(manifest):
    del part_of(manifest, "Round")["part"]["is_on_the_job"]


def test_all_or_nothing(author, there, whole, settings, tmp_path):
    data = changed(whole, _second_bad)
    own = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": own}  # other tests write files too
    with within(there):
        before = _stored()
        assert looked_at(changed(whole, _before_confirming), there).problems == [], "packages made before come in"
        preview = looked_at(data, there)
        assert [what for what, _why in preview.problems] == ["Quiz", "Tea stays"]  # which is about the quiz
        with pytest.raises(PackageError, match="Quiz: A quiz asks a question that is not in the package"):
            brought(data, there)
        for model in (Element, StoredFile, CourseImport, CourseVersion, Credit):
            assert not model.objects.filter(environment_id=there.environment_id).exists(), model
        assert _stored() == before


def _stored(folder: str = "") -> list[str]:
    folders, files = default_storage.listdir(folder)
    return sorted(
        [f"{folder}/{name}" for name in files]
        + [path for one in folders for path in _stored(f"{folder}/{one}".strip("/"))]
    )


def test_what_belongs_above_is_only_named(author, member, make_environment, env):
    below = make_environment("alpha-below", parent=env)
    there = member("author", environment=below)
    with within(author):
        page = page_create(title="Of all", markdown="x", creators=["Ada"]).element
        element_offer(element=page, to=below)
    with within(there):
        course = element_create(kind="course", title="Ours", creators=["Bo"])
        own = page_create(title="Own", markdown="y", creators=["Bo"]).element
        steps = [PlannedActivity(target=page), PlannedActivity(target=own, condition={"completed": page.pk})]
        course_publish(element=course, blocks=[PlannedBlock("One", steps)])
        written = course_export(course=course, by=there)
        assert written.left_out == ["Of all"]
        with written.file as file:
            data = file.read()
        assert part_of(manifest_of(data), "Of all")["part"] is None
        assert looked_at(data, there).notes == []  # it is here, so it is used
    with within(author):
        again = brought(data, author)  # above too
        assert outline(CourseVersion.objects.get(element=again)) == ["One", "- Of all", "- Own"]
    stranger = member("author", environment=make_environment("gamma"))
    with within(stranger):
        preview = looked_at(data, stranger)
        assert [what for what, _why in preview.notes] == ["Of all", "Of all", "Own"]
        assert "instructor opens it" in preview.notes[2][1]
        course = brought(data, stranger)
        (step,) = Activity.objects.filter(element=course)
        assert (step.title, step.condition) == ("Own", {"released": True})


def test_who_may(author, member, give, built, there, whole):
    builder = give("manage_content", course=built)
    with within(builder):
        for act in (lambda: course_export(course=built, by=builder), lambda: brought(whole, builder)):
            with pytest.raises(CourseError, match="You cannot"):
                act()
    with within(there), pytest.raises(CourseError, match="You cannot"):
        course_export(course=built, by=there)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_drawn_picture_is_kept_and_any_other_is_drawn(kind):
    ours = picture_drawn(drawn(kind=kind))
    assert picture_kept(ours.content) == ours
    with_note = ours.content + b"EXIF" + (4).to_bytes(4, "little") + b"note"
    whole = with_note[:4] + (len(with_note) - 8).to_bytes(4, "little") + with_note[8:]
    for odd in (whole, ours.content + b"<script>", drawn(kind="PNG")):
        assert picture_kept(odd).content != odd
        assert b"script" not in picture_kept(odd).content


def test_the_pages(author, there, whole, browser_of):
    with within(author):
        slug = Element.objects.get(kind="course").slug
    client = browser_of(author)
    assert "Export this course" in client.get(f"/courses/{slug}/build/").text
    assert "right answers" in client.get(f"/courses/{slug}/build/package/").text
    answer = client.post(f"/courses/{slug}/build/package/", {"what": "published"})
    assert answer["Content-Disposition"] == f'attachment; filename="{slug}.zip"'
    data = b"".join(answer.streaming_content)
    assert data == whole
    mine = browser_of(there)
    assert (
        mine.post("/studio/import/", {"file": io.BytesIO(b"nothing")}).text.count("no ZIP file") == 2
    )  # above the form, and at the field
    upload = io.BytesIO(data)
    upload.name = "tea.zip"
    page = mine.post("/studio/import/", {"file": upload})
    assert "All about tea" in page.text
    assert "It becomes a draft" in page.text
    key = page.context["key"]
    done = mine.post("/studio/import/", {"key": key})
    assert done["Location"] == f"/courses/{slug}/build/"
    twice = mine.post("/studio/import/", {"key": key, "again": "1"}, follow=True)
    assert "no longer here" in twice.text
    upload.seek(0)
    page = mine.post("/studio/import/", {"file": upload})
    assert "This package is here already" in page.text
    mine.post("/studio/import/", {"key": page.context["key"], "again": "1"})
    with within(there):
        assert sorted(Element.objects.filter(kind="course").values_list("slug", flat=True)) == [slug, f"{slug}-2"]
        assert not StoredFile.objects.filter(path__startswith="imports/").exists()


def test_over_the_api(author, there, whole):
    from tests.courses.test_build_api import client_of

    with within(author):
        slug = Element.objects.get(kind="course").slug
    ours = client_of(author).get(f"/api/v1/course-packages/{slug}/")
    assert b"".join(ours.streaming_content) == whole
    client = client_of(there)
    assert client.get(f"/api/v1/course-packages/{slug}/").status_code == 404

    def post(data=whole, **more):
        file = io.BytesIO(data)
        file.name = "tea.zip"
        return client.post("/api/v1/course-packages/", {"package": file, **more}, format="multipart")

    cartridge = io.BytesIO()
    with zipfile.ZipFile(cartridge, "w") as archive:
        archive.writestr("imsmanifest.xml", "<manifest/>")
    assert "Common Cartridges and Moodle backups cannot be read" in post(cartridge.getvalue()).text
    seen = post(preview="true")
    assert seen.status_code == 200
    assert (seen.json()["steps"], seen.json()["here_already"], seen.json()["problems"]) == (14, None, [])
    assert post().json() == {"course": slug, "title": "All about tea"}
    assert post().status_code == 400
    assert post(preview="true").json()["here_already"] == slug
    assert post(again="true").status_code == 201
