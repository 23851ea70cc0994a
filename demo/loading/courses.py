"""Courses, job aids, outside tools and connections of one environment, through the same services as a user's."""

from typing import Any

from assessments.importers.demo_yaml import from_demo
from assessments.models import Assessment, Objective, Question
from assessments.services import assessment_create, bank_create, objective_save, question_save
from catalogue.services import offer_make
from certificates.services import template_save
from content.services import page_create
from content.services.support import search_miss
from courses.services import PlannedActivity, PlannedBlock, course_publish, run_open
from demo.loading.files import courses, read, text
from demo.loading.things import thing_load, things
from ecosystem.markup import markdown_to_html
from ecosystem.models import Element, Environment, Membership, Person
from ecosystem.services.elements import element_create, element_offer, elements_connect
from memotrainer.services import goal_make

Elements = dict[str, Element]


def makers(rows: list[dict[str, str]], people: dict[str, Person]) -> list[Person | str]:
    """Members are credited as people, others by name."""
    here = set(Membership.objects.values_list("person_id", flat=True))
    found = [people.get(row.get("email", "")) for row in rows]
    return [
        person if person is not None and person.pk in here else row["name"]
        for person, row in zip(found, rows, strict=True)
    ]


def course_load(plan: dict[str, Any], people: dict[str, Person], elements: Elements) -> None:
    """One course: pages, bank, quizzes, plan, run, offer, certificate."""
    folder = f"courses/{plan['slug']}"
    creators = makers(plan["creators"], people)
    common = {"language": plan["language"], "tags": plan["tags"]}
    rows = [activity for block in plan["blocks"] for activity in block["activities"]]
    for row in rows:
        if row["type"] == "page":
            page = page_create(
                title=row["title"],
                slug=row["slug"],
                markdown=text(f"{folder}/pages/{row['slug']}.md"),
                creators=creators,
                minutes=row["minutes"],
                **common,
            )
            elements[row["slug"]] = page.element
    quizzes = [row for row in rows if row["type"] == "assessment"]
    _quizzes(plan, folder, quizzes, creators, common, elements)
    for row in rows:
        if row["type"] == "recall_goal":
            elements[row["slug"]] = _goal(row, creators, common, elements)
    course = element_create(
        kind="course",
        title=plan["title"],
        slug=plan["slug"],
        summary=plan["summary"],
        why=plan["why"],
        cover=plan["cover"],
        minutes=sum(row["minutes"] for row in rows),
        creators=creators,
        **common,
    )
    elements[plan["slug"]] = course
    course_publish(element=course, blocks=[_block(block, elements) for block in plan["blocks"]])
    offer_make(element=course, run=run_open(element=course))
    certificate = plan["certificate"]
    template_save(
        course=course,
        title=certificate["title"],
        text=plan["summary"],
        validity_months=certificate.get("validity_months"),
    )


def _quizzes(
    plan: dict[str, Any],
    folder: str,
    quizzes: list[dict[str, Any]],
    creators: list[Person | str],
    common: dict[str, Any],
    elements: Elements,
) -> None:
    bank = bank_create(title=f"{plan['title']}: questions", slug=f"{plan['slug']}-bank", creators=creators, **common)
    objectives: dict[str, Objective] = {
        slug: objective_save(bank=bank, slug=slug, text=words) for slug, words in plan["objectives"].items()
    }
    for row in quizzes:
        quiz = read(f"{folder}/questions/{row['slug']}.yaml")
        questions = [_question(bank, question, objectives, elements) for question in quiz["questions"]]
        assessment: Assessment = assessment_create(
            title=row["title"],
            slug=row["slug"],
            summary=quiz["summary"],
            questions=questions,
            pass_mark=quiz["pass_mark"],
            attempts_allowed=quiz["attempts"],
            minutes=row["minutes"],
            creators=creators,
            **common,
        )
        elements[row["slug"]] = assessment.element


def _goal(row: dict[str, Any], creators: list[Person | str], common: dict[str, Any], elements: Elements) -> Element:
    makers_here = [maker for maker in creators if isinstance(maker, Person)]
    asked = {name: row[name] for name in ("title", "slug", "minutes", "recall", "days", "coverage")}
    goal = goal_make(
        **asked,
        **common,
        quizzes=[elements[slug] for slug in row["of"]],
        creators=creators,
        by=Membership.objects.get(person=makers_here[0]),
    )
    element: Element = goal.element
    return element


