"""What answers come quicker by, made when a register is new: the first reader need not wait."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from geo import store
from geo.errors import StoreError
from geo.rolls import Rolls
from geo.store import Target
from geo.tiles import serve


def make(target: Target, *, folder: Path) -> None:
    """Make the files beside a register, those of a database in `folder`, as far as there is room.

    Raises:
        StoreError: there is no such register, or it cannot be read.
    """
    serve.prepare(target, folder=folder)
    engine = store.open_store(target)
    try:
        with suppress(StoreError):
            Rolls(target, folder).make_due(engine)
    finally:
        engine.dispose()
