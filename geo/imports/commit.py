"""Writing what was previewed, all or nothing."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, select

from geo import change_many, scope
from geo.change import Edit
from geo.change_many import Progress
from geo.history.imports import of_import
from geo.imports import matching
from geo.imports import preview as previews
from geo.imports.findings import Finding, Problem, Refusal, RowsError
from geo.imports.preview import Maker, Preview
from geo.imports.records import Action, Record, new_id
from geo.imports.rights import May
from geo.layers import LAYERS
from geo.query import Filter
from geo.tables import history


@dataclass(frozen=True, slots=True)
class Done:
    """A finished import: its id, by which it can be taken back, and what it wrote by layer."""

    id: str
    written: dict[str, int]


def reason(key: str, document: str) -> str:
    """Return what the history says of an import."""
    return f"import {key}: {document}"


def commit(
    conn: Connection,
    made: Preview,
    edit: Edit,
    *,
    asked: Filter,
    may: May | None = None,
    key: str | None = None,
    progress: Progress = lambda _: None,
) -> Done:
    """Write a preview in the caller's transaction, under one import id: `key`, or a new one.

    A key whose import was written already writes nothing more, so that a try may follow another
    of which nobody knows how it ended.

    Raises:
        RowsError: rows have errors, or the register is no longer what it was.
    """
    done = None if key is None else written(conn, key)
    if done is not None:
        return done
    if not made.is_sound:
        raise RowsError(Refusal.FINDINGS, [f for f in made.all_findings() if f.level != "warning"])
    key = key or new_id()
    said = " – ".join(dict.fromkeys(filter(None, (edit.reason, made.options.document, made.name))))
    edit = dataclasses.replace(edit, reason=reason(key, said))
    layer = made.options.of
    ground = Maker(conn, asked, may, previews.silent).ground(layer, final=True)
    came = matching.came(made.records, layer, ground.known)
    changed = [finding for record in came for finding in since(record)]
    _make_way(conn, made, asked)
    counts: Counter[str] = Counter()
    seen = {record.row: (record.action, record.base) for record in made.records}
    for records, plan in previews.again(made, ground):
        for record in records:
            if (record.action, record.base) != seen[record.row] or record.errors:
                changed += since(record)
        if not changed:
            change_many.write(conn, plan.layers, edit, progress)
            counts.update({name: len(rows) for name, rows in plan.layers.items()})
    if changed:
        raise RowsError(Refusal.CHANGED, changed)
    return Done(key, dict(counts))


def since(record: Record) -> list[Finding]:
    """Return why a row cannot be written any more as it was shown."""
    found = Finding(Problem.CHANGED_SINCE, record.row, value=record.id)
    return record.errors or [found]


def _make_way(conn: Connection, made: Preview, asked: Filter) -> None:
    """Give new rows another identifier where a row that their importer does not see has theirs.

    One that the file itself names is his to change; it is refused as it is of a single row.
    """
    layer = made.options.of
    new = {r.id or "": r for r in made.records if r.action is Action.CREATE and not r.named}
    for key, rows in change_many.versions(conn, layer, new.keys()).items():
        if not any(scope.sees(conn, layer, row, asked.sight) for row in rows):
            new[key].id = new_id()


def written(conn: Connection, key: str) -> Done | None:
    """Return what an import has written, None if there is no such import."""
    mine = select(history.c.layer).where(of_import(key))
    counts = Counter(conn.execute(mine).scalars())
    return Done(key, {name: counts[name] for name in LAYERS if counts[name]}) if counts else None