def _question(bank: Element, row: dict[str, Any], objectives: dict[str, Objective], elements: Elements) -> Question:
    version = question_save(
        bank=bank,
        identifier=row["id"],
        type=row["type"],
        stem=markdown_to_html(row["stem"]),
        body=from_demo({**row, "identifier": row["id"]}),
        feedback=markdown_to_html(row.get("feedback", "")),
        objective=objectives.get(row.get("objective", "")),
        source=elements.get(row.get("source", "")),
    )
    return version.question


def _block(block: dict[str, Any], elements: Elements) -> PlannedBlock:
    outer = block.get("opens_when")
    return PlannedBlock(
        block["title"],
        [
            PlannedActivity(
                target=elements[row["slug"]],
                title=row["title"],
                minutes=row["minutes"],
                weight=row["weight"],
                optional=row["optional"],
                condition=_both(_condition(outer, elements), _condition(row.get("opens_when"), elements)),
            )
            for row in block["activities"]
        ],
    )


def _condition(tree: dict[str, Any] | None, elements: Elements) -> dict[str, Any] | None:
    """Slugs become element ids."""
    if tree is None:
        return None
    ((key, value),) = tree.items()
    if key in {"all", "any"}:
        return {key: [_condition(part, elements) for part in value]}
    return {key: elements[value].pk}


def _both(first: dict[str, Any] | None, second: dict[str, Any] | None) -> dict[str, Any] | None:
    if first is None or second is None:
        return first or second
    return {"all": [first, second]}


# What people looked for and nothing answered, with how often: for the page of searches in vain.
MISSED = {"demo": {"alarm code back door": 4, "lost key at night": 2, "interpreter": 1}}


def elements_load(environment: Environment, people: dict[str, Person], elements: Elements) -> None:
    """Everything the environment owns."""
    for plan in _of(environment, courses()):
        course_load(plan, people, elements)
    for row in _of(environment, read("job_aids.yaml")["job_aids"]):
        elements[row["slug"]] = _aid(row, people)
    for row in _of(environment, things()):
        elements[row["slug"]] = thing_load(row, makers(row["creators"], people))
    for row in _of(environment, read("external.yaml")["external"]):
        elements[row["slug"]] = _outside(row, people)
    for words, times in MISSED.get(environment.slug, {}).items():
        for _time in range(times):
            search_miss(text=words)


def _of(environment: Environment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["environment"] == environment.slug]


def _aid(row: dict[str, Any], people: dict[str, Person]) -> Element:
    page = page_create(
        kind=row.get("kind", "job_aid"),
        title=row["title"],
        slug=row["slug"],
        summary=row["summary"],
        markdown=text(f"job_aids/{row['slug']}.md"),
        creators=makers(row["creators"], people),
        language=row["language"],
        tags=row["tags"],
        minutes=row["minutes"],
    )
    element: Element = page.element
    return element


def _outside(row: dict[str, Any], people: dict[str, Person]) -> Element:
    return element_create(
        kind="external",
        title=row["title"],
        slug=row["slug"],
        summary=row["summary"],
        url=row["url"],
        language=row["language"],
        tags=[row["kind"], *row["tags"]],
        creators=[people[row["owner"]]],
    )


def offers_load(
    environment: Environment, environments: dict[str, Environment], elements: Elements
) -> list[tuple[str, str]]:
    """Offer down what the files say; returns (environment slug, course slug) pairs that need a run there."""
    rows = [*courses(), *read("job_aids.yaml")["job_aids"], *things(), *read("external.yaml")["external"]]
    runs = []
    for row in rows:
        if row["environment"] != environment.slug:
            continue
        for slug in row.get("offered_to") or []:
            element_offer(element=elements[row["slug"]], to=environments[slug])
            if elements[row["slug"]].kind == "course":
                runs.append((slug, row["slug"]))
    return runs


def run_in_catalogue(element: Element) -> None:
    """A run of a course offered from above, open to the members of the open environment."""
    offer_make(element=element, run=run_open(element=element))


def connections_load(environment: Environment, elements: Elements, people: dict[str, Person]) -> int:
    rows = [row for row in read("connections.yaml")["connections"] if row["environment"] == environment.slug]
    for row in rows:
        elements_connect(
            source=elements[row["from"]], target=elements[row["to"]], kind=row["kind"], hypothesis=row["hypothesis"]
        )
    return len(rows)
