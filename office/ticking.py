"""Doing a small thing over and over in a thread while a block runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread


@contextmanager
def every(seconds: float, act: Callable[[], None], *, name: str) -> Iterator[None]:
    """Call `act` every so many seconds until the block ends; `act` sees to its own errors."""
    ended = Event()

    def run() -> None:
        while not ended.wait(seconds):
            act()

    thread = Thread(target=run, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
