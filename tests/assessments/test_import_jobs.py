"""Large files of questions: a worker looks at them and brings them in; killed, cancelled or twice, nothing is half done."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from assessments.exceptions import AssessmentError
from assessments.models import BankImport, ImportState, Question
from assessments.services import bank_imports
from assessments.services.bank_imports import (
    AT_ONCE,
    MOST_RUNS,
    import_agree,
    import_ask,
    import_cancel,
    imports_run_due,
)
from ecosystem.models import AuditEntry, Membership, Person
from ecosystem.scope import open_scope
from tests.assessments.answering import make_bank
from tests.assessments.test_imports import moodle, sent, true_false

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]

LARGE = moodle(true_false("1"), true_false("2"), "<question type='stack'/>", f"<!--{'x' * AT_ONCE}-->")


@pytest.fixture
def asked(env, member):
    """A large file that waits for a worker, and who brought it."""
    author = member("author")
    with open_scope(environment_id=env.pk, person_id=author.person_id):
        return import_ask(bank=make_bank(), filename="large.xml", data=LARGE, by=author.person)


def state_of(env, row: BankImport) -> BankImport:
    with open_scope(environment_id=env.pk):
        found: BankImport = BankImport.objects.select_related("person").get(pk=row.pk)
    return found


def questions_in(env) -> int:
    with open_scope(environment_id=env.pk):
        return Question.objects.count()


def agreed(env, row: BankImport) -> None:
    with open_scope(environment_id=env.pk, person_id=row.person_id):
        import_agree(row=row, by=Person.objects.get(pk=row.person_id))


def test_a_worker_looks_and_brings_in_once(env, member, browser_of):
    with open_scope(environment_id=env.pk):
        make_bank()
    browser = browser_of(member("author"))
    page = sent(browser, LARGE, name="large.xml")
    here = page.request["PATH_INFO"]
    assert "<progress" in page.text
    assert browser.get(here, headers={"accept": "application/json"}).json() == {
        "state": "looking",
        "done": 0,
        "total": 3,
    }
    assert imports_run_due() == 1
    assert "Import 2 questions" in browser.get(here).text
    assert browser.get(here, headers={"accept": "application/json"}).json()["done"] == 3
    for _twice in range(2):
        assert "<progress" in browser.post(f"{here}agree/", follow=True).text
    assert questions_in(env) == 0
    assert imports_run_due() == 1
    assert questions_in(env) == 2
    assert imports_run_due() == 0
    assert "Imported." in browser.get(here).text
    with open_scope(environment_id=env.pk):
        assert AuditEntry.objects.get(act="questions.imported").after["left_out"] == 1
    assert not default_storage.exists("imports/questions") or not default_storage.listdir("imports/questions")[1]


def test_who_is_killed_is_followed_by_another_and_in_the_end_it_is_said(env, asked):
    with open_scope(environment_id=env.pk):
        bank_imports._taken(asked.pk)  # and the worker is gone
    assert imports_run_due() == 0, "it might still be at work"
    past = timezone.now() - timedelta(seconds=1)
    with open_scope(environment_id=env.pk):
        BankImport.objects.update(due_at=past)
    assert imports_run_due() == 1
    assert state_of(env, asked).state == ImportState.READY
    agreed(env, asked)
    with open_scope(environment_id=env.pk):
        BankImport.objects.update(runs=MOST_RUNS)
    assert imports_run_due() == 0
    row = state_of(env, asked)
    assert (row.state, questions_in(env)) == (ImportState.FAILED, 0)
    assert "Nothing was imported" in row.because


def test_the_slow_one_that_was_given_up_changes_nothing(env, asked):
    with open_scope(environment_id=env.pk):
        slow = bank_imports._taken(asked.pk)
        BankImport.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert imports_run_due() == 1
    with pytest.raises(bank_imports._StoppedError):
        bank_imports._Watch(slow).say()


def test_cancelled_on_the_way_brings_in_nothing(env, asked):
    imports_run_due()
    agreed(env, asked)
    with open_scope(environment_id=env.pk):
        taken = bank_imports._taken(asked.pk)
        import_cancel(row=asked)
    with pytest.raises(bank_imports._StoppedError):
        bank_imports._Watch(taken).say()
    with pytest.raises(bank_imports._StoppedError):
        bank_imports._finish(taken, bank_imports.parse_questions(LARGE, "large.xml"))
    assert imports_run_due() == 0
    assert (state_of(env, asked).state, questions_in(env)) == (ImportState.CANCELLED, 0)
    with pytest.raises(AssessmentError):
        agreed(env, asked)


def test_who_is_no_author_any_more_brings_in_nothing(env, asked):
    imports_run_due()
    agreed(env, asked)
    with open_scope(environment_id=env.pk):
        Membership.objects.filter(person_id=asked.person_id).update(roles=["learner"])
    assert imports_run_due() == 1
    assert (state_of(env, asked).state, questions_in(env)) == (ImportState.FAILED, 0)


def test_another_file_takes_the_place_of_one_that_waits_and_a_day_is_enough(env, asked):
    imports_run_due()
    with open_scope(environment_id=env.pk, person_id=asked.person_id):
        person = Person.objects.get(pk=asked.person_id)
        newer = import_ask(bank=asked.element, filename="a.xml", data=moodle(true_false("1")), by=person)
    assert state_of(env, asked).state == ImportState.CANCELLED
    with open_scope(environment_id=env.pk):
        BankImport.objects.filter(pk=newer.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    assert imports_run_due() == 0
    assert state_of(env, newer).state == ImportState.CANCELLED
