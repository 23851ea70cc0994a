"""Signing in by SAML, against answers that xmlsec really signed: the true one, and those of an attacker."""

import base64
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from lxml import etree

from ecosystem.models import AuditEntry, IdentityProvider, Membership, Person
from ecosystem.organisation import provider_id_of
from ecosystem.scope import open_scope
from tests.ecosystem.signing.conftest import PASSWORD, is_in, sign_in, with_password
from tests.ecosystem.signing.saml_server import ENTITY, SSO, Answer, key_pair, question_of

# Whoever wanted a page gets it by another way in.
AGAIN = "/accounts/login/?next=%2Fcourses%2F"


def offer(environment, **facts) -> IdentityProvider:
    with open_scope(environment_id=environment.pk):
        return IdentityProvider.objects.create(
            environment=environment,
            **{
                "protocol": "saml", "name": "Work", "issuer": ENTITY, "sso_url": SSO, "is_on": True,
                "certificate": key_pair("organisation")[1], **facts,
            },
        )  # fmt: skip


def asked(browser, row: IdentityProvider) -> Answer:
    """Begin on our page; the true answer to the question that the server gets."""
    there = browser.get(f"/accounts/organisation/{provider_id_of(row)}/?next=/courses/")
    assert there.headers["Location"].startswith(SSO)
    question, to = question_of(there.headers["Location"])
    assert urlsplit(to).netloc == browser.defaults["HTTP_HOST"]
    return Answer(question=question, audience=to.replace("/answer/", "/metadata/"), to=to)


def given(browser, answer: Answer, packed: str | None = None):
    """The form of the other site, without our cookie; then the browser follows, with it."""
    bare = Client(HTTP_HOST=browser.defaults["HTTP_HOST"], enforce_csrf_checks=True)
    put = bare.post(urlsplit(answer.to).path, {"SAMLResponse": packed if packed is not None else answer.packed()})
    assert put.status_code == 302
    return browser.get(put.headers["Location"])


def test_a_member_comes_in_and_is_linked(ada, env, other, browser_of):
    row = offer(env)
    assert "Work" in browser_of(env).get("/accounts/login/").text
    assert browser_of(other).get(f"/accounts/organisation/{provider_id_of(row)}/").status_code == 404
    for number in range(2):
        browser = browser_of(env)
        answer = replace(asked(browser, row), assertion_id=f"_a{number}")
        assert given(browser, answer).headers["Location"] == "/courses/"
        assert is_in(browser)
    link = SocialAccount.objects.get()
    assert (link.user_id, link.uid, link.extra_data, link.provider) == (ada.person_id, "u-1", {}, provider_id_of(row))
    with open_scope(environment_id=env.pk):
        assert AuditEntry.objects.get(act="sign_in.method_used_first").after == {"method": "organisation"}
    described = browser_of(env).get(f"/accounts/organisation/{provider_id_of(row)}/metadata/")
    assert etree.fromstring(described.content).get("entityID").endswith("/metadata/")


FALSE = {
    "not signed": {"signer": None},
    "signed by somebody else": {"signer": "stranger"},
    "another issuer": {"issuer": "https://evil.example/"},
    "for somebody else": {"audience": "https://evil.example/"},
    "over": {"minutes": -1},
    "a passing name": {"name_format": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"},
    "a name too long to keep": {"uid": "u" * 191},
    "no address": {"email": ""},
    "nobody here": {"email": "nobody@example.org"},
    "to another question": {"question": "ONELOGIN_0000000000000000000000000000000000000000"},
    "to no question": {"confirmed_for": ""},
    "stolen from another exchange": {"confirmed_for": "ONELOGIN_1111111111111111111111111111111111111111"},
}


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("wrong", list(FALSE))
def test_a_false_answer_lets_nobody_in(env, browser_of, wrong):
    browser = browser_of(env)
    answer = asked(browser, offer(env))
    assert given(browser, replace(answer, **FALSE[wrong])).headers["Location"] == AGAIN
    assert not is_in(browser)
    assert not SocialAccount.objects.exists()


def wrapped(answer: Answer, how: str) -> str:
    """Signature wrapping: the signed assertion stays in the document, and another one is to be believed."""
    true, false = (
        answer.assertion(),
        replace(answer, signer=None, email="boss@example.org", uid="boss", assertion_id="_evil"),
    )
    if how == "before":
        return answer.packed(false.assertion(), true)
    if how == "after":
        return answer.packed(true, false.assertion())
    if how == "same id":
        return answer.packed(replace(false, assertion_id=answer.assertion_id).assertion(), true)
    evil = etree.fromstring(false.assertion())
    inner = etree.fromstring(true)
    if how == "inside":  # the signed one as a child of the false one
        evil.append(inner)
    else:  # the signature of the true one, moved into the false one, which takes the true one along
        signature = inner.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
        inner.remove(signature)
        keep = etree.SubElement(signature, "{http://www.w3.org/2000/09/xmldsig#}Object")
        keep.append(inner)
        evil.insert(1, signature)
    return answer.packed(etree.tostring(evil).decode())


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("how", ["before", "after", "same id", "inside", "object"])
def test_signature_wrapping(env, browser_of, how):
    with_password(env, "boss@example.org", "admin")
    browser = browser_of(env)
    answer = asked(browser, offer(env))
    given(browser, answer, wrapped(answer, how))
    assert not is_in(browser)
    assert not SocialAccount.objects.exists()


def test_a_comment_does_not_cut_a_name(ada, env, browser_of):
    """ada@example.org<!-- -->.evil.example is one address, not the first half of it."""
    browser = browser_of(env)
    answer = asked(browser, offer(env))
    plain = replace(answer, email="ada@example.org.evil.example").assertion()
    cut = plain.replace("ada@example.org.evil", "ada@example.org<!-- x -->.evil")  # the signature leaves comments out
    assert cut != plain
    given(browser, answer, answer.packed(cut))
    assert not is_in(browser)
    assert ada.person_id


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/evil.dtd">',
    ],
)
def test_xxe(env, browser_of, head):
    browser = browser_of(env)
    answer = asked(browser, offer(env))
    given(browser, answer, answer.packed(head=head))
    assert not is_in(browser)


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    "packed", ["", "no base64 !", base64.b64encode(b"<a").decode(), base64.b64encode(b"<a/>").decode(), "A" * 300_000]
)
def test_nonsense(env, browser_of, packed):
    browser = browser_of(env)
    answer = asked(browser, offer(env))
    refused = given(browser, answer, packed)
    assert refused.headers.get("Location") == AGAIN
    assert "That did not work" in browser.get(AGAIN).text
    assert not is_in(browser)


