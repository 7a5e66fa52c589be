"""Finding rows by name: accents and case do not matter, đ is d."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, case, select

from geo.audience import Audience, bit
from geo.errors import BadInputError
from geo.layers import LAYERS
from geo.names import fold
from geo.tables import search_index

MAX_WORDS = 6
_SHOWN = ("layer", "id", "title_vi", "title_en", "subtitle_vi", "subtitle_en", "bbox")


def _check(layers: Sequence[str]) -> None:
    for name in layers:
        if name not in LAYERS:
            raise BadInputError(
                f"There is no layer {name!r}",
                parameter="layers",
                value=name,
                allowed=list(LAYERS),
            )


def search(
    conn: Connection,
    words: str,
    *,
    audience: Audience,
    limit: int,
    layers: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """Return what matches every word of the text, best first.

    A match of the whole title comes before one at its start, that before one inside.

    Raises:
        BadInputError: there is no layer of one of the names.
    """
    _check(layers or ())
    folded = fold(words)
    parts = folded.split()[:MAX_WORDS]
    if not parts:
        return []
    c = search_index.c
    where = [c.audiences.op("&")(bit(audience)) != 0]
    where += [c.folded.contains(part, autoescape=True) for part in parts]
    if layers:
        where.append(c.layer.in_(layers))
    rank = case(
        (c.folded.startswith(f"{folded} ·", autoescape=True), 4.0),
        (c.folded.contains(f"· {folded} ·", autoescape=True), 3.0),
        (c.folded.startswith(folded, autoescape=True), 2.0),
        (c.folded.contains(f" {folded}", autoescape=True), 1.0),
        else_=0.0,
    )
    columns = [c[name] for name in _SHOWN]
    query = select(*columns).where(*where).order_by((rank * 4 + c.weight).desc(), c.id)
    return [dict(row._mapping) for row in conn.execute(query.limit(limit))]
