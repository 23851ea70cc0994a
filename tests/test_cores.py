import fcntl
import os
import signal
import time
from contextlib import suppress
from multiprocessing import get_context

import pytest
from django.db import connection, connections

from tests.cores import CORES, Cores

pytestmark = pytest.mark.skipif(len(CORES.all) < 2, reason="one core is nobody's to take")


class Computes:
    """What is asked of a test that only computes."""

    module, fixturenames = None, ()

    def get_closest_marker(self, name: str) -> None:
        return None


def compute(folder, times, log) -> None:
    cores = Cores(folder, cores=CORES.all)
    for _number in range(times):
        with cores.for_test(Computes()):
            log.put((time.monotonic(), 1, cores.held))
            time.sleep(0.02)
            log.put((time.monotonic(), -1, cores.held))


def beside(*arguments):
    process = get_context("fork").Process(target=compute, args=arguments, daemon=True)
    process.start()
    return process


def is_free(cores: Cores, core: int) -> bool:
    """Whether another process may have it."""
    reads, writes = os.pipe()
    if (pid := os.fork()) == 0:
        with suppress(BlockingIOError), (cores.folder / str(core)).open("ab") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.write(writes, b"free")
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(writes)
    with os.fdopen(reads) as said:
        return said.read() == "free"


def test_as_many_compute_at_once_as_there_are_cores_and_all_get_on(tmp_path):
    log = get_context("fork").Queue()
    many = len(CORES.all) + 2
    processes = [beside(tmp_path / "cores", 5, log) for _number in range(many)]
    found = sorted(log.get(timeout=30) for _number in range(many * 5 * 2))
    for process in processes:
        process.join(30)
    for core in CORES.all:
        held = [change for _when, change, which in found if which == core]
        assert held == [1, -1] * (len(held) // 2)
        assert held


def test_whoever_dies_leaves_the_core_to_the_next(tmp_path):
    for _core in CORES.all:
        log = get_context("fork").Queue()
        process = beside(tmp_path / "cores", 1000, log)
        log.get(timeout=30)
        os.kill(process.pid, signal.SIGKILL)
        process.join(30)
    log = get_context("fork").Queue()
    beside(tmp_path / "cores", 1, log).join(30)
    assert log.get(timeout=30)


@pytest.mark.django_db
def test_a_test_and_its_postgresql_are_on_the_core_that_it_holds():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    more = connections.create_connection("default")
    try:
        more.ensure_connection()
        here = [0, *(one.connection.info.backend_pid for one in (connection, more))]
        assert [os.sched_getaffinity(pid) for pid in here] == [{CORES.held}] * 3
        assert not is_free(CORES, CORES.held)
    finally:
        more.close()


@pytest.mark.django_db
def test_whoever_waits_for_another_process_leaves_the_core(tmp_path):
    cores, more = Cores(tmp_path / "cores", cores=CORES.all), connections.create_connection("default")
    try:
        with cores.for_test(Computes()):
            more.ensure_connection()
            held = cores.held
            assert not is_free(cores, held)
            with cores.aside():
                assert is_free(cores, held)
                assert os.sched_getaffinity(0) == set(CORES.all)
            here = [0, more.connection.info.backend_pid]
            assert [os.sched_getaffinity(pid) for pid in here] == [{cores.held}] * 2
            assert not is_free(cores, cores.held)
    finally:
        more.close()
        os.sched_setaffinity(0, CORES.here)
        for file in cores.files.values():
            file.close()


@pytest.mark.django_db(transaction=True)
def test_where_others_see_what_is_done_all_cores_are_used():
    connection.ensure_connection()
    here = [0, connection.connection.info.backend_pid]
    assert [os.sched_getaffinity(pid) for pid in here] == [set(CORES.all)] * 2
    assert not is_free(CORES, CORES.held)


@pytest.mark.live
def test_what_waits_holds_none():
    assert CORES.held is None
    assert os.sched_getaffinity(0) == set(CORES.all)


@pytest.mark.xdist_group("of-one-mind")
def test_a_group_is_told_to_whoever_distributes(request):
    """Where it is not, tests that share something costly each make their own, and those that wait do so all at once."""
    if getattr(request.config.option, "loadgroup", False):  # of a process of several
        assert request.node.nodeid.endswith("@of-one-mind")
