"""Threads for reads that requests wait for: short ones, which come by the thousand.

The way to one of them and back takes a fifth of the processor time that anyio's takes, which can be
cancelled. A few threads do it: more hinder each other at the interpreter's lock, and each has the
store open another connection. Where long reads hold all of them up, more join in.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop, Future, get_running_loop
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from functools import cache
from queue import Empty, SimpleQueue
from threading import Semaphore, Thread
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
FEW = 3  # threads of one process that are always there
THREADS = 24  # that there are at most: as many reads wait for the store at once
PATIENCE = 0.01  # seconds that the few begin no read until another thread joins in


class _Work(NamedTuple):
    loop: AbstractEventLoop
    answer: Future[Any]
    context: Context
    read: Callable[[], Any]


def run(read: Callable[[], T]) -> Future[T]:
    """Begin a read in another thread; its result, or the error that it raised, is waited for."""
    loop = get_running_loop()
    answer: Future[T] = loop.create_future()
    _threads().put(_Work(loop, answer, copy_context(), read))
    return answer


class _Threads:
    """Those of one process."""

    def __init__(self) -> None:
        self.waiting: SimpleQueue[_Work] = SimpleQueue()
        self.room = Semaphore(THREADS - FEW)  # for helpers
        self._begun = self._seen = 0  # reads of the few; how many when it was looked last
        self._looking: AbstractEventLoop | None = None  # the loop in which a look is to come
        for number in range(FEW):
            self._start(self._serve, f"aside {number}")

    def put(self, work: _Work) -> None:
        """Have a read done."""
        self.waiting.put(work)
        if self._looking is not work.loop:
            self._look_later(work.loop)

    def _look_later(self, loop: AbstractEventLoop) -> None:
        self._seen, self._looking = self._begun, loop
        loop.call_later(PATIENCE, self._look, loop)

    def _look(self, loop: AbstractEventLoop) -> None:
        """Send a helper where reads wait and none of the few has begun one since the last look."""
        if self.waiting.empty():
            self._looking = None
            return
        if self._begun == self._seen and self.room.acquire(blocking=False):
            self._start(self._help, "aside helper")
        self._look_later(loop)

    def _start(self, target: Callable[[], None], name: str) -> None:
        Thread(target=target, name=name, daemon=True).start()

    def _serve(self) -> None:
        while True:
            work = self.waiting.get()
            self._begun += 1
            _do(work)

    def _help(self) -> None:
        """Do what waits until one of the few is free again."""
        begun = self._begun
        with suppress(Empty):
            while self._begun == begun:
                _do(self.waiting.get_nowait())
        self.room.release()


@cache
def _threads() -> _Threads:
    """Start the threads; when they are first needed, so that they are those of this process."""
    return _Threads()


def _do(work: _Work) -> None:
    result: Any = None
    trouble: BaseException | None = None
    try:
        result = work.context.run(work.read)
    except StopIteration as error:  # which no future takes: whoever waits would wait for ever
        trouble = RuntimeError(f"A read ended in {error!r}")
    except BaseException as error:  # whoever waits is told
        trouble = error
    with suppress(RuntimeError):  # the loop is closed, and nobody waits
        work.loop.call_soon_threadsafe(_tell, work.answer, result, trouble)


def _tell(answer: Future[Any], result: Any, trouble: BaseException | None) -> None:
    if answer.done():  # nobody waits any more
        return
    if trouble is None:
        answer.set_result(result)
    else:
        answer.set_exception(trouble)
