"""What the register knows of its files: what each is, who brought it, which rows may show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    func,
    insert,
    or_,
    select,
    type_coerce,
)

from geo import query, scope
from geo.audience import EVERYTHING, Sight, bit
from geo.errors import NotFoundError
from geo.evidence.content import Content
from geo.layers import LAYERS
from geo.refusal import FeatureError, Reason
from geo.schema import FILES, Layer
from geo.tables import RECORDS, VIEWS, evidence
from geo.tables import history as entries
from geo.types import Row
from geo.vocabulary import Classification

MOST = 50  # files of one row
NAME = FILES.name


@dataclass(frozen=True, slots=True)
class File:
    """A file as one who brought it told it; sides in pixels."""

    sha256: str
    actor: str
    at: str
    name: str
    bytes: int
    media_type: str
    width: int | None
    height: int | None
    taken: str | None


def add(
    conn: Connection, sha256: str, content: Content, *, size: int, name: str, actor: str
) -> File:
    """Note that somebody brought a file; that he did so before is left as it is."""
    held = _of(conn, (evidence.c.sha256 == sha256) & (evidence.c.actor == actor))
    if held is None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        values: dict[str, Any] = {
            "sha256": sha256, "actor": actor, "at": at, "name": name, "bytes": size,
            "media_type": content.media_type, "width": content.width, "height": content.height,
            "taken": content.taken,
        }  # fmt: skip
        conn.execute(insert(evidence).values(**values))
        held = File(**values)
    return held


def brought(conn: Connection, sha256: str, actor: str) -> File:
    """Return a file that somebody brought himself.

    Raises:
        NotFoundError: he did not.
    """
    held = _of(conn, (evidence.c.sha256 == sha256) & (evidence.c.actor == actor))
    if held is None:
        raise _missing(sha256)
    return held


def shown(
    conn: Connection, layer: Layer, feature_id: str, sha256: str, sight: Sight
) -> tuple[File, bool]:
    """Return a file that a row names, and whether the reader may have its original bytes.

    Raises:
        NotFoundError: the reader sees no such row, or it names no such file.
    """
    held = _of(conn, evidence.c.sha256 == sha256)
    read_as = [mask for mask, files in _seen(conn, layer, feature_id, sight) if sha256 in files]
    if held is None or not read_as:
        raise _missing(sha256)
    return held, bit(Classification.RESTRICTED) in read_as


def listed(
    conn: Connection, layer: Layer, feature_id: str, sight: Sight
) -> list[tuple[File, bool]]:
    """Return the files that a row names, each with whether the reader may have its original.

    Raises:
        NotFoundError: the reader sees no such row, or its layer has no files.
    """
    seen = _seen(conn, layer, feature_id, sight)
    if not seen:
        raise NotFoundError(f"There is no {layer.name} {feature_id!r} with files", parameter="row")
    closest = {one: False for _, files in seen for one in files}
    restricted = bit(Classification.RESTRICTED)
    closest |= {one: True for mask, files in seen if mask == restricted for one in files}
    found = ((_of(conn, evidence.c.sha256 == one), original) for one, original in closest.items())
    return [(held, original) for held, original in found if held]


def _seen(
    conn: Connection, layer: Layer, feature_id: str, sight: Sight
) -> list[tuple[int, Sequence[str]]]:
    """Return the files that a reader sees a row name, with the bit of the audience he reads as.

    One statement, the same for a row that is hidden and for one that is not there.
    """
    view: Any = VIEWS[layer.name]
    if FILES not in layer.fields:
        return []
    own = (view.c.id == feature_id) & query.visible(layer, sight)
    seen = conn.execute(
        select(type_coerce(scope.mask(layer, sight), Integer), view.c[NAME]).where(own)
    )
    return [(mask, files or ()) for mask, files in seen]


def check(
    conn: Connection, layer: Layer, before: Row | None, row: Row, *, actor: str | None, sight: Sight
) -> None:
    """Check the files that a row is to name: those that it did not name were brought by its writer.

    So nobody can have a file shown to him by naming what he only knows the hash of. An `actor`
    who is not known has brought none.

    Raises:
        FeatureError: it names what is no file, too many, or one that somebody else brought.
    """
    named: Sequence[str] = row.properties.get(NAME) or ()
    if len(named) > MOST:
        raise FeatureError(Reason.TOO_LARGE, NAME, value=len(named))
    known = set(before.properties.get(NAME) or ()) if before else set[str]()
    for sha256 in dict.fromkeys(named):
        if sha256 not in known and not _may_name(conn, layer, row.id, sha256, actor, sight):
            raise FeatureError(Reason.REFERENCE, NAME, value=sha256[:100])


def _may_name(
    conn: Connection, layer: Layer, key: str, sha256: str, actor: str | None, sight: Sight
) -> bool:
    """An undo may name again what the row named once."""
    is_it = evidence.c.sha256 == sha256
    if sight != EVERYTHING:
        is_it &= or_(evidence.c.actor == actor, _named_once(layer, key, sha256))
    return _of(conn, is_it) is not None


def _named_once(layer: Layer, key: str, sha256: str) -> ColumnElement[bool]:
    own = (entries.c.layer == layer.name) & (entries.c.feature_id == key)
    return select(entries.c.seq).where(own, entries.c.after.like(f'%"{sha256}"%')).exists()


def every(conn: Connection) -> Iterator[File]:
    """Yield each file once."""
    first = select(evidence.c.sha256, func.min(evidence.c.actor).label("actor"))
    first_of = first.group_by(evidence.c.sha256).subquery()
    is_it = (evidence.c.sha256 == first_of.c.sha256) & (evidence.c.actor == first_of.c.actor)
    for row in conn.execute(select(evidence).join(first_of, is_it)).mappings():
        yield File(**row)


def named(conn: Connection) -> Iterator[tuple[str, str, str]]:
    """Yield layer, id and file of everything that rows name."""
    for layer in LAYERS.values():
        if FILES in layer.fields:
            table: Any = RECORDS[layer.name]
            rows = select(table.c.id, table.c[NAME]).where(table.c[NAME].is_not(None))
            for key, files in conn.execute(rows):
                yield from ((layer.name, key, sha256) for sha256 in files)


def _of(conn: Connection, is_it: ColumnElement[bool]) -> File | None:
    rows = conn.execute(select(evidence).where(is_it).order_by(evidence.c.at).limit(1))
    found = rows.mappings().first()
    return None if found is None else File(**found)


def _missing(sha256: str) -> NotFoundError:
    return NotFoundError(f"There is no file {sha256!r}", parameter="sha256", value=sha256)
