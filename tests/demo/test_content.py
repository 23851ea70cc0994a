"""The demo content is complete and consistent: it can be loaded without surprises, whatever loads it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

CONTENT = Path(__file__).resolve().parents[2] / "demo" / "content"
ROLES = {"learner", "instructor", "author", "gardener", "manager", "sponsor", "admin"}
KINDS = {"prepares_for", "practises", "applies", "assesses", "reinforces", "recommends", "replaces"}
MARKER = {"en": "> **Try it at work**", "nl": "> **Probeer het op je werk**"}


class UniqueKeyLoader(yaml.CSafeLoader):
    """Refuses a key that is given twice, which YAML itself would silently overwrite."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        doubles = [key for key, count in Counter(keys).items() if count > 1]
        if doubles:
            raise yaml.constructor.ConstructorError(None, None, f"given twice: {doubles}", node.start_mark)
        return super().construct_mapping(node, deep=deep)


def read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=UniqueKeyLoader)


ENVIRONMENTS = {row["slug"]: row for row in read(CONTENT / "environments.yaml")["environments"]}
PEOPLE = {row["email"]: row for row in read(CONTENT / "people.yaml")["people"]}
COURSES = {path.parent.name: read(path) for path in sorted(CONTENT.glob("courses/*/course.yaml"))}
QUIZZES = {path.stem: read(path) for path in sorted(CONTENT.glob("courses/*/questions/*.yaml"))}
QUIZ_COURSE = {path.stem: path.parents[1].name for path in CONTENT.glob("courses/*/questions/*.yaml")}
PAGES = {path.stem: path for path in sorted(CONTENT.glob("courses/*/pages/*.md"))}
AIDS = {row["slug"]: row for row in read(CONTENT / "job_aids.yaml")["job_aids"]}
THINGS = {row["slug"]: row for row in read(CONTENT / "things.yaml")["things"]}
EXTERNAL = {row["slug"]: row for row in read(CONTENT / "external.yaml")["external"]}
CONNECTIONS = read(CONTENT / "connections.yaml")["connections"]
CHARTERS = read(CONTENT / "charter.yaml")["charters"]
HISTORY = read(CONTENT / "history.yaml")
QUESTIONS = [(quiz, question) for quiz, body in QUIZZES.items() for question in body["questions"]]
QUESTION_IDS = [question["id"] for _, question in QUESTIONS]


def activities(course: dict[str, Any]) -> list[dict[str, Any]]:
    return [activity for block in course["blocks"] for activity in block["activities"]]


def places() -> dict[str, set[str]]:
    """Slug of an element -> environments in which it may be used."""
    found: dict[str, set[str]] = {}
    for slug, course in COURSES.items():
        where = {course["environment"], *course["offered_to"]}
        found |= {slug: where} | {activity["slug"]: where for activity in activities(course)}
    for slug, row in {**AIDS, **THINGS, **EXTERNAL}.items():
        found[slug] = {row["environment"], *row["offered_to"]}
    return found


def learners(environment: str) -> set[str]:
    return {email for email, person in PEOPLE.items() if "learner" in person["memberships"].get(environment, [])}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("slug", ENVIRONMENTS)
def test_environment_is_complete_and_its_logo_is_plain(slug: str) -> None:
    row = ENVIRONMENTS[slug]
    assert row["host"] == f"{slug}.localhost"
    assert row["font"] in {"figtree", "nunito", "atkinson"}
    assert row["language"] in {"en", "nl"}
    assert row["parent"] is None or row["parent"] in ENVIRONMENTS
    assert 1.05 / (luminance(row["brand"]) + 0.05) >= 4.5  # white text on the brand colour
    assert set(re.findall(r"<([a-z]+)", row["logo"])) <= {"svg", "rect", "circle", "path"}
    assert not re.search(r"style=|on\w+=|href|url\(", row["logo"])


