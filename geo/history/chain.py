"""The append-only history: every change, chained by SHA-256 over canonical JSON."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, func, select

from geo import store
from geo.geometry import geojson_geometry
from geo.tables import history
from geo.types import Row

log = logging.getLogger(__name__)

GENESIS = bytes(32)  # previous hash of the first entry
BATCH = 5_000  # entries held before they are written
AT_ONCE = 500  # identifiers of one statement
LINKS = ("previous_hash", "hash")


class Change(NamedTuple):
    """One change to one row; `before` is None for a new row, `after` for a removed one."""

    layer: str
    feature_id: str
    revision: int
    before: Row | None
    after: Row | None


def canonical(value: object) -> bytes:
    """Return the one JSON text of a value: sorted keys, no spaces, UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _state(row: Row | None) -> str | None:
    if row is None:
        return None
    shape = geojson_geometry(row.geometry, None)
    return canonical({"geometry": shape, "properties": row.properties}).decode()


def digest(previous: bytes, said: dict[str, Any]) -> bytes:
    """Return the hash of an entry: SHA-256 over the hash before it and what it says."""
    return hashlib.sha256(previous + canonical(said)).digest()


def last_revision(conn: Connection, layer: str, feature_id: str) -> int:
    """Return the number of a row's latest change, 0 if it never was; retired rows count on."""
    own = (history.c.layer == layer) & (history.c.feature_id == feature_id)
    return int(conn.execute(select(func.max(history.c.revision)).where(own)).scalar() or 0)


def last_revisions(conn: Connection, layer: str, ids: Collection[str]) -> dict[str, int]:
    """Return the number of the latest change of each of these rows that ever was."""
    wanted, found = sorted(ids), dict[str, int]()
    number = func.max(history.c.revision)
    for start in range(0, len(wanted), AT_ONCE):
        part = history.c.feature_id.in_(wanted[start : start + AT_ONCE])
        query = select(history.c.feature_id, number).where(history.c.layer == layer, part)
        found |= {key: int(last) for key, last in conn.execute(query.group_by("feature_id"))}
    return found


def append(conn: Connection, changes: Iterable[Change], *, actor: str, reason: str) -> None:
    """Add changes to the chain inside the caller's transaction.

    They are dated in UTC, to the millisecond, and never before the entry that they follow.
    """
    last = conn.execute(
        select(history.c.seq, history.c.hash, history.c.at).order_by(history.c.seq.desc()).limit(1)
    ).first()
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    number = seq
    at = _not_before(last.at if last else "")
    entries: list[tuple[Any, ...]] = []
    for number, change in enumerate(changes, seq + 1):
        said = _said(change, seq=number, at=at, actor=actor, reason=reason)
        own = digest(previous, said)
        entries.append((*said.values(), previous, own))
        previous = own
        if len(entries) == BATCH:
            store.put(conn, history, [*said, *LINKS], entries)
            entries.clear()
    if entries:
        store.put(conn, history, [*said, *LINKS], entries)
    if number > seq:
        conn.info[store.LAST] = number, previous


def now() -> datetime:
    """Return what this machine's clock says."""
    return datetime.now(UTC)


def _not_before(last: str) -> str:
    """Return the time of a new entry, never before that of the last: a clock may be set back."""
    at = now().isoformat(timespec="milliseconds")
    if at < last:
        log.warning("the clock says %s, the last change was dated %s: that date is kept", at, last)
    return max(at, last)


def _said(change: Change, *, seq: int, at: str, actor: str, reason: str) -> dict[str, Any]:
    action = "create" if change.before is None else "retire" if change.after is None else "edit"
    return {
        "seq": seq,
        "at": at,
        "actor": actor,
        "action": action,
        "layer": change.layer,
        "feature_id": change.feature_id,
        "revision": change.revision,
        "reason": reason,
        "before": _state(change.before),
        "after": _state(change.after),
    }
