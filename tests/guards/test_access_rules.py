"""What the code must say before anything runs: who may see a page, that services name their arguments, that nothing
is trusted or sent without a reason. Every list below holds its reasons, and entries that are no longer needed fail.
"""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.conf import settings

from config.celery import app as celery
from ecosystem.gates import gates, gates_among
from ecosystem.scope import NoScopeError
from ecosystem.tasking import ScopedTask
from tests.guards.cross_routes import Route, routes
from tests.guards.twins import tenant_models

ROOT = Path(settings.BASE_DIR)
APPS = [name for name in settings.GROVE_APPS if name != "demo"]
# Views of others, by the start of their address.
NO_RULE = {
    "accounts/": "sign-in of allauth: for whoever is not signed in yet; MemberBackend lets in members only",
    "admin/": "GroveAdminSite.has_permission and ScopedAdmin.rule decide",
}
# Where a text is trusted. In templates: what was cleaned when it was saved (markup.clean_html, markdown_to_html).
TRUSTED = {
    "assessments/selectors/pictures.py": "clean HTML of a question, with paths of ours put in",
    "content/selectors/pictures.py": "markdown_to_html when it was saved, with paths of ours put in",
    "ecosystem/charts.py": "numbers formatted and texts escaped by the same function",
    "ecosystem/context.py": "a logo, cleaned when it was saved",
    "ecosystem/frame.py": "pieces of our templates, and values escaped by the same function",
    "ecosystem/environment_views/look.py": "a logo, and Markdown of legal pages, cleaned by the line itself or when saved",
    "ecosystem/templatetags/ui.py": "drawings that are constants",
    "templates/handins/confirm.html": "markdown_to_html when it was saved",
    "templates/handins/work.html": "markdown_to_html when it was saved",
    "templates/social/discussion.html": "markdown_to_html when it was saved",
    "templates/mail/": "letters in plain text; the HTML letters trust nothing",
    "templates/certificates/pdf.html": "a QR code drawn by segno",
    "templates/assessments/widgets/cloze.html": "cleaned or escaped by the question types, in what they call public",
    "templates/assessments/widgets/gaps.html": "cleaned or escaped by the question types, in what they call public",
    "templates/assessments/widgets/hotspot.html": "cleaned or escaped by the question types, in what they call public",
    "templates/memotrainer/_question.html": "cleaned by question_save and by the question types",
    "templates/memotrainer/card.html": "cleaned by question_save and by the question types",
}
SENDERS = {
    "events/tasks.py": "one task per environment, from a task that reads only",
    "ecosystem/hints.py": "after the commit, and only a hint: the rows are the truth",
    "records/tasks.py": "the sweeper, which has no transaction to wait for",
    "memotrainer/tasks.py": "the tick, which has no transaction to wait for",
    "courses/tasks.py": "the tick, which has no transaction to wait for",
}
UNSCOPED_TASKS = {
    "assessments.analyse": "opens the scope of each environment in turn",
    "assessments.run_imports": "looks in system_rows() which files wait",
    "assessments.feedback": "looks in system_rows() which rounds are due",
    "assessments.finish_overdue": "looks in system_rows() whose time is up",
    "courses.wake": "looks in system_rows() where something is due",
    "courses.open_due": "each batch opens the scope of its environment",
    "handins.look_at_peers": "looks in system_rows() which peer reviews are due",
    "handins.forget_uploads": "looks in system_rows() where uploads were given up",
    "events.look_at_offers": "looks in system_rows() where offers have run out",
    "events.end_offers": "each event in a scope of its environment",
    "events.look_at_reminders": "looks in system_rows() where a session is near",
    "events.remind": "each session in a scope of its environment",
    "events.look_at_settling": "looks in system_rows() where lots are to be drawn",
    "events.settle": "each event in a scope of its environment",
    "ecosystem.send_due_invitations": "looks in system_rows() where letters of invitations wait",
    "ecosystem.make_exports": "looks in system_rows() which copies were asked for",
    "ecosystem.make_environment_exports": "looks in system_rows() which copies were asked for",
    "ecosystem.remove_environments": "opens the scope of the environment and of the one above it",
    "ecosystem.remove_orphans": "opens the scope of each environment itself, to know what is named there",
    "ecosystem.send_account_letters": "looks in system_rows() where letters of sign-in wait",
    "ecosystem.erase_due": "looks in system_rows() which erasures are confirmed",
    "ecosystem.forget_old": "opens the scope of each environment in turn; old audit entries go by a function of the owner",
    "courses.tally_run": "each batch opens the scope of its environment",
    "courses.move_learners": "looks in system_rows() which runs go to another version",
    "records.deliver": "each delivery opens the scope of its environment",
    "records.sweep": "looks in system_rows() where work waits",
    "records.ensure_partitions": "makes tables, touches no rows",
    "content.check_link": "the service opens the scope of the link twice: before and after it asks",
    "content.check_links": "looks in system_rows() whose time has come",
    "notifications.send_mail": "the service opens the scope of the letter",
    "notifications.send_due_mail": "looks in system_rows() where letters wait",
    "notifications.send_push": "the service opens the scope of the push",
    "notifications.send_due_push": "looks in system_rows() where pushes wait",
    "notifications.send_digests": "looks in system_rows() whose digest is due",
    "notifications.prune": "opens the scope of each environment in turn",
    "notifications.remind_delegations": "looks in system_rows() whose time has come",
    "api.post_webhooks": "the service opens the scope of each message",
    "api.post_due_webhooks": "looks in system_rows() where messages wait",
    "api.forget_old": "looks in system_rows() where rows are old",
    "social.judge_anew": "the service opens the scope of each environment, and of each person",
    "memotrainer.remind": "looks in system_rows() whose time has come",
    "memotrainer.ensure_partitions": "makes tables, touches no rows",
    "memotrainer.look_again": "the service opens the scope of the environment, for each person",
    "memotrainer.reschedule_course": "opens the scope of the environment",
    "memotrainer.fit": "starts a task for each environment, touches no rows",
    "memotrainer.fit_environment": "the service opens the scope of the environment",
}


