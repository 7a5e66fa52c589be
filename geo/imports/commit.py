"""Writing what was previewed, all or nothing, and taking a whole import back."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import shapely
from sqlalchemy import Connection, select

from geo import change_many, references
from geo import history as chain
from geo.change import Edit
from geo.change_many import Progress, Wanted
from geo.errors import ConflictError
from geo.imports import preview as previews
from geo.imports.findings import FileError, Finding, Problem, Refusal, Said
from geo.imports.preview import Preview
from geo.layers import LAYERS
from geo.query import Filter
from geo.schema import Layer
from geo.tables import history
from geo.types import Row

MOST_SAID = 1_000  # findings that an error carries
_IMPORT = re.compile(r"n[0-9a-f]{24}")
_LAYER_ORDER = list(LAYERS)


@dataclass(frozen=True, slots=True)
class Done:
    """A finished import: its id, by which it can be taken back, and what it wrote by layer."""

    id: str
    written: dict[str, int]


class RowsError(ConflictError):
    """Rows forbid the whole; `findings` names each of them."""

    code = "bad_rows"

    def __init__(self, refusal: Refusal, findings: Sequence[Finding]) -> None:
        super().__init__(f"{refusal.en[:1].upper()}{refusal.en[1:]}: {len(findings)} rows")
        self.refusal, self.reason, self.findings = refusal, refusal, tuple(findings[:MOST_SAID])


def reason(key: str, document: str) -> str:
    """Return what the history says of an import."""
    return f"import {key}: {document}"


def commit(
    conn: Connection,
    made: Preview,
    edit: Edit,
    *,
    asked: Filter,
    progress: Progress = lambda _: None,
) -> Done:
    """Write a preview in the caller's transaction, under one import id.

    Raises:
        RowsError: rows have errors, or the register is no longer what it was.
    """
    if not made.is_sound:
        bad = [f for f in made.all_findings() if f.level == "error"]
        raise RowsError(Refusal.FINDINGS, bad)
    before = made.seen()
    plan, _ = previews.again(conn, made, asked)
    changed = [
        Finding(Problem.CHANGED_SINCE, row, None, None, key)
        for (row, key, *was), (_, _, *now) in zip(before, made.seen(), strict=True)
        if was != now
    ]
    if changed:
        raise RowsError(Refusal.CHANGED, changed)
    key = previews.new_id()
    said = " – ".join(dict.fromkeys(filter(None, (edit.reason, made.options.document, made.name))))
    edit = dataclasses.replace(edit, reason=reason(key, said))
    change_many.write(conn, plan.layers, edit, progress)
    return Done(key, {name: len(rows) for name, rows in plan.layers.items() if rows})


def undo(conn: Connection, key: str, edit: Edit, *, progress: Progress = lambda _: None) -> Done:
    """Take a whole import back by a new change; all of it or nothing.

    Raises:
        FileError: there is no such import.
        RowsError: rows have been changed since, or rows of others name what it made.
    """
    entries = _entries(conn, key)
    layers: dict[str, list[Wanted]] = {}
    findings: list[Finding] = []
    for name, rows in entries.items():
        layers[name] = _undone(conn, LAYERS[name], rows, findings)
    findings += _named(conn, layers)
    if findings:
        raise RowsError(Refusal.CHANGED, findings)
    new = previews.new_id()
    edit = dataclasses.replace(edit, reason=f"import {new}: undo of import {key}. {edit.reason}")
    change_many.write(conn, layers, edit, progress)
    return Done(new, {name: len(rows) for name, rows in layers.items()})


def layer_of(conn: Connection, key: str) -> Layer:
    """Return the layer that an import was mainly of.

    Raises:
        FileError: there is no such import.
    """
    return LAYERS[min(_entries(conn, key), key=_LAYER_ORDER.index)]


def _entries(conn: Connection, key: str) -> dict[str, list[Any]]:
    """Return the entries of an import in the history, by layer."""
    if not _IMPORT.fullmatch(key):
        raise FileError(Refusal.NO_IMPORT, value=key)
    c = history.c
    columns = (c.layer, c.feature_id, c.revision, c.before, c.after)
    mine = c.reason.like(f"import {key}: %")
    found: dict[str, list[Any]] = {}
    for entry in conn.execute(select(*columns).where(mine).order_by(c.seq)):
        found.setdefault(entry.layer, []).append(entry)
    if not found:
        raise FileError(Refusal.NO_IMPORT, value=key)
    return found


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
            findings.append(Finding(Problem.CHANGED_SINCE, None, None, None, name))
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
    shape = shapely.from_geojson(orjson.dumps(given)) if given else None
    return Row(key, before["properties"], shape)


def _named(conn: Connection, layers: dict[str, list[Wanted]]) -> list[Finding]:
    """Return the rows of others that name rows which would be gone."""
    gone = {
        name: {one.row.id for one in rows if one.after is None} for name, rows in layers.items()
    }
    found = []
    for name, ids in gone.items():
        for layer, key, named in references.naming(conn, LAYERS[name], ids):
            if key not in gone.get(layer, ()):
                said = Said(f"{layer} {key}", f"{layer} {key}")
                found.append(Finding(Problem.NAMED, None, None, None, f"{name} {named}", said))
    return found
