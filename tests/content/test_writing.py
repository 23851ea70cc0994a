"""Writing pages: every text is kept, nobody overwrites anybody, pictures are drawn anew and always say something."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pixels

from content.exceptions import ContentError, PageChangedError
from content.models import Image, Page, PageVersion
from content.services import image_add, page_create, page_restore, page_save
from content.words import difference
from ecosystem.exceptions import EcosystemError
from ecosystem.models import AuditEntry, StoredFile
from ecosystem.scope import open_scope
from ecosystem.search import hits
from ecosystem.services.elements import element_offer

pytestmark = pytest.mark.django_db


def picture(colour: str = "red", form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Pixels.new("RGB", (40, 20), colour).save(out, form)
    return out.getvalue()


def upload(data: bytes, name: str = "x.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/png")


@pytest.fixture
def author(member):
    return member("author")


@pytest.fixture
def page(env, author):
    with open_scope(environment_id=env.pk):
        return page_create(title="Tea", markdown="Pour.", creators=[author.person], by=author.person, minutes=5)


def filled(page: Page | None = None, **other: object) -> dict[str, object]:
    facts = {
        "title": "Tea", "summary": "", "markdown": "Pour.", "language": "en", "minutes": 5, "tags": "",
        "visibility": "members", "base": page.revision if page else "",
    }  # fmt: skip
    return {**facts, **other}


def save(env, page, by, **other):
    with open_scope(environment_id=env.pk):
        wish = {"base": page.revision, "markdown": "Pour.", **other}
        return page_save(page=page, by=by.person, **wish)


def test_an_author_writes_a_page_that_others_then_read(env, author, member, browser_of):
    browser = browser_of(author)
    first = browser.post("/content/new/page/", filled(markdown="Pour *slowly*.", tags="tea, hot drinks,tea"))
    assert first.status_code == 302
    assert first.headers["Location"] == "/content/tea/edit/"
    assert "Pour <em>slowly</em>." in browser_of(member()).get("/learn/tea/").text
    second = browser.post("/content/new/checklist/", filled(title="Tea"))
    assert second.headers["Location"] == "/content/tea-2/edit/"
    with open_scope(environment_id=env.pk):
        made = Page.objects.get(element__slug="tea")
        assert (made.element.tags, made.versions.count()) == (["tea", "hot drinks"], 1)
        assert [row.name for row in made.element.credits.all()] == [author.person.name]
        assert made.element_id in hits(text="slowly")


def test_each_saving_is_a_version_and_the_same_again_is_none(env, author, page):
    save(env, page, author, markdown="Warm the pot.\nPour.", title="Green tea")
    with open_scope(environment_id=env.pk):
        page = Page.objects.get(pk=page.pk)
    again = save(env, page, author, markdown="Warm the pot.\nPour.", title="Green tea", minutes=7)
    assert again.revision == 2
    with open_scope(environment_id=env.pk):
        kept = list(PageVersion.objects.order_by("number").values_list("number", "title", "markdown"))
        assert AuditEntry.objects.filter(act="page.saved").count() == 1
        assert Page.objects.get().element.minutes == 7
        assert hits(text="pot") == [page.element_id]
    assert kept == [(1, "Tea", "Pour."), (2, "Green tea", "Warm the pot.\nPour.")]


def test_a_page_from_before_versions_were_kept_loses_nothing(env, author, page):
    with open_scope(environment_id=env.pk):
        PageVersion.objects.all().delete()
    save(env, page, author, markdown="New.")
    with open_scope(environment_id=env.pk):
        assert list(PageVersion.objects.order_by("number").values_list("markdown", "person")) == [
            ("Pour.", None),
            ("New.", author.person_id),
        ]


def test_two_authors_at_once_the_second_is_told_and_keeps_the_words(env, author, member, page, browser_of):
    other = member("gardener", name="Hanna")
    assert browser_of(other).post("/content/tea/edit/", filled(page, markdown="Hers.")).status_code == 302
    answer = browser_of(author).post("/content/tea/edit/", filled(page, markdown="His."))
    assert answer.status_code == 409
    assert "Hanna saved version 2" in answer.text
    assert "His." in answer.context["form"]["markdown"].value()
    assert {(line.kind, line.text) for line in answer.context["conflict"]["lines"]} == {
        ("removed", "Hers."),
        ("added", "His."),
    }
    with open_scope(environment_id=env.pk):
        assert Page.objects.get().markdown == "Hers."
    on_top = filled(page, markdown="His.", base=answer.context["form"]["base"].value())
    assert browser_of(author).post("/content/tea/edit/", on_top).status_code == 302
    with open_scope(environment_id=env.pk):
        assert list(PageVersion.objects.order_by("number").values_list("markdown", flat=True)) == [
            "Pour.", "Hers.", "His.",
        ]  # fmt: skip
        with pytest.raises(PageChangedError):
            page_save(page=page, base=1, markdown="Late.", by=author.person)


def test_an_earlier_version_comes_back_as_the_newest(env, author, page, browser_of):
    save(env, page, author, markdown="Worse.", title="Bad tea")
    browser = browser_of(author)
    shown = browser.get("/content/tea/versions/2/")
    assert "What changed since version 1" in shown.text
    assert browser.get("/content/tea/versions/1/restore/").status_code == 405
    assert browser.post("/content/tea/versions/1/restore/").status_code == 302
    with open_scope(environment_id=env.pk):
        now = Page.objects.select_related("element").get()
        assert (now.markdown, now.revision, now.element.title) == ("Pour.", 3, "Tea")
        assert PageVersion.objects.get(number=3).restored == 1
        with pytest.raises(ContentError):
            page_restore(page=now, number=9, base=3, by=author.person)
    assert browser.get("/content/tea/versions/9/").status_code == 404
    assert browser.get("/content/tea/versions/").status_code == 200


@pytest.mark.parametrize(
    ("markdown", "why"),
    [
        ("  \n", "Write something"),
        ("![](attachment:" + "a" * 64 + ")", "no description"),
        ("![a cup](https://evil.example/x.png)", "other sites"),
        ("![a cup](/media/x.png)", "other sites"),
        ("[link][1] ![x][1]\n\n[1]: https://evil.example/x", "other sites"),
        ("![a cup](attachment:" + "a" * 64 + ")", "not on this page"),
    ],
)
def test_a_text_is_refused_with_the_reason(env, author, page, markdown, why):
    with open_scope(environment_id=env.pk), pytest.raises(ContentError, match=why):
        page_save(page=page, base=1, markdown=markdown, by=author.person)


def test_a_picture_is_drawn_anew_counted_and_shown_to_readers_only(env, other, author, member, page, browser_of):
    browser = browser_of(author)
    secret = b"GPS 52.1 5.1"
    data = picture() + secret
    form = filled(
        page, markdown="Above.\n\nBelow.", cursor=6, picture="1", image=upload(data), image_says="A [red] cup"
    )
    answer = browser.post("/content/tea/edit/", form)
    text = answer.context["form"]["markdown"].value()
    assert text.startswith("Above.\n\n![A (red) cup](attachment:")
    assert text.endswith(")\n\nBelow.\n")
    with open_scope(environment_id=env.pk):
        row = Image.objects.get()
        assert (row.width, row.height) == (40, 20)
        with row.file.open() as file:
            assert secret not in file.read()
        assert StoredFile.objects.get(path=row.file.name).size == row.file.size
        assert Page.objects.get().markdown == "Pour.", "adding a picture saved the page"
    assert browser.post("/content/tea/edit/", filled(page, markdown=text)).status_code == 302
    reader = browser_of(member())
    shown = reader.get("/learn/tea/").text
    assert f'<img src="/images/{row.sha256}/" alt="A (red) cup">' in shown
    served = reader.get(f"/images/{row.sha256}/")
    assert (served.status_code, served.headers["Content-Type"]) == (200, "image/webp")
    assert served.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert browser_of(member(environment=other)).get(f"/images/{row.sha256}/").status_code == 404
    assert browser_of(env).get(f"/images/{row.sha256}/").status_code == 302


def test_a_picture_of_a_private_page_is_private(env, author, member, page, browser_of):
    with open_scope(environment_id=env.pk):
        image_add(page=page, name="x", data=picture(), says="A cup")
        page.element.visibility = "private"
        page.element.save(update_fields=["visibility"])
        address = f"/images/{Image.objects.get().sha256}/"
    assert browser_of(member()).get(address).status_code == 404
    assert browser_of(author).get(address).status_code == 200


@pytest.mark.parametrize("data", [b"<svg onload='alert(1)'/>", b"", b"GIF89a", picture()[:40], b"%PDF-1.7"])
def test_what_is_no_picture_is_refused(env, page, data):
    with open_scope(environment_id=env.pk), pytest.raises(EcosystemError):
        image_add(page=page, name="x", data=data, says="A cup")
    with open_scope(environment_id=env.pk):
        assert not Image.objects.exists()


def test_a_picture_must_say_something(env, author, page, browser_of):
    form = filled(page, picture="1", image=upload(picture()), image_says=" ")
    answer = browser_of(author).post("/content/tea/edit/", form)
    assert list(answer.context["pictures"].errors) == ["image_says"]
    with open_scope(environment_id=env.pk):
        assert not Image.objects.exists()


def test_the_same_picture_twice_is_one(env, page):
    with open_scope(environment_id=env.pk):
        assert image_add(page=page, name="x", data=picture(), says="A") == image_add(
            page=page, name="y", data=picture(), says="A"
        )
        assert Image.objects.count() == 1


def test_only_authors_and_only_at_home(env, author, member, page, browser_of, make_environment):
    below = make_environment("below", parent=env)
    with open_scope(environment_id=env.pk):
        element_offer(element=page.element, to=below)
    pages = ["/content/", "/content/new/", "/content/new/page/", "/content/tea/edit/", "/content/tea/versions/"]
    for role in ("learner", "instructor", "manager", "sponsor"):
        browser = browser_of(member(role))
        assert {browser.get(address).status_code for address in pages} == {404}
        assert browser.post("/content/tea/edit/", filled(page)).status_code == 404
        assert browser.post("/content/preview/", {"markdown": "x"}).status_code == 404
    downstairs = browser_of(member("author", environment=below))
    assert downstairs.get("/learn/tea/").status_code == 200
    assert downstairs.get("/content/tea/edit/").status_code == 404
    assert downstairs.post("/content/tea/versions/1/restore/").status_code == 404
    with open_scope(environment_id=below.pk), pytest.raises(EcosystemError):
        page_save(page=page, base=1, markdown="Ours now.", by=author.person)


def test_the_preview_is_as_clean_as_the_page(author, browser_of):
    answer = browser_of(author).post("/content/preview/", {"markdown": "<script>x</script> *so* [a](javascript:x)"})
    assert "<script" not in answer.text
    assert "javascript:" not in answer.text.replace("(javascript:x)", "")
    assert "<em>so</em>" in answer.text


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_asks_the_same_however_long_it_is(env, author, browser_of, count, django_assert_num_queries):
    with open_scope(environment_id=env.pk):
        for number in range(count):
            page_create(title=f"Page {number}", markdown="x", creators=[author.person])
    browser = browser_of(author)
    browser.get("/content/")
    with django_assert_num_queries(10):
        answer = browser.get("/content/")
    assert answer.text.count('class="t"') == count
    assert browser.get("/content/?q=nothing&kind=page").status_code == 200


def test_differences_are_said_line_by_line():
    found = difference("a\nb\nc\nd\ne\nf\ng", "a\nb\nc\nd\ne\nF\ng")
    assert [(line.kind, line.text) for line in found or []] == [
        ("gap", ""), ("same", "d"), ("same", "e"), ("removed", "f"), ("added", "F"), ("same", "g"),
    ]  # fmt: skip
    assert difference("a", "a") == []
    assert difference("x\n" * 4000, "a") is None


def test_software_writes_too(env, author, member, browser_of):
    client = browser_of(author)
    made = client.post("/api/v1/pages/", {"title": "Tea", "markdown": "Pour."}, content_type="application/json")
    assert (made.status_code, made.json()["revision"], made.json()["slug"]) == (201, 1, "tea")
    added = client.post("/api/v1/pages/tea/images/", {"image": upload(picture()), "says": "A cup"})
    assert added.status_code == 201
    words = added.json()["markdown"]
    change = {"base": 1, "markdown": f"Pour. {words}"}
    assert client.patch("/api/v1/pages/tea/", change, content_type="application/json").json()["revision"] == 2
    late = client.patch("/api/v1/pages/tea/", change, content_type="application/json")
    assert (late.status_code, "Somebody else" in late.json()["detail"]) == (400, True)
    back = client.post("/api/v1/pages/tea/restore/", {"number": 1, "base": 2}, content_type="application/json")
    assert back.json()["markdown"] == "Pour."
    assert len(client.get("/api/v1/pages/tea/versions/").json()["results"]) == 3
    learner = browser_of(member())
    assert learner.get("/api/v1/pages/tea/").status_code == 404, "a new page is private"
    assert (
        learner.post("/api/v1/pages/", {"title": "x", "markdown": "y"}, content_type="application/json").status_code
        == 403
    )
