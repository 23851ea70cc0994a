import os
import sys
from pathlib import Path

import pytest

from launcher.interpreter import chosen, found_in, quickest, seconds_of

# How often each is asked is for machines whose speed varies; here none but the one that runs is a real Python.
pytestmark = pytest.mark.usefixtures("asked_twice")
NAME = f"python{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def asked_twice(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr("launcher.interpreter.TRIES", 2)
    monkeypatch.setattr("launcher.interpreter.USUAL", (str(tmp_path / "usual"),))


def program(folder: Path, lines: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    python = folder / NAME
    python.write_text(f"#!/bin/sh\n{lines}\n")
    python.chmod(0o755)
    return str(python)


def test_another_must_be_clearly_quicker():
    assert chosen({"mine": 1.0, "other": 0.95}, running="mine") == "mine"
    assert chosen({"mine": 1.0, "other": 0.8, "third": 0.85}, running="mine") == "other"
    assert chosen({}, running="mine") == "mine"


def test_the_running_one_says_how_long_it_took():
    assert 0 < seconds_of(sys.executable) < 5


def test_what_is_no_whole_python_is_not_taken(tmp_path):
    broken, lying = program(tmp_path / "a", "exit 1"), program(tmp_path / "b", "echo quick")
    said = [seconds_of(one) for one in (broken, lying, str(tmp_path / "none"))]
    for text, part in zip(said, ("ended with 1", "could not convert", "No such file"), strict=True):
        assert part in text


def test_the_quicker_one_on_the_path_is_taken(tmp_path):
    quick = program(tmp_path / "quick", "echo 0.000001")
    slow = program(tmp_path / "slow", "echo 900")
    path = os.pathsep.join([str(tmp_path / "slow"), str(tmp_path / "quick")])
    log = tmp_path / "packages.log"
    assert quickest(path=path, log=log) == quick
    assert quickest(path=path, log=log, running=slow) == quick
    usual = program(tmp_path / "usual", "echo 0.0000001")
    assert quickest(path=path, log=log, running=slow) == usual


def test_the_log_says_what_each_took_and_what_is_no_python(tmp_path):
    good, broken = program(tmp_path / "good", "echo 0.012"), program(tmp_path / "broken", "echo no module >&2; exit 1")
    log = tmp_path / "packages.log"
    quickest(path=str(tmp_path / "broken"), log=log, running=good)
    assert f"# {good}: 12.0 ms\n" in log.read_text()
    assert f"# {broken}: ended with 1: 'no module\\n'\n" in log.read_text()


def test_each_program_is_tried_once_and_none_of_an_environment(tmp_path):
    one = program(tmp_path / "one", "echo 1")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / NAME).symlink_to(one)
    inside = program(tmp_path / "env/bin", "echo 1")
    (tmp_path / "env/pyvenv.cfg").touch()
    folders = ["", *(str(Path(name).parent) for name in (one, str(tmp_path / "two" / NAME), inside))]
    assert found_in(folders, but=sys.executable) == [one]
    assert found_in(folders, but=one) == []


def test_a_script_that_starts_a_known_one_is_not_tried(tmp_path):
    program(tmp_path / "shims", f'exec {os.path.realpath(sys.executable)} "$@"')
    assert found_in([str(tmp_path / "shims")], but=os.path.realpath(sys.executable)) == []
