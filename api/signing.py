"""Signing the history by itself: a thread looks whether enough has changed since it last did."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from api.settings import Settings
from geo.errors import GeoError
from geo.history import checkpoints, keys
from office.ticking import every

log = logging.getLogger(__name__)

LOOK_S = 1.0  # seconds between looks


@contextmanager
def signing(engine: Engine, settings: Settings) -> Iterator[None]:
    """Sign every so many changes while the server runs, if the settings name key and files.

    Raises:
        KeyFileError: the key cannot be read; the server does not start.
    """
    if settings.audit_key is None or not settings.audit_to:
        yield
        return
    key = keys.private(settings.audit_key)
    files = [Path(name) for name in settings.audit_to]

    looked_at = -1  # the last entry of the history at the last look

    def sign() -> None:
        nonlocal looked_at
        try:
            with engine.connect() as conn:
                last = checkpoints.last_number(conn)
                if last != looked_at:
                    checkpoints.sign(conn, key, files, every=settings.audit_every)
            looked_at = last
        except GeoError as error:
            log.critical("the history was not signed: %s", error.detail)

    with every(LOOK_S, sign, name="signing"):
        yield