def test_once_and_only_for_who_asked(ada, env, browser_of):
    row = offer(env)
    browser, thief = browser_of(env), browser_of(env)
    answer = asked(browser, row)
    packed = answer.packed()
    given(thief, answer, packed)  # never asked: unsolicited
    assert not is_in(thief)
    asked(thief, row)  # asked something else
    given(thief, answer, packed)
    assert not is_in(thief)
    given(browser, answer, packed)
    assert is_in(browser)
    again = browser_of(env)
    given(again, answer, packed)
    assert not is_in(again)
    # The same assertion, in the session that asked the question, once more: seen before.
    session = again.session
    session["saml"] = {"question": answer.question, "provider": provider_id_of(row), "at": 9e12, "next": "/"}
    session.save()
    given(again, answer, packed)
    assert not is_in(again)
    assert ada.person_id


def test_nobody_is_taken_over_from_another_organisation(env, other, browser_of):
    with_password(other)
    with_password(env)
    row = offer(env, admits_new=True)
    browser = browser_of(env)
    given(browser, asked(browser, row))
    assert not is_in(browser)
    assert sign_in(browser_of(env)).headers["Location"] == "/"
    off = offer(env, name="Off", is_on=False)
    assert browser.get(f"/accounts/organisation/{provider_id_of(off)}/").status_code == 404


def test_new_people_as_learners_where_the_environment_says_so(env, browser_of):
    browser = browser_of(env)
    given(browser, asked(browser, offer(env, admits_new=True)))
    assert is_in(browser)
    with open_scope(environment_id=env.pk):
        assert Membership.objects.get(person__email="ada@example.org").roles == ["learner"]
    assert not Person.objects.get().has_usable_password()


def test_an_administrator_sets_it_up(env, browser_of):
    with_password(env, "boss@example.org", "admin")
    browser, new = browser_of(env), "/people/sign-in/new/"
    sign_in(browser, "boss@example.org")
    browser.post("/accounts/reauthenticate/?next=/", {"password": PASSWORD})
    facts = {"protocol": "saml", "name": "Work", "issuer": "urn:example:idp", "is_on": "on"}
    assert browser.post(new, facts).text.count("This field is required") >= 2
    facts |= {"sso_url": SSO, "certificate": "no certificate"}
    assert "This is no certificate" in browser.post(new, facts).text
    facts["certificate"] = key_pair("old", days=-1)[1]
    assert "This certificate is over" in browser.post(new, facts).text
    bare = "".join(key_pair("organisation")[1].splitlines()[1:-1])
    place = browser.post(new, {**facts, "certificate": bare}).headers["Location"]
    page = browser.get(place).text
    assert "/metadata/" in page
    assert "/answer/" in page
    assert "The certificate can be used." in browser.post(place, {"test": "1"}, follow=True).text
    assert (
        "Another protocol" in browser.post(place, {**facts, "protocol": "oidc", "issuer": SSO, "client_id": "x"}).text
    )
    with open_scope(environment_id=env.pk):
        row = IdentityProvider.objects.get()
    assert row.certificate == key_pair("organisation")[1]
