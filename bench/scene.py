"""The people and the course that a bench uses, in the demo ecosystem."""

import json
import re
import secrets
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment, Attempt
from assessments.services import attempt_start
from bench.browser import Answer as HttpAnswer
from bench.browser import Browser
from catalogue.models import Offer
from catalogue.services import offer_take
from courses.models import Enrolment
from demo.loading.forest import PASSWORD
from demo.loading.naming import organisation, slug_of
from ecosystem.models import Environment, Membership, Role, SignIn
from ecosystem.scope import open_scope
from ecosystem.services.people import member_add
from ecosystem.signals import SESSION_ENVIRONMENT, SESSION_SIGN_IN

COURSE, QUIZ = "pfa-at-work", "pfa-basics-quiz"


def item(value: str, seq: int, client: str, base: int | None = None) -> bytes:
    """One answer to the first question, as quiz-player.js sends it."""
    sent = {
        "id": f"{client}-{seq}", "position": 1, "fields": {"answer": [value]}, "flagged": False, "client": client, "seq": seq,
        "base": seq - 1 if base is None else base, "seconds": 3, "at": "2027-01-01T00:00:00Z",
    }  # fmt: skip
    return json.dumps({"items": [sent]}).encode()


def staff_add(environment: Environment, count: int) -> list[str]:
    """People with all roles; their e-mail addresses."""
    password, name = make_password(PASSWORD), secrets.token_hex(4)
    with open_scope(environment_id=environment.pk):
        members = [
            member_add(
                email=f"{name}{index}@{environment.slug}.example.org",
                name="Bench",
                roles=Role.values,
                password_hash=password,
            )
            for index in range(count)
        ]
    return [member.person.email for member in members]


