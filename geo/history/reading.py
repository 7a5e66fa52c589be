"""Reading the history: what a reader may see of each change, and nothing that he may not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from geo.errors import NotFoundError
from geo.history.difference import Difference, differences
from geo.history.imports import of_import
from geo.history.lens import Lens
from geo.history.states import number_at, row_of
from geo.layers import LAYERS
from geo.schema import Layer
from geo.tables import history
from geo.types import Row

SCANNED = 2_000  # entries that one page looks at, at most


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries are wanted; times are ISO 8601 in UTC, `until` is exclusive."""

    layer: Layer | None = None
    feature_id: str | None = None
    actor: str | None = None
    since: str | None = None
    until: str | None = None
    before: int | None = None  # only entries with a smaller number
    of_import: str | None = None  # id of the import that made them

    def takes(self, entry: Entry) -> bool:
        """Say whether an entry is wanted, by what of it its reader is shown."""
        imported = f"import {self.of_import}: "
        return self.actor in (None, entry.actor) and (
            self.of_import is None or (entry.reason or "").startswith(imported)
        )


class Entry(NamedTuple):
    """One change as a reader sees it, GeoJSON properties and times in UTC.

    `actor`, `reason` and `hash` are None where part of the change is hidden from him, so that
    they tell nothing about it.
    """

    seq: int
    at: str
    layer: str
    id: str
    revision: int
    action: str
    actor: str | None
    reason: str | None
    hash: str | None
    changes: list[Difference]
    before: Row | None
    after: Row | None

    @property
    def whole(self) -> bool:
        """Whether the reader sees all of the change."""
        return self.hash is not None


class Page(NamedTuple):
    """Entries, the latest first, and the number to go on before, None at the beginning."""

    entries: list[Entry]
    next_before: int | None


def page(conn: Connection, asked: Asked, lens: Lens, *, limit: int) -> Page:
    """Return the latest entries that match and that the reader sees, at most `limit`.

    A page may hold fewer, even none, and still have others before it.
    """
    found: list[Entry] = []
    scanned, last = 0, None
    query = _query(conn, asked)
    if asked.layer is not None and asked.feature_id is not None:
        query = query.where(lens.lets_ask(asked.layer))
    for raw in conn.execute(query.limit(SCANNED)).mappings():
        scanned, last = scanned + 1, int(raw["seq"])
        entry = seen(dict(raw), lens)
        if entry is not None and asked.takes(entry):
            if len(found) == limit:
                return Page(found, found[-1].seq)
            found.append(entry)
    return Page(found, last if scanned == SCANNED else None)


def one(conn: Connection, number: int, lens: Lens) -> Entry:
    """Return one entry.

    Raises:
        NotFoundError: there is none of this number that the reader sees.
    """
    raw = conn.execute(select(history).where(history.c.seq == number)).mappings().first()
    entry = None if raw is None else seen(dict(raw), lens)
    if entry is None:
        raise NotFoundError(f"There is no change {number}", parameter="seq", value=number)
    return entry


class Tally(NamedTuple):
    """How many changes of one kind somebody made to a layer, the first and the last of them."""

    actor: str
    layer: str
    action: str
    changes: int
    first: str
    last: str


def tally(conn: Connection, asked: Asked, *, most: int) -> list[Tally]:
    """Return who changed what and how often, by name; for those alone who see every row."""
    c = history.c
    groups = (c.actor, c.layer, c.action)
    query = select(*groups, func.count(), func.min(c.at), func.max(c.at)).where(
        *_limits(conn, asked)
    )
    found = conn.execute(query.group_by(*groups).order_by(*groups).limit(most))
    return [Tally(*row) for row in found]


def version(
    conn: Connection, layer: Layer, feature_id: str, revision: int, lens: Lens
) -> Row | None:
    """Return a row as a revision of it left it, None where that is not told to the reader."""
    c = history.c
    own = (c.layer == layer.name) & (c.feature_id == feature_id) & (c.revision == revision)
    row = row_of(layer, feature_id, conn.execute(select(c.after).where(own)).scalar())
    return None if row is None else lens(layer, row)


def _query(conn: Connection, asked: Asked) -> Select[Any]:
    c = history.c
    query = select(history).order_by(c.seq.desc())
    if asked.layer is not None:
        query = query.where(c.layer == asked.layer.name)
    if asked.feature_id is not None:
        query = query.where(c.feature_id == asked.feature_id)
    if asked.actor is not None:
        query = query.where(c.actor == asked.actor)
    if asked.of_import is not None:
        query = query.where(of_import(asked.of_import))
    for number in _limits(conn, asked):
        query = query.where(number)
    return query


def _limits(conn: Connection, asked: Asked) -> Iterator[Any]:
    """Turn times into numbers: entries are in order of time."""
    c = history.c
    if asked.before is not None:
        yield c.seq < asked.before
    if asked.since is not None:
        yield c.at >= asked.since
    if asked.until is not None:
        yield c.seq <= number_at(conn, asked.until)
        yield c.at < asked.until


def seen(raw: dict[str, Any], lens: Lens) -> Entry | None:
    """Return what a reader sees of an entry, None if nothing of it is for him."""
    layer = LAYERS.get(raw["layer"])
    if layer is None:  # of a layer that is no more
        return None
    states = [row_of(layer, raw["feature_id"], raw[side]) for side in ("before", "after")]
    before, after = (None if row is None else lens(layer, row) for row in states)
    changes = differences(layer, before, after)
    if not changes:
        return None
    whole = all(row is None or lens.whole(layer, row) for row in states)
    return Entry(
        seq=int(raw["seq"]),
        at=raw["at"],
        layer=layer.name,
        id=raw["feature_id"],
        revision=int(raw["revision"]),
        action="create" if before is None else "retire" if after is None else "edit",
        actor=raw["actor"] if whole else None,
        reason=raw["reason"] if whole else None,
        hash=bytes(raw["hash"]).hex() if whole else None,
        changes=changes,
        before=before,
        after=after,
    )
