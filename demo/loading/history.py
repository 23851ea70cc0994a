"""A believable autumn: people read, try quizzes, fail, try again, pass, and forget a little.

Drawn with a fixed seed from demo/content/history.yaml and acted out through the services at the played
time, so every figure on every page comes from records like a real one's.
"""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from assessments.models import Answer, Assessment
from assessments.question_types.registry import question_type
from assessments.services import answer_save, attempt_finish, attempt_start
from catalogue.models import Offer
from catalogue.services import offer_take
from content.services import page_finish, page_open
from courses.models import ActivityState, Enrolment, State
from demo.loading.files import read
from ecosystem import clock
from ecosystem.models import Element, Environment, Membership, Person
from ecosystem.scope import open_scope
from records.models import Delivery, DeliveryState
from records.services.delivering import delivery_run

ROUNDS = 8


def history_load(environment: Environment, people: dict[str, Person]) -> int:
    """Play the past of one environment; returns how many enrolments it has afterwards."""
    plan = read("history.yaml")
    draw = random.Random(f"{plan['seed']}-{environment.slug}")  # noqa: S311 -- the same past each time is the point
    pinned = [row for row in plan["pinned"] if row["environment"] == environment.slug]
    learners = _learners(environment, {row["person"] for row in pinned})
    for row in plan["environments"].get(environment.slug, []):
        order = draw.sample(learners, k=len(learners))
        chosen = order[: row["started"]]
        for index, membership in enumerate(chosen):
            finishes = index < round(row["passed"] * row["started"])
            _play(
                environment, membership.person, row["course"], plan, draw, finishes=finishes, first_try=row["first_try"]
            )
    for row in pinned:
        _pin(environment, people[row["person"]], row["courses"], plan)
        for course in row.get("whole", []):
            _play(environment, people[row["person"]], course, plan, draw, finishes=True, first_try=1)
    react(environment)
    with open_scope(environment_id=environment.pk):
        return Enrolment.objects.count()


def _learners(environment: Environment, without: set[str]) -> list[Membership]:
    with open_scope(environment_id=environment.pk):
        rows = Membership.objects.filter(roles__contains=["learner"]).select_related("person").order_by("person__email")
        return [row for row in rows if row.person.email not in without]


def _pin(environment: Environment, person: Person, courses: list[dict[str, Any]], plan: dict[str, Any]) -> None:
    zone = ZoneInfo(environment.time_zone)
    for row in courses:
        moment = datetime.combine(row["started_on"], time(9, 10), zone)
        with _as(environment, person, moment):
            offer_take(offer=Offer.objects.select_related("run").get(element__slug=row["course"]), person=person)
        for slug in row["completed"]:
            moment += timedelta(days=1, minutes=20)
            with _as(environment, person, moment):
                element = Element.objects.get(slug=slug)
                page_open(element=element)
                page_finish(element=element)


class _as:  # noqa: N801 -- reads as a word where it is used
    """One act of one person at one moment, in its own scope. The loader runs the reactions itself afterwards."""

    def __init__(self, environment: Environment, person: Person, moment: datetime) -> None:
        self.clock = clock.at(min(moment, timezone.now() - timedelta(minutes=5)))
        self.scope = open_scope(environment_id=environment.pk, person_id=person.pk)

    def __enter__(self) -> None:
        self.clock.__enter__()
        self.scope.__enter__()

    def __exit__(self, *error: Any) -> None:
        connection.run_on_commit = []
        self.scope.__exit__(*error)
        self.clock.__exit__(*error)


def _play(
    environment: Environment,
    person: Person,
    course: str,
    plan: dict[str, Any],
    draw: random.Random,
    *,
    finishes: bool,
    first_try: float,
) -> None:
    """One person through one course, until the end or until they drop out."""
    zone = ZoneInfo(environment.time_zone)
    skill = draw.gauss(0, plan["answers"]["learner_spread"])
    moment = _start(plan, draw, zone)
    with _as(environment, person, moment):
        enrolment = offer_take(offer=Offer.objects.select_related("run").get(element__slug=course), person=person)
    stop_after = None if finishes else draw.randint(2, 6)
    done = 0
    until = datetime.combine(plan["until"], time(18), zone)
    while stop_after is None or done < stop_after:
        with open_scope(environment_id=environment.pk, person_id=person.pk):
            state = (
                ActivityState.objects.filter(enrolment=enrolment, state__in=[State.OPEN, State.STARTED])
                .select_related("activity__target")
                .order_by("activity__block__position", "activity__position")
                .first()
            )
        if state is None or moment > until:
            return
        moment = min(_later(moment, plan, draw), until)
        element = state.activity.target
        if element.kind == "assessment":
            passed = _quiz(environment, person, element, moment, plan, draw, skill, sure=finishes, first_try=first_try)
            if not passed:
                return
        else:
            with _as(environment, person, moment):
                page_open(element=element)
                page_finish(element=element)
        done += 1


