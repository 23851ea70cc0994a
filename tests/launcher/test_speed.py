"""What makes the suite quick: bytecode that is kept, and an order in which those that wait lie between those that compute."""

from pathlib import Path
from types import SimpleNamespace

from launcher.django_environment import django_environment
from launcher.places import Instance, Places
from tests.ordering import MAKES_THE_SCENE, loaded_from, spread


def test_bytecode_is_kept_beside_our_state_even_where_the_machine_says_not_to(tmp_path):
    places, instance = Places(checkout=tmp_path, state=tmp_path / "state", is_root=False), Instance(tmp_path / "one")
    (instance.folder / "secrets").mkdir(parents=True)
    told = django_environment(places, instance, given={"PYTHONDONTWRITEBYTECODE": "1"}, more={})
    kept = Path(told["PYTHONPYCACHEPREFIX"])
    assert told["PYTHONDONTWRITEBYTECODE"] == ""  # which Python takes for not set
    assert (kept.parent, kept.stat().st_mode & 0o077) == (places.state, 0)


def item(path: str, *, name: str = "test_one", waits: bool = False) -> SimpleNamespace:
    return SimpleNamespace(path=path, name=name, get_closest_marker=lambda mark: waits and mark == "live")


def test_every_test_runs_once_and_files_stay_whole():
    files = [[item(f"a{n}.py") for _test in range(3)] for n in range(8)]
    files += [[item(f"live{n}.py", waits=True)] for n in range(3)]
    attack = [item("test_cross_tenant.py"), item("test_cross_tenant.py", name=MAKES_THE_SCENE)]
    files += [attack]
    items = [one for tests in files for one in tests]
    found = spread(list(items))
    assert sorted(map(id, found)) == sorted(map(id, items))
    order = list(dict.fromkeys(one.path for one in found))
    assert found[0] is attack[1]
    assert found.index(attack[0]) > found.index(files[0][-1])  # by when others have worked for some time
    assert [order.index(f"live{n}.py") for n in range(3)] == [1, 4, 7]
    assert [one.path for one in found if one.path == "a3.py"] == ["a3.py"] * 3


def test_each_process_loads_everything_begins_elsewhere_and_runs_it_in_the_same_order(tmp_path):
    for name in "abcdef":
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep" / f"test_{name}.py").write_text("#" * 100)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "helper.py").touch()
    (tmp_path / "test_g.py").touch()
    loaded = [loaded_from(tmp_path, share=share) for share in (0, 1 / 3, 2 / 3)]
    names = [[Path(path).name for path in paths] for paths in loaded]
    assert [first for first, *_more in names] == ["a", "c", "e"]
    assert all(sorted(paths) == [*"abcdef", "test_g.py"] for paths in names)
    orders = [[one.path for one in spread([item(path) for path in paths])] for paths in loaded]
    assert orders[0] == orders[1] == orders[2]