class Scene:
    """``count`` learners, each enrolled and with an open attempt: of the root, or of the first organisation of a crowd."""

    PATHS = {"home": "/", "catalogue": "/catalogue/?q=stress", "course": f"/courses/{COURSE}/"}

    def __init__(self, count: int, *, size: str = "small") -> None:
        slug = "demo"
        if size != "small":
            call_command("demo", size=size)
            slug = slug_of(organisation(0))
        self.environment = Environment.objects.get(slug=slug)
        self.host = f"{slug}.localhost"
        password = make_password(PASSWORD)
        with open_scope(environment_id=self.environment.pk):
            members = [
                member_add(email=f"bench{index}@{slug}.example.org", name=f"Bench {index}", password_hash=password)
                for index in range(count)
            ]
        self.people = [member.person.email for member in members]
        self.persons = {member.person.email: member.person for member in members}
        self.attempts: dict[str, str] = {}
        self.choices: dict[str, str] = {}
        self.turn = 0
        self.saved: dict[str, int] = {}
        self.first: dict[str, int] = {}
        self.name = secrets.token_hex(4)
        for person in self.persons.values():
            with open_scope(environment_id=self.environment.pk, person_id=person.pk):
                if not Enrolment.objects.filter(person=person).exists():
                    offer_take(offer=Offer.objects.select_related("run").get(element__slug=COURSE), person=person)
                attempt: Attempt = attempt_start(
                    assessment=Assessment.objects.get(element__slug=QUIZ), person_id=person.pk
                )
                self.attempts[person.email] = str(attempt.uid)

    def people_with_a_past(self, count: int) -> list[str]:
        """Learners of a crowd, who have done most of what can be done; e-mail addresses."""
        with open_scope(environment_id=self.environment.pk):
            learners = Membership.objects.filter(roles=[Role.LEARNER]).values("person_id")
            done = Enrolment.objects.filter(person__in=learners).exclude(person__in=self.persons.values())
            found = done.values_list("person__email").annotate(count=Count("pk")).order_by("-count", "person")
            return [email for email, _count in found[:count]]

    def sign_in(self, browser: Browser, person: str) -> HttpAnswer:
        self.open_sign_in(browser, person)
        return self.send_sign_in(browser, person)

    def open_sign_in(self, browser: Browser, _person: str) -> None:
        """A fresh browser with the form open, from another address: sign-ins are counted per address."""
        browser.cookies.clear()
        browser.close()
        browser.source = f"127.{secrets.randbelow(250) + 1}.{secrets.randbelow(250)}.{secrets.randbelow(250) + 1}"
        browser.remember_token(browser.get("/accounts/login/"))

    def send_sign_in(self, browser: Browser, person: str) -> HttpAnswer:
        """The POST only, which is what the bench measures."""
        answer = browser.post("/accounts/login/", {"login": person, "password": PASSWORD})
        if answer.status != 302:
            raise SystemExit(f"Sign-in of {person} answered {answer.status}.")
        return answer

    def act(self, page: str) -> Callable[[Browser, str], HttpAnswer]:
        if page in self.PATHS:
            return lambda browser, _person: browser.get(self.PATHS[page])
        return self._answer

    def _answer(self, browser: Browser, person: str) -> HttpAnswer:
        """Another choice each time, so that every request really writes."""
        path = f"/attempts/{self.attempts[person]}/"
        if person not in self.choices:
            page = browser.get(f"{path}1/")
            browser.remember_token(page)
            browser.remember_ticket(page)
            self.first[person] = int(re.search(rb'data-revision="(\d+)"', page.body)[1])  # type: ignore[index]
            self.choices[person] = self._values(f"{path}1/", person)
        self.turn += 1
        values = json.loads(self.choices[person])
        self.saved[person] = self.saved.get(person, 0) + 1
        base = self.first[person] + self.saved[person] - 1
        value = values[self.turn % len(values)]
        return browser.post_json(f"{path}answers/", item(value, self.saved[person], self.name, base=base))

    def _values(self, path: str, person: str) -> str:
        html = self._client(person).get(path).content.decode()
        values = re.findall(r'name="answer"[^>]*value="([^"]+)"', html)
        if len(values) < 2:
            raise SystemExit(f"{path} offers nothing to choose: {html[:200]}")
        return json.dumps(values)

    def queries(self, page: str) -> int:
        """SQL statements of one request, counted in this process."""
        person = self.people[0]
        if page == "sign-in":
            client = Client(HTTP_HOST=self.host, REMOTE_ADDR="127.9.9.9")
            with CaptureQueriesContext(connection) as captured:
                client.post("/accounts/login/", {"login": person, "password": PASSWORD})
            return len(captured)
        client = self._client(person)
        with CaptureQueriesContext(connection) as captured:
            if page == "quiz answer":
                path, values = f"/attempts/{self.attempts[person]}/", json.loads(self.choices[person])
                found = re.search(r'data-ticket="([^"]*)"', client.get(f"{path}1/").content.decode())
                captured.initial_queries = len(connection.queries_log)
                answer = client.post(
                    f"{path}answers/",
                    item(values[0], 1, f"{self.name}-once", base=self.first[person] + self.saved[person]),
                    content_type="application/json",
                    headers={"x-attempt-ticket": found[1] if found else ""},
                )
            else:
                answer = client.get(self.PATHS[page])
        if answer.status_code != 200:
            raise SystemExit(f"{page} answered {answer.status_code}.")
        return len(captured)

    def signed_in(self, person: str, port: int) -> Browser:
        """A browser of somebody who has signed in already: two hundred sign-ins are another bench."""
        browser = Browser(self.host, port)
        browser.cookies[settings.SESSION_COOKIE_NAME] = str(self._client(person).session.session_key)
        return browser

    def _client(self, person: str) -> Client:
        client = Client(HTTP_HOST=self.host)
        client.force_login(self.persons[person])
        with open_scope(environment_id=self.environment.pk):
            row = SignIn.objects.create(
                environment=self.environment, person=self.persons[person], method="password", device="Bench"
            )
        session = client.session
        session.update({SESSION_ENVIRONMENT: self.environment.pk, SESSION_SIGN_IN: row.pk})
        session.save()
        return client
