"""`./grove test` and `./grove bench`: the same preparation, on servers of their own."""

import os
from collections.abc import Sequence

from launcher.application import Application
from launcher.browser import prepare_browser
from launcher.django_environment import django_environment
from launcher.places import Places, make_private
from launcher.preparation import prepare
from launcher.processes import in_front
from launcher.servers import start_servers
from launcher.session import InUseError, own_instance, test_instance
from launcher.terminal import LauncherError, terminal

# With these pytest talks to the person, or only looks: one process is right.
ONE_PROCESS = ("--pdb", "--trace", "--collect-only", "--co", "-s", "--capture=no", "--help", "-h", "--version")


# Benches that bring their own rows.
WITHOUT_DEMO = ("rls",)


def test(places: Places, arguments: Sequence[str]) -> int:
    """The exit code is pytest's."""
    more = {**prepare(places, lock_name="test"), **prepare_browser(places)}
    with test_instance(places) as (instance, supervisor):
        servers = start_servers(places, instance, supervisor, for_tests=True)
        # Pages name static files as they stand in the source: nothing has to be collected first.
        variables = {**more, **servers.variables(with_admin=True), "GROVE_PLAIN_STATIC": "1"}
        # Its tables of characters take some seconds of each process, and a fresh checkout has none.
        variables["HYPOTHESIS_STORAGE_DIRECTORY"] = str(make_private(places.state / "hypothesis"))
        environment = django_environment(places, instance, given=os.environ, more=variables)
        options = pytest_arguments(arguments, cores=core_count())
        terminal.line()
        return in_front([str(places.python), "-m", "pytest", *options], cwd=places.checkout, env=environment)


def core_count() -> int:
    """Those that this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def pytest_arguments(given: Sequence[str], *, cores: int) -> list[str]:
    """As many processes as there are cores, unless the person says otherwise or it makes no sense. The whole suite
    gets one more: some of its tests wait for servers and browsers, which need no core of their own (tests/cores.py)."""
    says_how_many = any(argument.startswith(("-n", "--numprocesses")) for argument in given)
    one_is_right = any(argument in ONE_PROCESS or "::" in argument for argument in given)
    if says_how_many or one_is_right or cores == 1:
        return list(given)
    is_whole = all(argument.startswith("-") for argument in given)
    # "loadgroup": tests that share something costly say so with a mark, and then run in the same process. They stay where
    # tests/ordering.py has put them: of itself xdist begins with the largest groups, which wait most, all at once.
    return ["-n", str(cores + is_whole), "--dist", "loadgroup", "--no-loadscope-reorder", *given]


def bench(places: Places, arguments: Sequence[str]) -> int:
    """Servers and data of its own, so that measuring neither sees nor changes what `./grove run` has."""
    if not arguments:
        raise LauncherError("Say which bench: ./grove bench pages, for example.")
    more = prepare(places, lock_name="test")
    try:
        with own_instance(places, "bench") as (instance, supervisor):
            servers = start_servers(places, instance, supervisor, for_tests=False)
            # No GROVE_DEBUG: what is measured is what production runs.
            variables = {**more, **servers.variables(with_admin=False)}
            environment = django_environment(places, instance, given=os.environ, more=variables)
            application = Application(places, instance, environment, servers.database_identity)
            application.migrate()
            if arguments[0] not in WITHOUT_DEMO:
                application.collect_static()
                application.load_demo()
            terminal.line()
            return in_front([str(places.python), "-m", "bench", *arguments], cwd=places.checkout, env=environment)
    except InUseError:
        raise LauncherError("A bench is going on in this checkout: wait for it to end.") from None
