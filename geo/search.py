"""Finding rows by name: accents and case do not matter, đ is d.

A match of the whole title comes before one at its start, that before one inside; among equals the
weightier layer, then what stands first in the register. Layers that may hold a million rows have
one weight each, so that their entries lie in this order already: of many matches just the first
are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, or_, select

from geo import scope, search_text, store
from geo.audience import Sight, bit
from geo.errors import BadInputError
from geo.layers import LAYERS
from geo.names import fold
from geo.search_text import START, spaced
from geo.tables import LARGE, search_index

MAX_WORDS = 6
_SHOWN = ("layer", "id", "title_vi", "title_en", "subtitle_vi", "subtitle_en", "bbox")
_STEP = 4.0  # between the scores of two ranks, more than the layers that are LARGE differ by
Found = Row[Any]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked for: the folded text, its words, and who asks."""

    folded: str
    words: list[str]
    sight: Sight
    limit: int

    def ranks(self) -> list[str]:
        """Return what an entry holds that matches well, the best first."""
        text = self.folded
        ranks = (f"{START}{text} ·", f"· {text} ·", f"{START}{text}", f" {text}")
        return list(map(spaced, ranks))


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

    Raises:
        BadInputError: there is no layer of one of the names.
    """
    _check(layers or ())
    folded = fold(words)
    asked = _Asked(folded, folded.split()[:MAX_WORDS], sight, limit)
    if not asked.words:
        return []
    wanted = [name for name in search_text.SEARCHED if not layers or name in layers]
    quick = store.has_words(conn)
    many = [name for name in wanted if name in LARGE and quick]
    few = [name for name in wanted if name not in many]
    found = _all_of(conn, asked, few, quick=quick) if few else []
    for name in many:
        found += _first_of(conn, asked, name)
    best = sorted(found, key=lambda row: (-row.score, row.seq))[:limit]
    return [{name: getattr(row, name) for name in _SHOWN} for row in best]


def _all_of(conn: Connection, asked: _Asked, layers: Sequence[str], *, quick: bool) -> list[Found]:
    """Look at every entry of some layers that matches, `quick` by an index."""
    c, score = search_index.c, _score(asked)
    query = _matching(asked, asked.words).where(c.layer.in_(layers))
    if quick:
        ends = [end for name in layers for end in search_text.keys(name)]
        query = store.holding(conn, query, asked.words, (min(ends), max(ends))).order_by(None)
    return list(conn.execute(query.order_by(score.desc(), c.seq).limit(asked.limit)))


def _first_of(conn: Connection, asked: _Asked, layer: str) -> list[Found]:
    """Read the first entries of a layer in the order of their numbers, rank by rank."""
    most = 2 * asked.limit
    some = _held(conn, asked, asked.words, layer, most + 1)
    if len(some) <= most:
        return some
    found: dict[int, Found] = {}
    for text in asked.ranks():
        if len(found) < asked.limit:
            found |= {row.seq: row for row in _held(conn, asked, [text], layer, asked.limit)}
    return [*found.values(), *(row for row in some if row.seq not in found)]


def _held(
    conn: Connection, asked: _Asked, texts: Sequence[str], layer: str, count: int
) -> list[Found]:
    query = _matching(asked, texts)
    narrowed = store.holding(conn, query, texts, search_text.keys(layer))
    return list(conn.execute(narrowed.limit(count)))


def _matching(asked: _Asked, texts: Sequence[str]) -> Select[Any]:
    """Make the statement for the entries that the reader may see and that hold some texts."""
    c = search_index.c
    columns = [c.seq, *(c[name] for name in _SHOWN), _score(asked).label("score")]
    found = select(*columns).where(c.audiences.op("&")(_mask(asked.sight)) != 0)
    return found.where(*(c.folded.contains(text, autoescape=True) for text in texts))


def _score(asked: _Asked) -> ColumnElement[float]:
    c = search_index.c
    ranks = asked.ranks()
    holds = [
        (c.folded.contains(text, autoescape=True), _STEP * (len(ranks) - place))
        for place, text in enumerate(ranks)
    ]
    return case(*holds, else_=0.0) + c.weight


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