def test_people_cover_every_role_and_one_belongs_to_two_environments() -> None:
    held = {(env, role) for person in PEOPLE.values() for env, roles in person["memberships"].items() for role in roles}
    assert {env for env, _ in held} == set(ENVIRONMENTS)
    assert {role for _, role in held} == ROLES
    for slug in ENVIRONMENTS:
        assert {(slug, role) for role in ("learner", "gardener", "sponsor", "admin")} <= held
    assert any(len(person["memberships"]) > 1 for person in PEOPLE.values())
    banner = {role for p in PEOPLE.values() if p["banner"] for role in p["memberships"].get("demo", [])}
    assert banner == ROLES
    assert all(re.fullmatch(r"[a-z.]+@[a-z]+\.example\.org", email) for email in PEOPLE)
    assert len({person["name"] for person in PEOPLE.values()}) == len(PEOPLE) >= 36


def test_slugs_and_question_ids_are_unique() -> None:
    slugs = [*COURSES, *AIDS, *THINGS, *EXTERNAL, *(a["slug"] for c in COURSES.values() for a in activities(c))]
    assert [slug for slug, count in Counter(slugs).items() if count > 1] == []
    assert [name for name, count in Counter(QUESTION_IDS).items() if count > 1] == []
    blocks = [block["slug"] for course in COURSES.values() for block in course["blocks"]]
    assert len(blocks) == len(set(blocks))


@pytest.mark.parametrize("slug", COURSES)
def test_course_refers_to_what_exists(slug: str) -> None:
    course = COURSES[slug]
    rows = activities(course)
    assert course["slug"] == slug
    assert course["cover"] in {"rings", "waves", "nodes", "leaves"}
    assert {course["environment"], *course["offered_to"]} <= set(ENVIRONMENTS)
    pages = {row["slug"] for row in rows if row["type"] == "page"}
    quizzes = {row["slug"] for row in rows if row["type"] == "assessment"}
    goals = [row for row in rows if row["type"] == "recall_goal"]
    assert all(set(row["of"]) <= quizzes for row in goals)
    assert len(pages) + len(quizzes) + len(goals) == len(rows)
    assert pages == {name for name, path in PAGES.items() if path.parents[1].name == slug}
    assert quizzes == {name for name, owner in QUIZ_COURSE.items() if owner == slug}
    assert 2 <= len(quizzes) <= 4
    assert course["certificate"]["validity_months"] > 0
    assert all(PEOPLE[person["email"]]["name"] == person["name"] for person in course["creators"])
    assert all(row["minutes"] > 0 and row["weight"] > 0 and isinstance(row["optional"], bool) for row in rows)


@pytest.mark.parametrize("slug", COURSES)
def test_conditions_look_back_so_that_everything_can_be_reached(slug: str) -> None:
    before: dict[str, dict[str, Any]] = {}
    for number, block in enumerate(COURSES[slug]["blocks"]):
        assert number == 0 or "passed" in block["opens_when"]["all"][0]
        _holds(block, before)
        for activity in block["activities"]:
            _holds(activity, before)
            before[activity["slug"]] = activity


def _holds(item: dict[str, Any], before: dict[str, dict[str, Any]]) -> None:
    for terms in item.get("opens_when", {}).values():
        for term in terms:
            [(verb, target)] = term.items()
            assert before[target]["type"] == {"passed": "assessment", "completed": "page"}[verb]
            assert not before[target]["optional"]


@pytest.mark.parametrize("slug", PAGES)
def test_page_is_a_readable_length_and_has_its_box(slug: str) -> None:
    text = PAGES[slug].read_text(encoding="utf-8")
    language = COURSES[PAGES[slug].parents[1].name]["language"]
    assert 350 <= len(text.split()) <= 700
    assert text.count(MARKER[language]) == 1
    assert len(re.findall(r"(?:^|\n)> ", text)) == 2  # the title of the box and its one paragraph
    assert "\n## " in text
    assert not re.search(r"(?m)^# ", text)
    assert not re.search(r"<[a-z]|—\s*$|[‘’“”]|\t| +$", text, flags=re.MULTILINE)


