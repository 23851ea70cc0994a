"""No column of what makes up a course is forgotten by its package: each goes along, which is tried, or stays for a reason."""

import hashlib
from collections import Counter

import pytest
from django.apps import apps
from django.db.models import FileField, Model

from assessments.models import Assessment, Draw, Picture, Question
from assessments.services import bank_create, question_save, rubric_save
from assessments.services.pictures import picture_add
from courses.conditions.wording import condition_sentence
from courses.learning.facts import names_for
from courses.models import Activity
from ecosystem.models import Element, TenantModel
from tests.content.making import upload
from tests.courses.conftest import within
from tests.courses.packing import brought, drawn, everything, packed

APPS = ("courses", "content", "assessments", "handins", "memotrainer", "social", "lti")
OF_THE_ECOSYSTEM = ("ecosystem.Element", "ecosystem.Credit", "ecosystem.Connection", "ecosystem.Availability")
WHERE = {
    "id",
    "environment",
    "element",
    "version",
    "uid",
    "package",
    "assessment",
    "assignment",
    "number",
}  # where a row belongs

CARRIED = {
    "ecosystem.Element": "kind slug title summary language tags minutes cover url lifecycle visibility why",
    "ecosystem.Credit": "name role",
    "ecosystem.Connection": "source target kind hypothesis",
    "courses.Block": "title position",
    "courses.Activity": "block type target title position minutes weight optional condition",
    "content.Page": "markdown html",
    "content.Image": "sha256 name width height file",
    "content.Document": "name media_type size file",
    "content.Video": "name size seconds file captions no_captions_because",
    "content.Package": "standard name",
    "assessments.Objective": "slug text",
    "assessments.Question": "identifier objective source name category type text tags difficulty newest",
    "assessments.QuestionVersion": "question type stem body feedback points hints author_name",
    "assessments.Picture": "sha256 name media_type file",
    "assessments.Rubric": "question bank criteria",
    "assessments.Assessment": (
        "mode pass_mark attempts_allowed wait_minutes minutes_allowed grace_seconds shuffle_questions shuffle_choices"
        " even_exposure forward_only review people_mark second_marker anonymous_marking minimum_group"
        " target_error least_questions most_questions"
    ),
    "assessments.Section": "position title text",
    "assessments.AssessmentQuestion": "question section position",
    "handins.Assignment": (
        "markdown html takes_text takes_files takes_link takes_audio takes_video endings most_files most_mb"
        " most_words honour most_rounds pass_mark completed_by is_group all_agree is_compared is_on_the_job late_points"
    ),
    "handins.Rubric": "criteria",
    "social.Discussion": "markdown html threads_asked replies_asked posts_first",
    "memotrainer.Goal": "recall coverage days",
    "memotrainer.GoalPart": "goal of objective",
    "lti.ToolLink": "target_url custom opens_in done_when pass_mark points",
    "assessments.Draw": "section position count bank category objective tag easiest hardest",
}
OF_ITS_PLACE = "who owns it, and when it was made and is looked at again, is decided where it lives"
OF_PEOPLE = "what people do or did, and what is arranged for them"
STAY = {
    "ecosystem.Element": {"owner review_on created_at updated_at": OF_ITS_PLACE},
    "ecosystem.Credit": {
        "person": "accounts stay; the name goes along",
        "position": "the order goes along, numbered anew",
    },
    "ecosystem.Connection": {"owner created_at": OF_ITS_PLACE},
    "ecosystem.Availability": "where it was lent to",
    "courses.CourseVersion": "it comes in as a draft, whatever it was",
    "courses.DraftEdit": "what can be undone was undone by somebody there",
    "courses.CourseRun": OF_PEOPLE,
    "courses.RunGuide": OF_PEOPLE,
    "courses.RunGroup": OF_PEOPLE,
    "courses.VersionMove": OF_PEOPLE,
    "courses.Enrolment": OF_PEOPLE,
    "courses.ActivityState": OF_PEOPLE,
    "courses.Wake": OF_PEOPLE,
    "courses.TaskReport": OF_PEOPLE,
    "courses.Dependency": "written anew from the conditions",
    "courses.Topic": "written anew from the conditions",
    "memotrainer.Goal": {"ended_at": "what has ended there begins anew here"},
    "courses.CourseImport": "where it came from is noted where it arrives",
    "content.Page": {
        "revision": "counted anew",
        "embeddable": "who may show it elsewhere is decided where it lives",
    },
    "content.PageVersion": "earlier texts stay",
    "content.Package": {"size": "of the ZIP as it was packed", "revision": "counted anew"},
    "content.PackageFile": "unpacked anew from the package, which goes along",
    "content.PackageUnit": "read anew from the package, which goes along",
    "content.Link": "how the link is, is looked at anew; its address is the element's",
    "content.Watching": OF_PEOPLE,
    "content.UnitState": OF_PEOPLE,
    "content.UnitDocument": OF_PEOPLE,
    "content.Launch": OF_PEOPLE,
    "content.LaunchStatement": OF_PEOPLE,
    "content.Tick": OF_PEOPLE,
    "content.MissedSearch": OF_PEOPLE,
    "assessments.Section": {"former": "what it was called there, for attempts there"},
    "assessments.Question": {
        "retired_at": "what is asked no more does not go along",
        "review_on": OF_ITS_PLACE,
    },
    "assessments.QuestionVersion": {"author created_at": "accounts stay; the name goes along"},
    "assessments.Assessment": {
        "opens_at closes_at": "days are those of the people there",
        "password_hash": "a password would no longer be one",
    },
    "assessments.Override": OF_PEOPLE,
    "assessments.Deadline": OF_PEOPLE,
    "assessments.Attempt": OF_PEOPLE,
    "assessments.Answer": OF_PEOPLE,
    "assessments.AnswerAside": OF_PEOPLE,
    "assessments.AnswerFile": OF_PEOPLE,
    "assessments.Mark": OF_PEOPLE,
    "assessments.Result": OF_PEOPLE,
    "assessments.SurveyAnswer": OF_PEOPLE,
    "assessments.FeedbackRound": OF_PEOPLE,
    "assessments.FeedbackSeat": OF_PEOPLE,
    "assessments.FeedbackAnswer": OF_PEOPLE,
    "assessments.BulkEdit": "how to take a change back; the questions as they are now are what goes along",
    "assessments.BankImport": "a file on its way; the questions that came of it are what goes along",
    "assessments.Analysis": OF_PEOPLE,
    "assessments.ItemFigures": OF_PEOPLE,
    "handins.Assignment": {
        "due_at closes_at": "days are those of the people there",
        "is_double tolerance is_anonymous moderation moderation_share moderation_active moderation_seed borderline": "who marks is arranged where it is marked",
    },
    "handins.Rubric": {"made_at": OF_ITS_PLACE},
    "social.Room": OF_PEOPLE,
    "social.Thread": OF_PEOPLE,
    "social.Post": OF_PEOPLE,
    "social.Participation": OF_PEOPLE,
    "social.ThreadSeen": OF_PEOPLE,
    "handins.Extension": OF_PEOPLE,
    "handins.Submission": OF_PEOPLE,
    "handins.Round": OF_PEOPLE,
    "handins.HandinFile": OF_PEOPLE,
    "handins.HandinPage": OF_PEOPLE,
    "handins.FeedbackFile": OF_PEOPLE,
    "handins.Remark": OF_PEOPLE,
    "handins.PeerPlan": "who reviews whom and until when is arranged where it is handed in",
    "handins.PeerPhase": OF_PEOPLE,
    "handins.PeerReview": OF_PEOPLE,
    "handins.PeerSample": OF_PEOPLE,
    "handins.PeerTry": OF_PEOPLE,
    "handins.PeerBlend": OF_PEOPLE,
    "handins.Team": OF_PEOPLE,
    "handins.TeamMember": OF_PEOPLE,
    "handins.Share": OF_PEOPLE,
    "handins.TeamAct": OF_PEOPLE,
    "handins.Adjustment": OF_PEOPLE,
    "handins.Exemplar": OF_PEOPLE,
    "handins.SavedComment": OF_PEOPLE,
    "handins.IndependentMark": OF_PEOPLE,
    "handins.Agreement": OF_PEOPLE,
    "handins.Fingerprint": OF_PEOPLE,
    "handins.FingerprintValue": OF_PEOPLE,
    "handins.Similarity": OF_PEOPLE,
    "handins.OutsideReport": OF_PEOPLE,
    "handins.Upload": OF_PEOPLE,
    "handins.UploadPart": OF_PEOPLE,
    "handins.Mark": OF_PEOPLE,
    "handins.Reveal": OF_PEOPLE,
    "handins.Conflict": OF_PEOPLE,
    "handins.Confirmation": OF_PEOPLE,
    "handins.Confirmer": OF_PEOPLE,
    "handins.Moderation": OF_PEOPLE,
    "handins.Verdict": OF_PEOPLE,
    "memotrainer.Card": OF_PEOPLE,
    "memotrainer.Review": OF_PEOPLE,
    "memotrainer.Withdrawal": OF_PEOPLE,
    "memotrainer.Trainer": OF_PEOPLE,
    "memotrainer.Profile": OF_PEOPLE,
    "memotrainer.Ease": OF_PEOPLE,
    "memotrainer.Fit": OF_PEOPLE,
    "memotrainer.QuestionReport": OF_PEOPLE,
    "memotrainer.GoalReached": OF_PEOPLE,
    "lti.ToolLink": {
        "tool wanted": "a tool has its keys where it is registered; it is found again by its name (tests/lti)"
    },
    "lti.Tool": "registered where it is opened",
    "lti.PlatformKey": "of the environment",
    "lti.ServiceToken": "of the tool",
    "lti.SpentAssertion": "of the tool",
    "lti.Pseudonym": OF_PEOPLE,
    "lti.Launch": OF_PEOPLE,
    "lti.Score": OF_PEOPLE,
    "memotrainer.Training": "how a course is trained, and for which day, is decided where it is taken",
}