def _quiz(
    environment: Environment,
    person: Person,
    element: Element,
    moment: datetime,
    plan: dict[str, Any],
    draw: random.Random,
    skill: float,
    *,
    sure: bool,
    first_try: float,
) -> bool:
    """Up to the most attempts of the plan; true when passed."""
    answers = plan["answers"]
    lucky = draw.random() < first_try
    for attempt_number in range(answers["most_attempts"]):
        bonus = skill + answers["gain_per_attempt"] * attempt_number + (0.12 if lucky else -0.16)
        if sure and attempt_number == answers["most_attempts"] - 1:
            bonus = 1.0
        with _as(environment, person, moment + timedelta(minutes=25 * attempt_number)):
            assessment = Assessment.objects.get(element=element)
            attempt = attempt_start(assessment=assessment, person_id=person.pk)
            for answer in Answer.objects.filter(attempt=attempt).select_related("version").order_by("position"):
                chance = answers["chance_correct"].get(answer.version.type, 0.7) + bonus
                kind, body = answer.version.type, answer.version.body
                given = response_of(kind, body, draw, right=draw.random() < chance)
                answer_save(
                    attempt_uid=attempt.uid,
                    person_id=person.pk,
                    position=answer.position,
                    response=_posted(kind, body, given),
                )
            attempt = attempt_finish(attempt_uid=attempt.uid, person_id=person.pk)
        if attempt.passed:
            return True
    return False


def response_of(kind: str, body: dict[str, Any], draw: random.Random, *, right: bool) -> dict[str, Any]:
    """A right answer, or one that the type marks as wrong."""
    candidates = list(_candidates(kind, body, draw))
    scored = [(question_type(kind).score(body, response).correct, response) for response in candidates]
    fitting = [response for correct, response in scored if bool(correct) == right]
    return draw.choice(fitting or candidates)


def _candidates(kind: str, body: dict[str, Any], draw: random.Random) -> list[dict[str, Any]]:
    choices = body.get("choices", [])
    if kind == "single":
        return [{"choice": index} for index in range(len(choices))]
    if kind == "multiple":
        good = [index for index, choice in enumerate(choices) if choice.get("correct")]
        return [{"choices": good}, {"choices": good[:-1]}, {"choices": [draw.randrange(len(choices))]}]
    if kind == "true_false":
        return [{"value": True}, {"value": False}]
    if kind == "short_text":
        return [{"text": body["answers"][0]["text"].replace("*", "")}, {"text": draw.choice(["?", "support", "talk"])}]
    return [{"text": str(body["answers"][0]["value"])}, {"text": "99999"}]


def _posted(kind: str, body: dict[str, Any], response: dict[str, Any]) -> dict[str, list[str]]:
    """The response as a browser would post it."""
    if "text" in response:
        return {"answer": [response["text"]]}
    options = [choice["value"] for choice in question_type(kind).public(body)["choices"]]
    if kind == "true_false":
        return {"answer": ["true" if response["value"] else "false"]}
    places = response.get("choices", [response.get("choice")])
    return {"answer": [options[place] for place in places]}


def _start(plan: dict[str, Any], draw: random.Random, zone: ZoneInfo) -> datetime:
    weeks, weights = zip(*plan["week_weights"].items(), strict=True)
    week = draw.choices(weeks, weights)[0]
    day = date.fromisocalendar(plan["from"].year, week, draw.randint(1, 5))
    return datetime.combine(max(day, plan["from"]), time(_hour(plan, draw), draw.randrange(60)), zone)


def _later(moment: datetime, plan: dict[str, Any], draw: random.Random) -> datetime:
    gap = plan["days_between_activities"]
    day = moment + timedelta(days=min(draw.expovariate(1 / gap["mean"]), gap["longest"]))
    if day.weekday() >= 5 and draw.random() > plan["weekend_factor"]:
        day += timedelta(days=7 - day.weekday())
    later = day.replace(hour=_hour(plan, draw), minute=draw.randrange(60))
    return later if later > moment else moment + timedelta(minutes=35)


def _hour(plan: dict[str, Any], draw: random.Random) -> int:
    hours, weights = zip(*plan["hour_weights"].items(), strict=True)
    chosen: int = draw.choices(hours, weights)[0]
    return chosen


def react(environment: Environment) -> int:
    """Let what happened have its effects, each at the moment of its cause."""
    done = 0
    for _round in range(ROUNDS):
        with open_scope(environment_id=environment.pk):
            waiting = list(
                Delivery.objects.filter(state=DeliveryState.WAITING)
                .order_by("statement_stored_at", "pk")
                .values_list("pk", "statement_stored_at")
            )
        if not waiting:
            break
        for pk, moment in waiting:
            with clock.at(moment.astimezone(UTC)):
                done += delivery_run(environment_id=environment.pk, delivery_id=pk)
    return done
