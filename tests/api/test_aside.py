"""What threads do for those who wait in an event loop."""

import asyncio
from contextvars import ContextVar
from functools import partial
from threading import Event, current_thread

import pytest

from api import aside

ASKED: ContextVar[str] = ContextVar("asked")


def test_each_gets_its_own_result() -> None:
    async def several() -> list[int]:
        return await asyncio.gather(*[aside.run(partial(pow, n, 2)) for n in range(100)])

    assert asyncio.run(several()) == [n * n for n in range(100)]


def test_the_loop_goes_on_meanwhile() -> None:
    async def both() -> str:
        go_on = Event()
        waiting = aside.run(lambda: go_on.wait(60) and current_thread().name)
        go_on.set()
        return str(await waiting)

    assert asyncio.run(both()) != current_thread().name


def test_an_error_is_told() -> None:
    async def failing() -> None:
        await aside.run(lambda: int("none"))

    with pytest.raises(ValueError, match="none"):
        asyncio.run(failing())


def test_a_thread_knows_who_asked() -> None:
    async def asking(name: str) -> str:
        ASKED.set(name)
        return await aside.run(ASKED.get)

    async def several() -> list[str]:
        return await asyncio.gather(*[asking(str(n)) for n in range(50)])

    assert asyncio.run(several()) == [str(n) for n in range(50)]


def test_who_no_longer_waits_leaves_the_threads_for_others() -> None:
    async def leaving(go_on: Event) -> None:
        for _ in range(aside.THREADS):
            aside.run(lambda: go_on.wait(60)).cancel()

    async def coming() -> int:
        return await aside.run(lambda: 7)

    go_on = Event()
    asyncio.run(leaving(go_on))  # the loop is closed before they end
    go_on.set()
    assert asyncio.run(coming()) == 7


def test_no_error_is_kept_from_who_waits() -> None:
    async def failing() -> None:
        await asyncio.wait_for(aside.run(lambda: next(iter(()))), 60)

    with pytest.raises(RuntimeError, match="StopIteration"):
        asyncio.run(failing())


@pytest.mark.parametrize("long", [aside.FEW, 2 * aside.FEW])
def test_a_short_read_need_not_wait_for_long_ones(long: int) -> None:
    async def both() -> int:
        go_on = Event()
        held = [aside.run(lambda: go_on.wait(60)) for _ in range(long)]
        found = await asyncio.wait_for(aside.run(lambda: 7), 60)
        assert not any(one.done() for one in held)
        go_on.set()
        assert all(await asyncio.gather(*held))
        return found

    assert asyncio.run(both()) == 7


def test_no_more_threads_read_than_there_may_be() -> None:
    async def crowd() -> int:
        go_on, busy = Event(), list[str]()

        def read() -> None:
            busy.append(current_thread().name)
            go_on.wait(60)

        waiting = [aside.run(read) for _ in range(aside.THREADS + 5)]
        while len(busy) < aside.THREADS:
            await asyncio.sleep(0.01)
        await asyncio.sleep(5 * aside.PATIENCE)
        most = len(busy)
        go_on.set()
        await asyncio.gather(*waiting)
        return most

    assert asyncio.run(crowd()) == aside.THREADS


def test_who_waits_gets_help_though_the_loop_of_those_ahead_is_closed() -> None:
    async def leaving(go_on: Event) -> None:
        for _ in range(aside.FEW):
            aside.run(lambda: go_on.wait(60))

    async def coming() -> int:
        return await asyncio.wait_for(aside.run(lambda: 7), 30)

    go_on = Event()
    asyncio.run(leaving(go_on))
    try:
        assert asyncio.run(coming()) == 7
    finally:
        go_on.set()
