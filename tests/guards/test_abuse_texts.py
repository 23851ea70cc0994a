"""Texts of people on pages, in letters and in files that we make.

Each test is named by its number in the list of abuse cases.
"""

import pytest
from django.test import Client

from assessments.services import bank_create, question_save
from certificates.services.rendering import certificate_document
from content.services import page_create
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_restyle
from notifications.services import mail_send_due, notify
from reporting.export import report_csv
from tests.guards.hostile import SCRIPT, dangers_in
from tests.settle import settle


def test_a43_the_public_page_shows_a_name_as_text(env, certificate):
    page = Client(HTTP_HOST="alpha.localhost").get(f"/verify/{certificate.serial}/").text
    assert "<b>Eve" not in page
    assert "<img src=" not in page


def test_a43_titles_and_texts_are_shown_as_text(env, member, browser_of):
    admin = member("admin", name=SCRIPT)
    with open_scope(environment_id=env.pk):
        facts = {"creators": [SCRIPT], "summary": SCRIPT, "tags": [SCRIPT[:60]], "why": SCRIPT}
        page_create(
            title=f"Page {SCRIPT}", markdown=f"# {SCRIPT}\n[x](javascript:alert(1)) {SCRIPT}", slug="page", **facts
        )
        bank = bank_create(title=f"Bank {SCRIPT}", slug="bank", **facts)
        body = {
            "choices": [{"text": f"a {SCRIPT}", "correct": True, "feedback": SCRIPT}, {"text": "b", "correct": False}]
        }
        question_save(
            bank=bank, identifier="q", type="single", stem=f"Why? {SCRIPT}", body=body, feedback=SCRIPT, name=SCRIPT
        )
        notify(person_id=admin.person_id, key="k", kind="x", title=SCRIPT, body=SCRIPT, href="/memo/")
    client = browser_of(admin)
    for address in (
        "/", "/catalogue/", "/catalogue/?q=page", f"/catalogue/?q={SCRIPT}&kind={SCRIPT}&tag={SCRIPT}", "/learn/page/", "/banks/",
        "/banks/bank/", f"/banks/bank/?q={SCRIPT}", "/notices/", "/garden/", "/garden/map/?all=1", "/garden/elements/page/",
        "/admin/ecosystem/element/", "/admin/assessments/question/", "/admin/ecosystem/membership/", f"/verify/?serial={SCRIPT}",
        f"/verify/{SCRIPT.replace('/', '')}/", f"/nothing/{SCRIPT}",
    ):  # fmt: skip
        page = client.get(address, follow=True).text
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address
        assert dangers_in(page) == [], address


def test_a43_a_logo_is_only_a_drawing(env):
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><foreignObject><body '
        'onload="alert(1)"/></foreignObject><a href="javascript:alert(1)"><path d="M0 0h1" onclick="x"/></a>'
        '<image href="http://evil.example/x.png"/><use href="http://evil.example/#x"/><style>@import "//evil"</style></svg>'
    )
    environment_restyle(environment=env, logo_svg=svg)
    page = Client(HTTP_HOST="alpha.localhost").get("/").text
    for bad in ("onload", "alert(1)", "foreignObject", "evil", "onclick", "@import"):
        assert bad not in page


def test_a67_a_cell_is_never_a_formula():
    from reporting.export import _safe

    for text in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"):
        assert _safe(text).startswith("'")
    assert _safe("plain") == "plain"
    assert callable(report_csv)


def test_a50_no_letter_gets_a_second_header(env, member, mailoutbox):
    person = member("learner", name="Eve\r\nBcc: all@example.org")
    with open_scope(environment_id=env.pk):
        notify(person_id=person.person_id, key="k", kind="x", title="Hi\r\nBcc: all@example.org", body="b", mail=True)
    settle(env)
    for letter in mailoutbox:
        assert not letter.bcc
        assert "\n" not in letter.subject


def test_a51_templates_of_people_are_text(env, learner, mailoutbox):
    with open_scope(environment_id=env.pk):
        words = "{{ settings.SECRET_KEY }} {% load x %} ${7*7}"
        notice = notify(person_id=learner.person_id, key="k", kind="x", title=words, body=words, mail=True)
        assert notice.title == words


def test_a54_a_name_with_markup_reads_no_file_and_no_network(env, certificate, monkeypatch):
    """Drawn here instead of in the process of its own, so that we see what it asks for."""
    opened = []
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    from ecosystem.pdf_renderer import pdf_of

    fetch = URLFetcher.fetch
    monkeypatch.setattr(
        URLFetcher, "fetch", lambda self, url, *a, **k: (opened.append(url), fetch(self, url, *a, **k))[1]
    )
    with open_scope(environment_id=env.pk):
        html, css = certificate_document(certificate=certificate)
    assert pdf_of(html=html, css=css, fonts=FontConfiguration()).startswith(b"%PDF")
    assert opened, "fonts are files"
    assert not [url for url in opened if "passwd" in url or url.startswith("http")]


@pytest.mark.django_db
def test_a49_markup_in_a_letter_is_text(env, learner, mailoutbox):
    """Somebody's words in a letter: no style, no picture that calls home, no form; the plain part says the same."""
    words = '<style>body{display:none}</style><img src="https://evil.example/x.png"><form action="//evil.example">Pay</form>'
    with open_scope(environment_id=env.pk):
        notify(person_id=learner.person_id, key="k", kind="x", title=f"About {words}", body=words, mail=True)
    settle(env)
    mail_send_due()
    (letter,) = mailoutbox
    html = letter.alternatives[0][0]
    body = html.split("<body", 1)[1]
    for bad in ("<style>body{display", '<img src="https://evil', "<form", "url(https://evil"):
        assert bad not in body, bad
    assert "&lt;form" in body
    assert "https://evil.example/x.png" in letter.body