def declares_rule(route: Route) -> bool:
    view = getattr(route.callback, "cls", None) or getattr(route.callback, "view_class", None)
    return hasattr(route.callback, "access_rule") or getattr(view, "rule", None) is not None


def test_every_view_says_who_may_see_it():
    known = routes()
    silent = [route.template for route in known if not declares_rule(route)]
    assert [template for template in silent if not template.startswith(tuple(NO_RULE))] == []
    assert [start for start in NO_RULE if not any(template.startswith(start) for template in silent)] == []
    assert len(known) > 100


def is_refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except NoScopeError:
        return True
    return False


def test_rows_need_a_scope(db):
    models = tenant_models()
    assert [model._meta.label for model in models if not is_refused(model.objects.first)] == []
    changes = {model._meta.label: partial(model.objects.update, environment_id=1) for model in models}
    assert [label for label, change in changes.items() if not is_refused(change)] == []
    assert len(models) > 80


def service_modules() -> list[str]:
    found = []
    for name in APPS:
        try:
            package = importlib.import_module(f"{name}.services")
        except ModuleNotFoundError:
            continue
        found.append(package.__name__)
        found += [f"{package.__name__}.{one.name}" for one in pkgutil.iter_modules(getattr(package, "__path__", []))]
    return found


def public_functions() -> list[tuple[str, inspect.Signature]]:
    found = []
    for name in service_modules():
        module = importlib.import_module(name)
        for attribute, thing in vars(module).items():
            if inspect.isfunction(thing) and thing.__module__ == name and not attribute.startswith("_"):
                found.append((f"{name}.{attribute}", inspect.signature(thing)))
    return found


def is_doing(name: str) -> bool:
    """A service is ``<noun>_<verb>``; helpers of one word, or that give a value, are no doors."""
    return "_" in name.rsplit(".", 1)[-1]


# Pure helpers beside the services, with their reason.
POSITIONAL = {
    "assessments.services.banks.version_of": "makes a row that is not saved yet",
    "assessments.services.imports.said_by": "the same facts in another shape, touches no rows",
    "memotrainer.services.fitting.log_of": "reads rows into arrays",
    "assessments.services.banks.same_content": "compares a row with its values",
    "certificates.services.issuing.months_later": "arithmetic with two values whose order everybody knows",
    "ecosystem.services.delegations.authorities_of": "turns reasons into what may be given from them",
    "ecosystem.services.delegations.delegations_hanging_on": "reads what would end, for the page that asks",
    "gardening.services.mapping.node_of": "turns a row into a node",
}


def test_whoever_closes_one_element_closes_it_in_lists():
    """``gates`` answers for one, ``gates_among`` for many: a gate that is missing there shows in lists what is closed."""
    assert {key for key, _gate in gates.items()} == {key for key, _gate in gates_among.items()} != set()


def test_services_take_keywords_only():
    functions = public_functions()
    kinds = {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}
    loose = {name for name, found in functions if any(one.kind not in kinds for one in found.parameters.values())}
    assert {name for name in loose if is_doing(name)} - set(POSITIONAL) == set()
    assert len(functions) > 30


def places_of(pattern: str, *endings: str) -> set[str]:
    """Files of ours that hold the pattern outside comments of one line."""
    wanted, found = re.compile(pattern), set()
    for path in (path for folder in (*APPS, "templates", "config") for path in (ROOT / folder).rglob("*")):
        if path.suffix not in endings or "migrations" in path.relative_to(ROOT).parts:
            continue
        if wanted.search(path.read_text(encoding="utf-8")):
            found.add(path.relative_to(ROOT).as_posix())
    return found


