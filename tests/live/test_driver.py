"""The driver that the tests of a process share: what is true of it between them and after one that fails."""

import asyncio

import pytest

from tests.live import driver

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("screens")]


async def answered() -> int:
    await asyncio.sleep(0)
    return 42


def test_it_serves_the_next_test_and_its_loop_stands_still_between_them():
    with driver.playwright() as first:
        asyncio.get_running_loop()
    assert asyncio.run(answered()) == 42
    with driver.playwright() as second:
        request = second.request.new_context()
        request.dispose()
    assert second is first
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()


def test_after_a_test_that_fails_the_next_has_another():
    used = []
    for _test in range(2):
        with pytest.raises(AssertionError, match="fails"), driver.playwright() as playwright:
            used.append(playwright)
            raise AssertionError("fails")
    first, second = used
    assert second is not first
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()