def models() -> dict[str, type[Model]]:
    found = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    found += [apps.get_model(label) for label in OF_THE_ECOSYSTEM]
    return {model._meta.label: model for model in found if issubclass(model, TenantModel)}


def staying(label: str) -> set[str]:
    said = STAY.get(label, {})
    return set() if isinstance(said, str) else {name for names in said for name in names.split()}


def test_each_column_goes_along_or_stays_for_a_reason():
    known = models()
    assert set(known) == {*CARRIED, *STAY}
    for label, model in known.items():
        if isinstance(STAY.get(label), str):
            assert label not in CARRIED
            continue
        columns = {field.name for field in model._meta.concrete_fields}
        said = [*CARRIED[label].split(), *staying(label)]
        assert len(said) == len(set(said)), label
        assert columns - WHERE == set(said), f"{label}: say whether the package of a course takes it along"


def unusual(course: Element) -> None:
    """Nothing of the course is as it would be by itself, so that what is not carried is noticed."""
    Element.objects.filter(title="Pot").update(
        language="nl", lifecycle="mature", visibility="private", cover="hills", why="Tea", tags=["tea"]
    )
    Activity.objects.filter(title="Pot").update(minutes=7, weight=3, optional=True)
    quiz = Assessment.objects.get()
    Assessment.objects.filter(pk=quiz.pk).update(
        mode="survey", grace_seconds=9, shuffle_questions=True, shuffle_choices=False, even_exposure=False,
        review={"right_after": ["points"]}, people_mark=True, second_marker=True, anonymous_marking=True, minimum_group=7,
        target_error=0.3, least_questions=3, most_questions=9,
    )  # fmt: skip
    Draw.objects.update(category="Tea", easiest=1, hardest=5)
    Question.objects.update(difficulty=2)
    asked = quiz.questions.order_by("position").last()
    asked.section = quiz.sections.get()
    asked.save()
    other = bank_create(title="Pictures of tea", creators=["Ada"])
    shown = picture_add(bank=other, upload=upload("leaf.png", drawn("green")))["picture"]
    quiz.sections.update(text=f'<p>A leaf. <img src="{shown}" alt="A leaf"></p>')
    question = Question.objects.get(pk=asked.question_id)
    shown = picture_add(bank=question.element, upload=upload("cup.png", drawn()))["picture"]
    stem = f'<p>Tell of tea. <img src="{shown}" alt="A cup"></p>'
    question_save(
        bank=question.element, identifier=question.identifier, type="essay", body={}, stem=stem,
        feedback="<p>So.</p>", points=4, hints=["<p>Warm</p>"], author="Ama", tags=["tea"], difficulty=3, name="Q",
        category="Tea", objective=question.objective, source=question.source,
    )  # fmt: skip


