"""Small decisions of the launcher that a person would notice when they were wrong."""

import socket

import pytest

from launcher import cli
from launcher.packages import count_packages, stamp_covers
from launcher.pango import packages_to_install
from launcher.ports import LOOPBACK, any_free_port
from launcher.processes import with_reason
from launcher.running import WORKERS, choose_port
from launcher.terminal import LauncherError
from launcher.testing import pytest_arguments


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], ["-n", "3", "--dist", "loadgroup", "--no-loadscope-reorder"]),
        (["-q"], ["-n", "3", "--dist", "loadgroup", "--no-loadscope-reorder", "-q"]),
        (["tests/courses", "-x"], ["-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder", "tests/courses", "-x"]),
        (["-n", "0"], ["-n", "0"]),
        (["-n4", "tests"], ["-n4", "tests"]),
        (["--numprocesses=1"], ["--numprocesses=1"]),
        (["--pdb"], ["--pdb"]),
        (["--collect-only"], ["--collect-only"]),
        (["tests/test_a.py::test_b"], ["tests/test_a.py::test_b"]),
    ],
)
def test_pytest_runs_on_all_cores_unless_that_makes_no_sense(given, expected):
    assert pytest_arguments(given, cores=2) == expected


def test_one_core_needs_no_workers():
    assert pytest_arguments([], cores=1) == []


@pytest.mark.parametrize(
    ("stamp", "covers"),
    [({}, False), ({"run": "1"}, False), ({"run": "1", "test": "2"}, True), ({"run": "0", "test": "2"}, False)],
)
def test_the_packages_are_installed_again_when_either_lock_changed(stamp, covers):
    assert stamp_covers(stamp, {"run": "1", "test": "2"}) is covers


def test_the_test_lock_serves_run_as_well():
    assert stamp_covers({"run": "1", "test": "2"}, {"run": "1"})


def test_packages_of_a_lock_are_counted_without_their_hashes():
    assert (
        count_packages(
            "# made by\na==1 \\\n    --hash=sha256:00\nb==2 ; sys_platform == 'x' \\\n    --hash=sha256:11\n"
        )
        == 2
    )


def test_only_missing_packages_are_fetched():
    simulation = "Reading lists\nInst libpango-1.0-0 (1.50 Debian:12 [amd64])\nConf libpango-1.0-0 (1.50)\n"
    assert packages_to_install(simulation) == ["libpango-1.0-0"]


@pytest.mark.parametrize("wanted", ["", "http", "0", "65536", "-1", "80 80"])
def test_a_port_that_is_no_port_is_refused(wanted):
    with pytest.raises(LauncherError, match="a number from 1 to 65535"):
        choose_port(wanted)


def test_a_taken_port_is_refused_when_it_was_asked_for():
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        with pytest.raises(LauncherError, match="is in use"):
            choose_port(str(taken.getsockname()[1]))


def test_a_free_port_is_taken_as_asked():
    port = any_free_port()
    assert choose_port(str(port)) == port


def test_a_failure_ends_with_the_reason():
    assert with_reason("It failed.", "starting\nno room on the disk\n\n") == "It failed. It said: no room on the disk"
    assert with_reason("It failed.", "") == "It failed."


def test_every_command_is_listed_on_one_line(capsys):
    assert cli.main([]) == 0
    listed = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[1] for line in listed] == list(cli.COMMANDS)
    assert {"run", "test", "lint", "fmt", "shell", "migrate", "demo", "bench", "manage"} <= set(cli.COMMANDS)


def test_an_unknown_command_is_told(capsys):
    assert cli.main(["rnu"]) == 2
    assert "There is no ./grove rnu." in capsys.readouterr().out


def test_run_takes_every_queue_and_letters_wait_behind_nothing():
    queues = {name: how[how.index("-Q") + 1].split(",") for name, how in WORKERS.items()}
    assert queues == {"worker": ["default", "bulk"], "letters": ["interactive"]}