@pytest.mark.parametrize("slug", QUIZZES)
def test_quiz_fits_its_course(slug: str) -> None:
    quiz, course = QUIZZES[slug], COURSES[QUIZ_COURSE[slug]]
    assert quiz["slug"] == slug
    assert quiz["pass_mark"] in (0.7, 0.8)
    assert 8 <= len(quiz["questions"]) <= 12
    [row] = [row for row in activities(course) if row["slug"] == slug]
    assert (row["title"], row["minutes"]) == (quiz["title"], quiz["minutes"])


@pytest.mark.parametrize(("quiz", "question"), QUESTIONS, ids=QUESTION_IDS)
def test_question_can_be_answered_and_explains_itself(quiz: str, question: dict[str, Any]) -> None:
    course = COURSES[QUIZ_COURSE[quiz]]
    assert question["objective"] in course["objectives"]
    assert PAGES[question["source"]].parents[1].name == course["slug"]
    assert question["feedback"].strip()
    assert question["stem"].strip()
    CHECKS[question["type"]](question)


def _check_choices(question: dict[str, Any]) -> None:
    choices = question["choices"]
    right = [choice for choice in choices if choice.get("correct")]
    assert 4 <= len(choices) <= 5
    assert len({choice["text"] for choice in choices}) == len(choices)
    assert all(choice["feedback"].strip() for choice in choices)
    assert not re.search(r"all of the above|none of the above|alle bovenstaande", str(choices), flags=re.IGNORECASE)
    if question["type"] == "single":
        assert len(right) == 1
        lengths = sorted(len(choice["text"]) for choice in choices)
        assert lengths[-1] <= 2.2 * lengths[0]
    else:
        assert 2 <= len(right) < len(choices)


def _check_true_false(question: dict[str, Any]) -> None:
    assert isinstance(question["answer"], bool)


def _check_short_text(question: dict[str, Any]) -> None:
    assert question["answers"]
    assert all(isinstance(answer, str) for answer in question["answers"])
    assert isinstance(question["case_sensitive"], bool)


def _check_numeric(question: dict[str, Any]) -> None:
    assert isinstance(question["answer"], int | float)
    assert question["tolerance"] >= 0
    assert question["unit"]


CHECKS = {
    "single": _check_choices,
    "multiple": _check_choices,
    "true_false": _check_true_false,
    "short_text": _check_short_text,
    "numeric": _check_numeric,
}


def test_the_right_answer_cannot_be_guessed_from_its_place_or_length() -> None:
    singles = [question["choices"] for _, question in QUESTIONS if question["type"] == "single"]
    position = Counter(next(i for i, c in enumerate(choices) if c.get("correct")) for choices in singles)
    longest = sum(_longest_is_right(choices) for choices in singles)
    assert set(position) == {0, 1, 2, 3}
    assert max(position.values()) <= 0.4 * len(singles)
    assert longest <= 0.4 * len(singles)
    truths = Counter(question["answer"] for _, question in QUESTIONS if question["type"] == "true_false")
    assert truths[True] >= 5


def _longest_is_right(choices: list[dict[str, Any]]) -> bool:
    return bool(max(choices, key=lambda choice: len(choice["text"])).get("correct"))


def test_every_objective_has_questions_and_every_required_page_too() -> None:
    asked = {question["objective"] for _, question in QUESTIONS}
    assert {objective for course in COURSES.values() for objective in course["objectives"]} == asked
    sources = {question["source"] for _, question in QUESTIONS}
    required = {a["slug"] for c in COURSES.values() for a in activities(c) if a["type"] == "page" and not a["optional"]}
    assert required <= sources


def test_the_amount_that_was_promised(capsys: pytest.CaptureFixture[str]) -> None:
    language = Counter(COURSES[QUIZ_COURSE[quiz]]["language"] for quiz, _ in QUESTIONS)
    per_course = Counter(QUIZ_COURSE[quiz] for quiz, _ in QUESTIONS)
    with capsys.disabled():
        print(f"\n{len(ENVIRONMENTS)} environments, {len(PEOPLE)} people, {len(COURSES)} courses, {len(PAGES)} pages,")
        print(f"{len(QUIZZES)} quizzes, {len(QUESTIONS)} questions {dict(per_course)}, {len(AIDS)} job aids,")
        print(f"{len(EXTERNAL)} external, {len(CONNECTIONS)} connections, {len(CHARTERS)} charters")
    assert language["en"] >= 72
    assert language["nl"] >= 12
    assert len(AIDS) >= 6
    assert len(EXTERNAL) >= 5
    assert len(CONNECTIONS) >= 25


