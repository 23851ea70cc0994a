"""Where the state goes."""

from pathlib import Path

import pytest

from launcher.places import Places, state_folder
from launcher.terminal import LauncherError

CHECKOUT = Path("/srv/grove")
HOME = Path("/home/ada")


def folder(*, checkout: Path = CHECKOUT, is_root: bool = False, **environ: str) -> Path:
    return state_folder(checkout=checkout, environ=environ, is_root=is_root, home=HOME)


def test_a_person_has_it_in_the_home_folder():
    assert folder().parent == HOME / ".local/state/grove"


def test_xdg_state_home_is_followed():
    assert folder(XDG_STATE_HOME="/data/state").parent == Path("/data/state/grove")


def test_root_has_it_where_the_database_account_can_enter():
    assert folder(is_root=True).parent == Path("/var/lib/grove")


def test_two_checkouts_never_share_it():
    assert folder() != folder(checkout=Path("/srv/grove-2"))


def test_grove_state_decides_for_everybody():
    assert folder(is_root=True, GROVE_STATE="/data/grove") == folder(GROVE_STATE="/data/grove") == Path("/data/grove")


def test_root_is_told_when_the_database_account_could_not_enter(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(LauncherError, match="set GROVE_STATE"):
        Places(checkout=CHECKOUT, state=closed / "state", is_root=True).make_state()


def test_a_state_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(LauncherError, match="set GROVE_STATE"):
        Places(checkout=CHECKOUT, state=tmp_path / "file/state", is_root=False).make_state()


def test_others_cannot_look_into_a_persons_state(tmp_path):
    places = Places(checkout=CHECKOUT, state=tmp_path / "state", is_root=False)
    places.make_state()
    places.instance("run")
    assert {
        path.name: path.stat().st_mode & 0o077 for path in places.state.rglob("*") if path.is_dir()
    } == dict.fromkeys(("logs", "run", "secrets", "media", "mail", "static"), 0)
