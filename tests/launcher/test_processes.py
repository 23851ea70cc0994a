"""Real processes: started, stopped in order, and found again after a launcher that was killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from launcher.leftovers import Ledger, start_time
from launcher.locks import LockedError, held, is_held
from launcher.processes import aloud, quiet
from launcher.supervisor import Supervisor
from launcher.terminal import LauncherError

CHECKOUT = Path(__file__).resolve().parents[2]
SAYS_WHEN_IT_ENDS = """
import signal, sys, time
def end(*_):
    open(sys.argv[2], "a").write(sys.argv[1] + " ")
    sys.exit()
signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
time.sleep(60)
"""


def wait_for(happened, *, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def supervisor(tmp_path):
    made = Supervisor(Ledger(tmp_path / "processes.json"))
    yield made
    made.kill()


def spawn(supervisor, name, tmp_path):
    command = [sys.executable, "-c", SAYS_WHEN_IT_ENDS, name, tmp_path / "ended"]
    child = supervisor.spawn(name, command, env=os.environ, cwd=tmp_path)
    supervisor.wait_until(child, lambda: child.has_said("ready"), seconds=10)
    return child


def test_what_starts_last_stops_first(supervisor, tmp_path, capsys):
    for name in ("database", "web", "beat"):
        spawn(supervisor, name, tmp_path)
    supervisor.stop()
    assert (tmp_path / "ended").read_text().split() == ["beat", "web", "database"]
    assert not (tmp_path / "processes.json").exists()


def test_lines_carry_the_name_of_their_process(supervisor, tmp_path, capsys):
    spawn(supervisor, "web", tmp_path)
    assert "web    | ready\n" in capsys.readouterr().out


def test_a_process_that_ends_while_starting_is_told(supervisor, tmp_path):
    child = supervisor.spawn("web", [sys.executable, "-c", "raise SystemExit(3)"], env=os.environ, cwd=tmp_path)
    with pytest.raises(LauncherError, match="web stopped while starting"):
        supervisor.wait_until(child, lambda: False, seconds=10)
    assert supervisor.ended() is child


def test_a_process_that_never_gets_ready_is_told(supervisor, tmp_path):
    child = spawn(supervisor, "web", tmp_path)
    with pytest.raises(LauncherError, match="not ready after 0 s"):
        supervisor.wait_until(child, lambda: False, seconds=0.1)


def test_leftovers_are_stopped_and_strangers_are_not(tmp_path):
    with subprocess.Popen(["sleep", "60"]) as ours, subprocess.Popen(["sleep", "60"]) as stranger:
        ledger = Ledger(tmp_path / "processes.json")
        ledger.add(ours.pid)
        # A number that the system has since given to another program: the start time differs.
        entries = (tmp_path / "processes.json").read_text()
        (tmp_path / "processes.json").write_text(entries[:-1] + f', [{stranger.pid}, "1"]]')
        assert ledger.stop_leftovers() == 1
        assert ours.wait(5) == -signal.SIGINT
        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.parametrize("content", ["", "[", "{}", "[[1]]"])
def test_a_damaged_ledger_stops_nothing(tmp_path, content):
    (tmp_path / "processes.json").write_text(content)
    assert Ledger(tmp_path / "processes.json").stop_leftovers() == 0


def test_a_process_that_is_gone_has_no_start_time():
    with subprocess.Popen(["true"]) as process:
        process.wait()
        assert start_time(process.pid) is None
    assert start_time(os.getpid()) == start_time(os.getpid()) is not None


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start stops them, see leftovers")
def test_children_do_not_outlive_a_launcher_that_is_killed(tmp_path):
    parent = f"""
import os, sys, time
from pathlib import Path
from launcher.leftovers import Ledger
from launcher.supervisor import Supervisor
child = Supervisor(Ledger(Path({str(tmp_path)!r}) / "processes.json")).spawn(
    "sleeper", ["sleep", "60"], env=os.environ, cwd=Path("/"), log=Path({str(tmp_path)!r}) / "log")
print(child.process.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT) as launcher:
        child = int(launcher.stdout.readline())
        assert start_time(child) is not None
        launcher.kill()
        wait_for(lambda: start_time(child) is None)


def test_a_lock_has_one_holder_and_ends_with_it(tmp_path):
    lock = tmp_path / "lock"
    with held(lock):
        assert is_held(lock)
        with pytest.raises(LockedError), held(lock):
            pass
    assert not is_held(lock)


def test_a_failing_command_is_one_sentence_and_a_log(tmp_path):
    log = tmp_path / "log"
    with pytest.raises(LauncherError, match=r"^It failed. It said: no room$") as caught:
        quiet([sys.executable, "-c", "print('no room'); raise SystemExit(1)"], log=log, fails="It failed.")
    assert caught.value.log == log
    assert "no room" in log.read_text()


def test_a_missing_program_is_one_sentence(tmp_path):
    with pytest.raises(LauncherError, match=r"It failed\. .*No such file"):
        quiet(["/nowhere/program"], log=tmp_path / "log", fails="It failed.")


def test_what_goes_in_is_not_logged(tmp_path):
    echo_length = "import sys; print(len(sys.stdin.read()))"
    said = quiet([sys.executable, "-c", echo_length], log=tmp_path / "log", fails="", text_in="s3cret")
    assert said == "6\n"
    assert "s3cret" not in (tmp_path / "log").read_text()


def test_lines_are_passed_on_as_they_come(tmp_path):
    heard = []
    aloud(
        [sys.executable, "-c", "print(1); print(2)"],
        each_line=heard.append, log=tmp_path / "log", fails="", cwd=tmp_path, env=os.environ,
    )  # fmt: skip
    assert heard == ["1", "2"]
