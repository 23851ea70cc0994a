"""An environment's own words in every text: grammar, hostile words, two environments in one process, letters, cost."""

import re
import time

import polib
import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from ecosystem.concepts import (
    ADJECTIVES,
    AFTER_A,
    COMMON,
    CONCEPTS,
    NEUTER,
    USUAL,
    Form,
    Speech,
    own_words_in_force,
    words_of,
)
from ecosystem.languages import speaking
from ecosystem.models import Environment, Person
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_restyle
from notifications.models import Mail
from notifications.services.telling import notify

pytestmark = pytest.mark.django_db

TRAINING = {
    "en:course:one": "academy", "en:course:many": "academies", "nl:course:one": "leertraject",
    "nl:course:many": "leertrajecten", "nl:course:gender": "neuter",
}  # fmt: skip
VOYAGE = {"en:course:one": "voyage", "en:course:many": "voyages"}
HOSTILE = ["<b>", "a%(n)s", "a{b}", "a&b", 'a"b', "a\u202eb", "a\nb", "$a", " a", "a ", "-a", "x" * 41, "a_b", "a`b"]


def speech(language: str, **forms: Form) -> Speech:
    return Speech(language, forms)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A course, and the course", "An academy, and the academy"),
        ("Courses and COURSES of a new course", "Academies and Academies of a new academy"),
        (
            "%(course)s {course} <a course> course-wide racecourse",
            "%(course)s {course} <a course> course-wide racecourse",
        ),
        ("“%(title)s” is the course's name", "“%(title)s” is the academy's name"),
    ],
)
def test_english_words_take_number_capital_and_article_along(text, said):
    assert speech("en", course=Form("academy", "academies")).say(text) == said


def test_an_english_article_follows_the_sound():
    say = speech("en", event=Form("university day", "university days"), learner=Form("hourly", "hourlies")).say
    assert say("An event for a learner") == "A university day for an hourly"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("De cursus, deze cursus en elke cursus", "Het leertraject, dit leertraject en elk leertraject"),
        ("de cursussen van de cursus", "de leertrajecten van het leertraject"),
        ("Een cursus; cursuspagina", "Een leertraject; cursuspagina"),
        ("De tweede cursus, een andere cursus", "Het tweede leertraject, een ander leertraject"),
        ("Geen losse cursus, wel een eigen cursus", "Geen los leertraject, wel een eigen leertraject"),
        ("Een cursus die hier is, cursussen die", "Een leertraject dat hier is, leertrajecten die"),
    ],
)
def test_dutch_words_take_their_article_along(text, said):
    assert speech("nl", course=Form("leertraject", "leertrajecten", neuter=True)).say(text) == said


def test_dutch_the_other_way_round():
    say = speech("nl", certificate=Form("oorkonde", "oorkonden")).say
    assert say("Het certificaat en dit certificaat; certificaten") == "De oorkonde en deze oorkonde; oorkonden"
    assert (
        say("Een geldig certificaat, dat telt. Het eerste certificaat")
        == "Een geldige oorkonde, die telt. De eerste oorkonde"
    )


def test_every_adjective_before_a_concept_in_our_texts_is_known():
    """An adjective changes with the gender of its word, so one that is not in the table would be said wrongly."""
    texts = [
        text
        for entry in polib.pofile(str(settings.BASE_DIR / "locale/nl/LC_MESSAGES/django.po"))
        if not entry.obsolete
        for text in (entry.msgstr, *entry.msgstr_plural.values())
    ]
    nouns = "|".join(form for usual in USUAL["nl"].values() for form in usual.one)
    articles = "|".join([*AFTER_A, *NEUTER, *COMMON])
    found = re.findall(rf"\b(?:{articles}) (\w+) (?:{nouns})\b", "\n".join(texts), re.I)
    no_adjectives = {"of", "van", "er", "de", "deze", "dit", "elke"}
    assert {word.lower() for word in found} - no_adjectives <= {*ADJECTIVES, *ADJECTIVES.values()}
    assert len(found) > 5


@pytest.mark.parametrize("word", HOSTILE)
def test_words_that_could_break_a_text_are_refused_and_never_used(env, word):
    words = {"en:course:one": word, "en:course:many": "academies"}
    assert words_of(words, "en") == {}
    with open_scope(environment_id=env.pk), pytest.raises(ValidationError):
        environment_restyle(environment=env, words=words)


def test_every_concept_has_usual_words_in_every_language(settings):
    assert set(USUAL) == {code for code, _name in settings.LANGUAGES}
    assert all(set(usual) == set(CONCEPTS) for usual in USUAL.values())


@pytest.fixture
def two(env, other):
    for row, words in ((env, TRAINING), (other, VOYAGE)):
        with open_scope(environment_id=row.pk):
            environment_restyle(environment=row, words=words)
    return env, other


