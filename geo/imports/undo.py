"""Taking a whole import back by a new change: all of it or nothing."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from geo import audience, change_many, references, scope
from geo import history as chain
from geo.audience import Sight
from geo.change import Edit
from geo.change_many import Progress, Wanted
from geo.geometry import from_geojson
from geo.guarding import shut_of, undoes
from geo.history.imports import of_import
from geo.history.states import row_of
from geo.imports.commit import Done
from geo.imports.findings import NOTHING, FileError, Finding, Problem, Refusal, RowsError, Said
from geo.imports.records import new_id
from geo.imports.rights import May
from geo.layers import LAYERS
from geo.schema import Layer
from geo.tables import history
from geo.types import Row

_IMPORT = re.compile(r"n[0-9a-f]{24}")


def undo(
    conn: Connection,
    key: str,
    edit: Edit,
    *,
    may: May | None = None,
    new: str | None = None,
    progress: Progress = lambda _: None,
) -> Done:
    """Take a whole import back by a new change; all of it or nothing.

    `may` says which rows are the writer's to undo, None means all, seen or not; `new` is the id
    that the change shall have, by which it can be taken back too.

    Raises:
        FileError: there is no such import, or its writer does not see all that it wrote.
        RowsError: rows have been changed since, or rows of others name what it made, or some are
            not the writer's to undo.
    """
    entries = _entries(conn, key)
    layers: dict[str, list[Wanted]] = {}
    findings: list[Finding] = []
    for name, rows in entries.items():
        if may and not all(_sees(conn, LAYERS[name], entry, edit.sight) for entry in rows):
            raise FileError(Refusal.NO_IMPORT, value=key)
        layers[name] = _undone(conn, LAYERS[name], rows, findings)
    own = all(entry.actor == edit.actor for rows in entries.values() for entry in rows)
    _refuse(Refusal.NOT_ALLOWED, _not_his(conn, layers, edit.sight, may, own=own))
    _refuse(Refusal.CHANGED, [*findings, *_named(conn, layers, edit.sight)])
    new = new or new_id()
    edit = dataclasses.replace(edit, reason=f"import {new}: undo of import {key}. {edit.reason}")
    change_many.write(conn, layers, edit, progress)
    return Done(new, {name: len(rows) for name, rows in layers.items()})


def _refuse(refusal: Refusal, findings: Sequence[Finding]) -> None:
    if findings:
        raise RowsError(refusal, findings)


def _entries(conn: Connection, key: str) -> dict[str, list[Any]]:
    """Return the entries of an import in the history, by layer.

    Anybody may give a change of his the same reason afterwards: the first names who imported.
    """
    c = history.c
    columns = (c.actor, c.layer, c.feature_id, c.revision, c.before, c.after)
    entries = conn.execute(select(*columns).where(_of(key)).order_by(c.seq)).all()
    if not entries:
        raise FileError(Refusal.NO_IMPORT, value=key)
    found: dict[str, list[Any]] = {}
    for entry in entries:
        if entry.actor == entries[0].actor:
            found.setdefault(entry.layer, []).append(entry)
    return found


def count(conn: Connection, key: str) -> int:
    """Return how many rows an import wrote.

    Raises:
        FileError: there is no such import.
    """
    return int(conn.execute(select(func.count()).where(_of(key))).scalar_one())


def _of(key: str) -> Any:
    if not _IMPORT.fullmatch(key):
        raise FileError(Refusal.NO_IMPORT, value=key)
    return of_import(key)


def _sees(conn: Connection, layer: Layer, entry: Any, sight: Sight) -> bool:
    """Say whether a writer sees all of a change, as of one that he undoes alone."""
    if sight == audience.EVERYTHING:
        return True
    states = (row_of(layer, entry.feature_id, text) for text in (entry.before, entry.after))
    for row in states:
        if row is not None:
            reads_as = scope.reads_as(conn, layer, row, sight)
            if audience.hides(layer, reads_as) or not scope.sees(conn, layer, row, sight):
                return False
    return True


def _undone(
    conn: Connection, layer: Layer, entries: Sequence[Any], findings: list[Finding]
) -> list[Wanted]:
    ids = {entry.feature_id for entry in entries}
    last = chain.last_revisions(conn, layer.name, ids)
    held = change_many.versions(conn, layer, ids)
    wanted: list[Wanted] = []
    for entry in entries:
        after = orjson.loads(entry.after) if entry.after else None
        before = orjson.loads(entry.before) if entry.before else None
        now = _version(held.get(entry.feature_id, ()), after)
        if last[entry.feature_id] != entry.revision or (now is None) != (after is None):
            name = f"{layer.name} {entry.feature_id}"
            findings.append(Finding(Problem.CHANGED_SINCE, None, value=name))
        else:
            wanted.append(Wanted(now, _restored(entry.feature_id, before, after, now)))
    return wanted


def _version(versions: Sequence[Row], state: Any) -> Row | None:
    if state is None:
        return None
    start = state["properties"]["valid_from"]
    return next((row for row in versions if row.properties["valid_from"] == start), None)


def _restored(key: str, before: Any, after: Any, now: Row | None) -> Row | None:
    """Return a row as the history has it; a geometry that did not change stays as exact as it is.

    Old entries of the history keep geometry as it was shown, to a centimetre.
    """
    if before is None:
        return None
    same = after is not None and before["geometry"] == after["geometry"]
    if same and now is not None:
        return Row(key, before["properties"], now.geometry)
    given = before["geometry"]
    shape = from_geojson(given) if given else None
    return Row(key, before["properties"], shape)


def _not_his(
    conn: Connection, layers: dict[str, list[Wanted]], sight: Sight, may: May | None, *, own: bool
) -> list[Finding]:
    """Return the rows that somebody may not undo; `own` says that the import was his."""
    found: list[Finding] = []
    for name, wanted in layers.items():
        layer = LAYERS[name]
        shut = shut_of(conn, layer, wanted, sight) if may else frozenset()
        for before, after in wanted if may else ():
            rows = [row for row in (before, after) if row is not None]
            touches = undoes(layer, before, after, shut, own=own)
            why = may(conn, layer, "undo", rows, touches) if may else None
            if why is not None:
                value = f"{name} {rows[0].id}"
                found.append(Finding(Problem.NOT_ALLOWED, None, value=value, reason=why))
    return found


def _named(conn: Connection, layers: dict[str, list[Wanted]], sight: Sight) -> list[Finding]:
    """Return the rows of others that name rows which would be gone.

    Those that the writer does not see have no name for him.
    """
    gone = {
        name: {one.row.id for one in rows if one.after is None} for name, rows in layers.items()
    }
    found: dict[Finding, None] = {}
    for name, ids in gone.items():
        for layer, key, named in references.naming(conn, LAYERS[name], ids):
            if key not in gone.get(layer, ()):
                seen = _is_seen(conn, LAYERS[layer], key, sight)
                said = Said.same(f"{layer} {key}") if seen else NOTHING
                found[Finding(Problem.NAMED, None, value=f"{name} {named}", said=said)] = None
    return list(found)


def _is_seen(conn: Connection, layer: Layer, key: str, sight: Sight) -> bool:
    versions = change_many.versions(conn, layer, [key]).get(key, ())
    return any(scope.sees(conn, layer, row, sight) for row in versions)
