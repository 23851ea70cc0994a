"""Calls within a call that has room find the memory of their frames there, however deep they begin."""

import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ecosystem.room import with_room


def faults(*, depth: int, call: Callable[[], None]) -> int:
    """Of page faults while it is called 200 times, from so deep."""
    if depth:
        return faults(depth=depth - 1, call=call)
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _time in range(200):
        call()
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def inner(*, depth: int = 8) -> None:
    if depth:
        inner(depth=depth - 1)


def test_no_depth_costs_a_page_fault_for_each_call():
    """Control: without, some depths do, where the calls go across the end of a chunk. In a thread, which has a stack of its own:
    the tests themselves have room."""
    with ThreadPoolExecutor(1) as thread:
        plain, roomy = (
            [thread.submit(start, depth=depth, call=inner).result() for depth in range(0, 120, 2)]
            for start in (faults, with_room(faults))
        )
    assert max(plain) >= 200
    assert max(roomy) < 100


def test_it_is_the_same_call():
    def add(one: int, *, other: int) -> int:
        """Two of them."""
        return one + other

    assert with_room(add)(1, other=2) == 3
    assert (with_room(add).__name__, with_room(add).__doc__) == ("add", "Two of them.")
