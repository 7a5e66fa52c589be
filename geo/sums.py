"""How many rows are alike, kept up to date with the views, so that nothing is counted to tell it.

A table of sums holds a row for each combination of values that the latest rows of a layer have,
with the mask of who sees them: as many as there are kinds of rows, however many rows there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    Connection,
    Select,
    TextClause,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    text,
)

from geo.schema import Layer
from geo.tables import LATEST, SUMS, VIEWS


@cache
def names(layer: Layer) -> list[str]:
    """Return the columns of a view whose values tell rows apart; none where no sums are kept."""
    table = SUMS.get(layer.name)
    return [] if table is None else table.c.keys()[1:-1]


def added(conn: Connection, layer: Layer, columns: Sequence[str], rows: Iterable[Any]) -> None:
    """Count new rows of a view, whose values stand in the order of `columns`."""
    if names(layer):
        places, following = [columns.index(name) for name in names(layer)], columns.index("t_next")
        _change(
            conn,
            layer,
            Counter(_key(row[n] for n in places) for row in rows if row[following] == LATEST),
        )


def removed(conn: Connection, layer: Layer, ids: Collection[str]) -> None:
    """Leave out the rows of a view with these ids, which are still there."""
    if names(layer):
        view = VIEWS[layer.name]
        held = select(*(view.c[name] for name in names(layer)))
        rows = conn.execute(held.where(view.c.id.in_(ids), view.c.t_next == LATEST))
        gone = Counter(map(_key, rows))
        _change(conn, layer, {key: -number for key, number in gone.items()})
        if gone:
            table = SUMS[layer.name]
            none = delete(table).where(table.c.key == bindparam("gone"), table.c.alike == 0)
            conn.execute(none, [{"gone": key} for key in gone])


def _key(values: Iterable[Any]) -> str:
    return orjson.dumps(list(values)).decode()


def _change(conn: Connection, layer: Layer, numbers: dict[str, int]) -> None:
    """Add numbers to the sums of these keys."""
    columns = names(layer)
    given = [
        {**dict(zip(columns, orjson.loads(key), strict=True)), "key": key, "alike": number}
        for key, number in numbers.items()
    ]
    if given:
        conn.execute(_more(layer), given)


@cache
def _more(layer: Layer) -> TextClause:
    table = SUMS[layer.name]
    columns = ", ".join(f'"{column.name}"' for column in table.c)
    marks = ", ".join(f":{column.name}" for column in table.c)
    sql = (
        f"INSERT INTO {table.name} ({columns}) VALUES ({marks}) ON CONFLICT (key)"  # noqa: S608
        f" DO UPDATE SET alike = {table.name}.alike + excluded.alike"
    )
    return text(sql).bindparams(*(bindparam(c.name, type_=c.type) for c in table.c))


def _counted(conn: Connection, layer: Layer) -> Iterator[tuple[str, int]]:
    found = conn.execute(_alike(layer)).all()
    for *values, number in found:
        yield _key(values), int(number)


@cache
def _alike(layer: Layer) -> Select[Any]:
    view = VIEWS[layer.name]
    columns = [view.c[name] for name in names(layer)]
    latest = view.c.t_next == literal_column(f"'{LATEST}'")
    return select(*columns, func.count()).where(latest).group_by(*columns)


def problems(conn: Connection, layer: Layer) -> Iterator[str]:
    """Yield each sum that is not the number of rows that are so."""
    if names(layer):
        table = SUMS[layer.name]
        columns = [table.c[name] for name in names(layer)]
        rows = conn.execute(select(table.c.key, table.c.alike, *columns))
        held = {key: alike if key == _key(values) else None for key, alike, *values in rows}
        for key, number in _counted(conn, layer):
            if held.pop(key, 0) != number:
                yield f"{table.name} {key}: there are {number} rows"
        for key in held:
            yield f"{table.name} {key}: there is no such row"
