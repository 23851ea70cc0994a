"""Two environments with the same life in each; the neighbour's every text says CANARY."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from api.models import WebhookDelivery, WebhookEndpoint
from api.services import token_create
from assessments.models import Assessment, Attempt, Question
from assessments.services import attempt_start
from catalogue.services import offer_make, offer_take
from certificates.models import Certificate, CertificateTemplate
from content.services import document_create, link_create, package_create, page_create, search_miss, video_create
from courses.models import CourseRun, Enrolment, TaskReport
from courses.services import PlannedActivity, PlannedBlock, course_publish, draft_of, run_open
from ecosystem.models import Connection, Element, Environment, Membership
from ecosystem.scope import open_scope
from ecosystem.services.delegations import delegation_grant
from ecosystem.services.elements import element_create, elements_connect
from ecosystem.services.groups import group_save
from ecosystem.services.invitations import Invited, invitation_create
from events.models import Session
from events.services import code_add, equipment_add, event_make, seat_take, session_add
from gardening.services import charter_save, kpi_save
from handins.models import Assignment, PeerPhase
from handins.services import (
    assignment_make,
    handin_rubric_save,
    mark_give,
    round_save,
    round_start,
    round_submit,
    rounds_release,
)
from handins.services.comments import comment_keep
from handins.services.conflicts import conflict_record
from handins.services.exemplars import exemplar_ask
from handins.services.peers import peer_plan_set, peers_open
from handins.services.peers_training import peer_sample_add
from handins.services.remarks import remark_add
from handins.services.teams import team_make
from handins.services.uploading import upload_begin
from lti.models import Tool
from lti.services import link_make
from memotrainer.models import Card
from memotrainer.services import goal_make
from notifications.services import notify
from social.services import discussion_make, reply_write, thread_begin
from tests.assessments.answering import make_assessment
from tests.cast import People, environment
from tests.content.making import PDF, mp4, upload
from tests.content.zips import package
from tests.standing import World, stands

CANARY = "CANARY"


@dataclass
class Life:
    environment: Environment
    course: Element
    pages: list[Element]
    connection: Connection
    template: CertificateTemplate
    bank: str
    people: dict[str, Membership] = field(default_factory=dict)

    @staticmethod
    def attempt_of(person_id: int) -> Attempt:
        return Attempt.objects.get(person_id=person_id)


def live_in(environment: Environment, member: People, mark: str = "") -> Life:
    """A course with two pages and a quiz, a connection, and somebody enrolled with a certificate and an attempt."""
    author = member("author", environment=environment, name=f"Ada {mark}", email=f"ada{mark}@example.org".lower())
    learner = member(environment=environment, name=f"Lee {mark}", email=f"lee{mark}@example.org".lower())
    with open_scope(environment_id=environment.pk, person_id=learner.person_id):
        pages = [
            page_create(
                title=f"Page {n} {mark}", slug=f"page-{n}", markdown=f"Text {mark}", creators=[author.person]
            ).element
            for n in range(2)
        ]
        quiz = make_assessment(slug="quiz")
        course = element_create(
            kind="course", title=f"Course {mark}", slug="course", summary=mark, creators=[author.person]
        )
        task = page_create(
            kind="task", title=f"Task {mark}", slug="task", markdown=mark or "Do", creators=[author.person]
        ).element
        activities = [PlannedActivity(target=target) for target in (*pages, quiz.element, task)]
        talk = discussion_make(title=f"Discussion {mark}", slug="discussion", markdown=mark or "Talk", by=author)
        activities.append(PlannedActivity(target=talk.element, optional=True))
        course_publish(element=course, blocks=[PlannedBlock(f"Block {mark}", activities)])
        offer_make(element=course, run=run_open(element=course, title=f"Run {mark}"))
        connection = elements_connect(
            source=pages[0], target=pages[1], kind="prepares_for", hypothesis=f"Because {mark}"
        )
        template = CertificateTemplate.objects.create(
            environment=environment, element=course, title=f"Certificate {mark}"
        )
        charter = charter_save(business_issue=f"Issue {mark}", why=mark)
        kpi_save(charter=charter, name=f"Kpi {mark}", direction="up", baseline=1, target=2)
        notify(person_id=learner.person_id, key="hello", kind="test", title=f"Notice {mark}")
        webhook_of(environment, mark)
        admin = member("admin", environment=environment)
        delegation_grant(person=author.person, powers=["invite"], until=timezone.now() + timedelta(days=30), by=admin)
        group_save(name=f"Group {mark}", by=admin)
        draft_of(element=course, by=admin)
        invitation_create(invited=Invited(f"invited{mark}@example.org".lower(), ("learner",), f"In {mark}"), by=admin)
        bank = Element.objects.get(kind="question_bank").slug
        things_brought_in(mark, author)
    life = Life(environment, course, pages, connection, template, bank, {"author": author, "learner": learner})
    enrolled(life, learner)
    with open_scope(environment_id=environment.pk, person_id=learner.person_id):
        run = CourseRun.objects.get()
        said = thread_begin(discussion=talk, circle=run.uid, title=f"Thread {mark}", text=f"Post {mark}", by=learner)
        reply_write(thread=said.thread, text=f"Reply {mark}", by=learner)
        event = event_make(
            title=f"Event {mark}", slug="event", zone="UTC", capacity=1, by=member("admin", environment=environment)
        )
        begins = timezone.now() + timedelta(days=9)
        session_add(
            event=event,
            starts_at=begins,
            ends_at=begins + timedelta(hours=1),
            by=member("admin", environment=environment),
        )
        seat_take(event=event, by=learner)
        code_add(event=event, by=member("admin", environment=environment))
        equipment_add(name=f"Beamer {mark}", by=member("admin", environment=environment))
        assignment = assignment_make(
            title=f"Hand-in {mark}", slug="handin", markdown=mark or "Do", due_at=begins, takes_files=True,
            by=member("admin", environment=environment),
        )  # fmt: skip
        draft = round_save(round=round_start(assignment=assignment, by=learner), text=f"Work {mark}", by=learner)
        upload_begin(round=draft, name=f"{mark or 'film'}.webm", size=9, by=learner)
        round_submit(round=draft, by=learner)
        done_at_work(mark, learner, member("admin", environment=environment))
        good_work(mark, learner, member("admin", environment=environment))
        peer = member("author", environment=environment, email=f"peer@{environment.slug}.example.org")
        reviewed_by_peers(learner, peer, member("admin", environment=environment))
        shared_work(mark, learner, member("admin", environment=environment))
        conflict_record(
            marker=member("instructor", environment=environment), person=author.person, because=f"Kin {mark}",
            by=member("admin", environment=environment),
        )  # fmt: skip
        began = timezone.now() - timedelta(days=2)
        Session.objects.create(environment=environment, event=event, starts_at=began, ends_at=began + timedelta(days=3))
        goal_make(
            title=f"Goal {mark}",
            slug="goal",
            quizzes=[Element.objects.get(slug="quiz")],
            by=member("admin", environment=environment),
        )
        now, question = timezone.now(), Question.objects.filter(element__slug=bank)[0]
        Card.objects.create(
            environment=environment, person=learner.person, bank=question.element, question=question, stability=1,
            difficulty=5, last_reviewed_at=now, due_at=now + timedelta(days=1), reviews=1, lapses=0,
        )  # fmt: skip
        TaskReport.objects.create(
            environment=environment, person=learner.person, element=task, number=1, note=f"Done {mark}",
            said_at=timezone.now(), state="sent_back", answer="Where?", answered_at=timezone.now(),
        )  # fmt: skip
    return life


def done_at_work(mark: str, learner: Membership, marker: Membership) -> None:
    """Work on the job of the learner, which waits to be confirmed."""
    assignment = assignment_make(
        title=f"At work {mark}", slug="at-work", markdown=mark or "Do", is_on_the_job=True, by=marker
    )
    round = round_save(round=round_start(assignment=assignment, by=learner), text=f"Done {mark}", by=learner)
    round_submit(round=round, by=learner)


def good_work(mark: str, learner: Membership, marker: Membership) -> None:
    """Another round of the learner is looked at, released as passed, and asked for as an example."""
    assignment = assignment_make(title=f"Good {mark}", slug="good-work", markdown=mark or "Do", by=marker)
    round = round_save(round=round_start(assignment=assignment, by=learner), text=f"Work {mark}", by=learner)
    round_submit(round=round, by=learner)
    remark_add(round=round, quote="Work", words=f"Good {mark}", by=marker)
    mark_give(round=round, passed=True, by=marker)
    rounds_release(rounds=[round], by=marker)
    exemplar_ask(round=round, by=marker)
    comment_keep(words=f"Often {mark}", is_shared=True, by=marker)


def reviewed_by_peers(learner: Membership, peer: Membership, marker: Membership) -> None:
    """Somebody else hands in too; the two review each other, and have a sample to practise on."""
    assignment, now = Assignment.objects.get(element__slug="good-work"), timezone.now()
    levels = [{"title": word, "points": points} for points, word in enumerate(("no", "yes"))]
    handin_rubric_save(assignment=assignment, criteria=[{"title": "Care", "weight": 1, "levels": levels}], by=marker)
    dates = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(days=1)}
    peer_plan_set(assignment=assignment, is_on=True, each=1, **dates, by=marker)
    round_submit(
        round=round_save(round=round_start(assignment=assignment, by=peer), text="Of a peer", by=peer), by=peer
    )
    peers_open(phase=PeerPhase.objects.get(), by=marker)
    peer_sample_add(assignment=assignment, title="Try", text="Words", levels={"0": 1}, by=marker)


def shared_work(mark: str, learner: Membership, marker: Membership) -> None:
    """A team of one, which has not begun."""
    assignment = assignment_make(
        title=f"Together {mark}", slug="together", markdown=mark or "Do", is_group=True, by=marker
    )
    team_make(assignment=assignment, name=f"Team {mark}", person_ids=[learner.person_id], by=marker)


def things_brought_in(mark: str, author: Membership) -> None:
    """A file, a link, a video, a package and an activity in a tool, and words that found nothing."""
    facts = {"creators": [author.person], "summary": mark}
    document_create(title=f"File {mark}", slug="file", upload=upload("a.pdf", PDF), **facts)
    link_create(title=f"Link {mark}", slug="link", url="https://example.org/", **facts)
    video_create(
        title=f"Video {mark}",
        slug="video",
        upload=upload("a.mp4", mp4()),
        no_captions_because=f"Silent {mark}",
        **facts,
    )
    package_create(title=f"Package {mark}", slug="package", upload=upload("a.zip", package()), **facts)
    site = "https://tool.example.org"
    tool = Tool.objects.create(
        environment_id=author.environment_id, name=f"Simulator {mark}", login_url=f"{site}/login", target_url=site
    )
    link_make(title=f"Tool {mark}", slug="tool", by=author, tool=tool, custom={"mark": mark})
    search_miss(text=f"words {mark}")


def webhook_of(environment: Environment, mark: str) -> None:
    """A webhook that is off, with one message in its log."""
    endpoint = WebhookEndpoint.objects.create(
        environment=environment, url="https://example.org/", name=f"Hook {mark}", enabled=False
    )
    WebhookDelivery.objects.create(
        environment=environment,
        endpoint=endpoint,
        message_id="msg_1",
        kind=f"record.{mark}",
        body="{}",
        due_at=timezone.now(),
        created_at=timezone.now(),
    )


def enrolled(life: Life, who: Membership) -> Enrolment:
    """Enrol somebody, let them start the quiz and give them the certificate."""
    with open_scope(environment_id=life.environment.pk, person_id=who.person_id):
        enrolment = offer_take(offer=life.course.offers.get(), person=who.person)
        quiz = Assessment.objects.get(element__slug="quiz")
        attempt_start(assessment=quiz, person_id=who.person_id, onward="/")
        Certificate.objects.create(
            environment=life.environment,
            person=who.person,
            element=life.course,
            template=life.template,
            holder=who.person.name,
            title=life.template.title,
            issued_at=timezone.now(),
        )
        return enrolment


@stands("env", "here", folder="tests/api")
def a_life() -> World:
    env = environment("alpha")
    people = People(env)
    return {"env": env, "here": live_in(env, people), "count": people.count}


@stands("env", "here", "other", "next_door", folder="tests/api")
def two_lives() -> World:
    env, other = environment("alpha"), environment("beta")
    people = People(env)
    here, next_door = live_in(env, people), live_in(other, people, CANARY)
    return {"env": env, "here": here, "other": other, "next_door": next_door, "count": people.count}


@pytest.fixture
def here(env, member, standing) -> Life:
    return standing.get("here") or live_in(env, member)


@pytest.fixture
def next_door(other, member, standing) -> Life:
    return standing.get("next_door") or live_in(other, member, CANARY)


@pytest.fixture
def secret_of() -> Callable[..., str]:
    def make(who: Membership, *, scopes: tuple[str, ...] = ("read",), valid_for: timedelta = timedelta(days=1)) -> str:
        with open_scope(environment_id=who.environment_id, person_id=who.person_id):
            return token_create(person=who.person, name="Test", scopes=scopes, valid_for=valid_for)[1]

    return make


@pytest.fixture
def calling(secret_of) -> Callable[..., Client]:
    """A client with a token of somebody, on the host of their environment or of another."""

    def make(who: Membership, *, on: Environment | None = None, scopes: tuple[str, ...] = ("read",)) -> Client:
        host = f"{(on or who.environment).slug}.localhost"
        return Client(HTTP_HOST=host, HTTP_AUTHORIZATION=f"Bearer {secret_of(who, scopes=scopes)}")

    return make