@pytest.mark.parametrize("slug", [*AIDS, *EXTERNAL])
def test_job_aid_or_external_element_is_complete(slug: str) -> None:
    row = {**AIDS, **EXTERNAL}[slug]
    assert {row["environment"], *row["offered_to"]} <= set(ENVIRONMENTS)
    assert row["title"]
    assert row["summary"]
    if slug in EXTERNAL:
        assert re.fullmatch(r"https://[a-z.]+\.example\.org/.*", row["url"])
        assert row["owner"] in PEOPLE
    else:
        assert (
            (CONTENT / "job_aids" / f"{slug}.md")
            .read_text(encoding="utf-8")
            .startswith(("For ", "Fol", "Fill", "Voor "))
        )
        assert all(PEOPLE[person["email"]]["name"] == person["name"] for person in row["creators"])


@pytest.mark.parametrize("slug", THINGS)
def test_a_thing_is_complete(slug: str) -> None:
    row = THINGS[slug]
    assert {row["environment"], *row["offered_to"]} <= set(ENVIRONMENTS)
    assert row["title"]
    assert row["summary"]
    assert all(PEOPLE[person["email"]]["name"] == person["name"] for person in row["creators"])
    if row["kind"] == "package":
        assert (CONTENT / "packages" / slug / "imsmanifest.xml").is_file()
    elif row["kind"] == "link":
        assert row["url"].startswith("https://")
    else:
        assert (CONTENT / "things" / row["file"]).is_file()


def test_there_is_one_of_each_kind() -> None:
    assert {row["kind"] for row in THINGS.values()} == {"file", "link", "video", "package"}
    assert "checklist" in {row.get("kind") for row in AIDS.values()}


def test_connections_join_elements_that_their_environment_can_use() -> None:
    usable = places()
    edges = [(row["environment"], row["from"], row["to"], row["kind"]) for row in CONNECTIONS]
    assert len(set(edges)) == len(edges)
    for environment, source, target, kind in edges:
        assert source != target
        assert environment in usable[source]
        assert environment in usable[target]
        assert kind in KINDS
    assert {kind for *_, kind in edges} == KINDS
    assert all(row["hypothesis"].endswith(".") for row in CONNECTIONS)


def test_each_environment_has_a_charter_with_a_full_series() -> None:
    assert [row["environment"] for row in CHARTERS] == list(ENVIRONMENTS)
    for row in CHARTERS:
        environment, kpi = row["environment"], row["kpi"]
        assert "sponsor" in PEOPLE[row["sponsor"]]["memberships"][environment]
        assert "gardener" in PEOPLE[row["champion"]]["memberships"][environment]
        assert list(kpi["series"]) == [f"2026-{month:02}" for month in range(1, 12)]
        assert (kpi["target"] < kpi["baseline"]) == (kpi["direction"] == "down")
        assert row["budget_eur"] > 0
        assert row["budget_hours"] > 0


def test_history_asks_for_no_more_learners_than_there_are() -> None:
    usable = places()
    pinned = {(row["environment"], row["person"]) for row in HISTORY["pinned"]}
    for environment, rows in HISTORY["environments"].items():
        free = {email for email in learners(environment) if (environment, email) not in pinned}
        for row in rows:
            assert environment in usable[row["course"]]
            assert 0 < row["started"] <= len(free)
            assert 0 <= row["passed"] <= 1
    for row in HISTORY["pinned"]:
        assert row["person"] in learners(row["environment"])
        assert all(row["environment"] in usable[course] for course in row.get("whole", []))
        for course in row["courses"]:
            assert set(course["completed"]) <= {activity["slug"] for activity in activities(COURSES[course["course"]])}
