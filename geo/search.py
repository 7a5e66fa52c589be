"""Finding rows by name: accents and case do not matter, đ is d."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, or_, select

from geo import scope, search_text
from geo.audience import Sight, bit
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
    sight: Sight,
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
    where = [c.audiences.op("&")(_mask(sight)) != 0]
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


def _mask(sight: Sight) -> ColumnElement[int] | int:
    """Return the bit that an entry must have, which depends on where its row lies."""
    if sight.uniform:
        return bit(sight.outside)
    c = search_index.c
    own = (
        and_(c.layer == name, scope.always_inside(LAYERS[name], c.id, sight))
        for name in search_text.SEARCHED
    )
    return case((or_(*own), bit(sight.inside)), else_=bit(sight.outside))