def test_trusted_texts_are_listed():
    found = places_of(r"\bmark_safe\(|SafeString\(", ".py") | places_of(
        r"\|\s*(safe|safeseq)\b|autoescape off", ".html", ".txt"
    )
    plain = tuple(start for start in TRUSTED if start.endswith("/"))
    assert {name for name in found if not (name.startswith(plain) and name.endswith(".txt"))} - set(TRUSTED) == set()
    assert {name for name in TRUSTED if not any(one.startswith(name) for one in found)} == set()


def test_tasks_start_after_the_commit():
    found = places_of(r"\.(delay|apply_async|send_task)\(", ".py")
    assert found - set(SENDERS) == set()
    assert set(SENDERS) - found == set()


def test_every_task_opens_a_scope():
    celery.loader.import_default_modules()
    ours = {name: task for name, task in celery.tasks.items() if not name.startswith("celery.")}
    unscoped = {name for name, task in ours.items() if not isinstance(task, ScopedTask)}
    assert unscoped - set(UNSCOPED_TASKS) == set()
    assert set(UNSCOPED_TASKS) - unscoped == set()


# Words by which rows are reached past the scoped manager, or SQL past the ORM, each with its reason.
ROUND_THE_MANAGER = {
    "assessments/services/analysing.py": "a million answers as one COPY of numbers, of this environment, under row security",
    "assessments/services/attempts.py": "lays out the questions of one attempt in one statement, with environment and attempt, under row security",
    "assessments/services/moving.py": "copies the questions of one bank, puts them into a quiz, and takes copies away again, many in one statement, under row security",
    "assessments/services/finishing.py": "keeps the marks of one attempt in one statement, with environment and attempt, under row security",
    "assessments/services/quick_saving.py": "one statement that names environment, person and attempt, under row security",
    "courses/services/packages_in.py": "a lock by name, so that the same package twice at once is one after the other",
    "courses/services/reconsidering.py": "puts what waits into the queue in one statement, with the environment of the scope",
    "assessments/importers/moodle_bodies.py": "a method of its own called raw: the text of a file, no rows",
    "memotrainer/services/easing.py": "adds to sums in one statement, with the environment, under row security",
    "memotrainer/services/housekeeping.py": "makes partitions",
    "handins/services/similarity.py": "an advisory lock, no rows",
    "memotrainer/services/reminders.py": "an advisory lock, no rows",
    "memotrainer/services/rescheduling.py": "dates many cards in one statement, with the environment, under row security",
    "memotrainer/services/replaying.py": "writes many cards in one statement, with environment and person, under row security",
    "ecosystem/audit_chain.py": "works hashes out from what stands in the rows, with the environment of the scope",
    "ecosystem/services/retention.py": "calls the one function that removes old audit entries",
    "ecosystem/prepared.py": "names on its connection what the ORM wrote, and runs it with the environment of the scope among the values",
    "ecosystem/prepared_sql.py": "names on its connection what others of this list wrote, and runs it",
    "ecosystem/postgresql/compiler.py": "whether a row comes from a file of rows, which is written as Django does",
    "ecosystem/checks.py": "asks PostgreSQL about the role, no rows",
    "ecosystem/health.py": "SELECT 1",
    "ecosystem/moments.py": "names the moment that a transaction sees, no rows",
    "ecosystem/models/changes.py": "asks for the horizon of transactions",
    "ecosystem/outbound/asking.py": "the body of an answer by HTTP, no rows",
    "ecosystem/scope.py": "tells PostgreSQL the scope",
    "records/services/recording.py": "a fact that counts up in one statement, with the environment of the record",
    "ecosystem/services/moving.py": "has foreign keys checked at once, no rows",
    "ecosystem/services/environment_removal.py": "deletes the rows of one environment, in its scope, table by table",
    "ecosystem/tenant_tables.py": "asks PostgreSQL which tables there are; counts rows under row-level security",
    "ecosystem/search.py": "full text outside row-level security; filters by scope itself",
    "ecosystem/services/storage.py": "an advisory lock, no rows",
    "ecosystem/services/delegations.py": "an advisory lock, no rows",
    "records/services/delivering.py": "makes partitions",
    "records/tasks.py": "makes partitions",
}


ROUND = {"_base_manager", "raw", "cursor", "RawSQL"}
# A text without these need not be parsed.
NAMES_ROUND = re.compile(rf"\.\s*({'|'.join(sorted(ROUND))})\b|\bPreparedSql\b")


def test_ways_round_the_manager_are_listed():
    found = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "migrations" in path.parts or not NAMES_ROUND.search(text):
                continue
            for node in ast.walk(ast.parse(text)):
                round_it = isinstance(node, ast.Attribute) and node.attr in ROUND
                if round_it or (isinstance(node, ast.Name) and node.id == "PreparedSql"):
                    found.add(path.relative_to(ROOT).as_posix())
    assert found - set(ROUND_THE_MANAGER) == set()