def rows_of(label: str) -> list[Model]:
    return list(apps.get_model(label).objects.all())


def value_of(row: Model, name: str) -> str:
    """As it is the same in every place: names instead of numbers, content instead of paths."""
    field, value = row._meta.get_field(name), getattr(row, name)
    if isinstance(field, FileField):
        if not value:
            return ""
        with value.open() as file:
            return hashlib.sha256(file.read()).hexdigest()
    if name == "condition":
        return condition_sentence(value, names=names_for(trees=[value])) if value else ""
    if name == "html":
        return str(value).replace(f"/{row.element_id}/", "/")
    return repr(value) if not isinstance(value, Model) else str(value)


def is_unusual(row: Model, name: str) -> bool:
    field, value = row._meta.get_field(name), getattr(row, name)
    if not field.has_default():
        return value not in (None, "")
    return bool(value != field.get_default())


@pytest.mark.django_db
def test_what_goes_along_arrives(member, other):
    author, there = member("author", name="Ama"), member("author", environment=other)
    with within(author):
        course = everything(author)
        unusual(course)
        question = Question.objects.get(type="essay")
        levels = [{"title": "No", "points": 0}, {"title": "Yes", "points": 2}]
        rubric_save(question=question, criteria=[{"title": "Warmth", "levels": levels}], by=author.person)
        data = packed(course, author)
        before = {label: values(label, names) for label, names in CARRIED.items()}
    with within(there):
        brought(data, there)
        assert {row.name: row.element.title for row in Picture.objects.all()} == {
            "cup.png": "Bank of tea",
            "leaf.png": "Pictures of tea",
        }
        for label, names in CARRIED.items():
            for name in names.split():
                rows = rows_of(label)
                arrived = Counter(value_of(row, name) for row in rows)
                assert arrived <= before[label][name], f"{label}.{name} arrives as something else"
                assert any(is_unusual(row, name) for row in rows), f"{label}.{name} is as it would be by itself"


def values(label: str, names: str) -> dict[str, Counter[str]]:
    rows = rows_of(label)
    return {name: Counter(value_of(row, name) for row in rows) for name in names.split()}