def test_the_words_of_one_environment_are_never_in_the_texts_of_another(two):
    first, second = two
    for _round in range(2):
        for row, said in ((first, "Academies"), (second, "Voyages")):
            with open_scope(environment_id=row.pk), speaking("en", environment=row):
                assert gettext("Courses") == said
                assert pgettext("in a context that no catalogue has", "Courses") == said
                with translation.override("nl"):
                    pass
                assert gettext("Courses") == said
    # Nor in what is done for another while the words are in force, nor afterwards.
    with open_scope(environment_id=first.pk), speaking("en", environment=first):
        with open_scope(environment_id=second.pk):
            assert gettext("Courses") == "Courses"
        assert ngettext("%(n)s course", "%(n)s courses", 2) == "%(n)s academies"
    assert gettext("Courses") == "Courses"


def test_pages_titles_and_sentences_say_it_and_what_people_wrote_stays(two, member, browser_of):
    first, _second = two
    with open_scope(environment_id=first.pk):
        Environment.objects.filter(pk=first.pk).update(name="The course place")
    browsers = [browser_of(member("learner", environment=row)) for row in two]
    for _round in range(2):
        pages = [one.get("/me/transcript/").content.decode() for one in browsers]
        assert "Academies, quizzes and certificates stand here" in pages[0]
        assert "Voyages, quizzes and certificates stand here" in pages[1]
        assert "oyages" not in pages[0]
        assert "cademies" not in pages[1]
    assert "The course place" in pages[0]
    title = browsers[0].get("/courses/").content.decode().split("<title>")[1].split("</title>")[0]
    assert "My academies" in title
    browsers[0].cookies["language"] = "nl"
    assert "leertrajecten" in browsers[0].get("/courses/").content.decode().lower()


def test_other_software_is_answered_in_the_usual_words(two, member, browser_of):
    answer = browser_of(member("learner", environment=two[0])).get("/api/v1/courses/nothing-of-the-kind/")
    assert "cadem" not in answer.content.decode()


def test_notices_and_letters_say_it_in_the_language_of_who_reads_them(two, member):
    first, _second = two
    for language, said in (("en", "The academy can be"), ("nl", "Het leertraject kan zonder")):
        who = member("learner", environment=first)
        Person.objects.filter(pk=who.person_id).update(language=language)
        with open_scope(environment_id=first.pk):
            facts = {"title": gettext_lazy("The course can be finished without it."), "mail": True}
            notice = notify(person_id=who.person_id, key=f"test:{language}", kind="certificate", **facts)
            assert notice.title.startswith(said)
            letter = Mail.objects.get(key=f"test:{language}")
        assert letter.subject.startswith(said)


def test_the_page_of_the_look_takes_shows_and_keeps_them(env, member, browser_of):
    browser = browser_of(member("admin", environment=env))
    page = browser.get("/settings/look/").content.decode()
    assert "What things are called" in page
    look = {"name": env.name, "brand": env.brand, "accent": env.accent, "font": env.font, "radius": env.radius}
    half = browser.post("/settings/look/", {**look, "say_en:course:one": "academy"}).content.decode()
    assert "Write both" in half
    bad = browser.post(
        "/settings/look/", {**look, "say_en:course:one": "<b>", "say_en:course:many": "<i>"}
    ).content.decode()
    assert "Use letters, digits" in bad
    sent = {f"say_{key}": word for key, word in TRAINING.items()}
    shown = browser.post("/settings/look/preview/", {**look, **sent}).content.decode()
    assert "Whoever runs an academy can make you an instructor" in shown
    assert "leertraject" in shown
    assert "cadem" not in browser.get("/settings/look/preview/").content.decode()
    assert browser.post("/settings/look/", {**look, **sent}).status_code == 302
    env.refresh_from_db()
    assert env.words == TRAINING
    after = browser.get("/settings/look/").content.decode()
    assert 'value="academy"' in after
    assert "Course, courses" in after


def test_it_costs_next_to_nothing():
    """A page asks for a few hundred texts; compared with the same texts in the usual words, so that no machine is too slow."""
    texts = ["Courses", "Nothing found", "You get one when you finish a course that gives it.", "Save"] * 100

    def run() -> float:
        began = time.process_time()
        for _round in range(20):
            for text in texts:
                gettext(text)
        return time.process_time() - began

    with translation.override("en"):
        run()
        usual = min(run() for _ in range(3))
        with own_words_in_force(environment_id=1, words=TRAINING):
            run()
            own = min(run() for _ in range(3))
    # 8000 texts: a page of 300 pays a fraction of a millisecond.
    assert own < usual * 10
