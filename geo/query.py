"""Reading a layer: filters on place, time, province and properties, for one reader's sight.

Every statement starts from `visible`, so that nothing can be read, counted or probed beyond
what the reader may see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Double,
    Table,
    Text,
    and_,
    false,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.types import TypeEngine

from geo import boxes as box_index
from geo import pages, scope
from geo.audience import PUBLIC, Sight
from geo.errors import BadInputError, NotFoundError, UnknownPropertyError
from geo.period import Period
from geo.schema import Field, Kind, Layer
from geo.tables import BORDERS, LATEST, VIEWS
from geo.types import BBox

LAST_OF_ALL: ColumnElement[str] = literal_column(f"'{LATEST}'")  # as the indexes spell it
NOTHING = ("", "null")  # texts that stand for no value
MOST_LISTED = 100  # values of a list that are looked for at once
MOST = 2**63 - 1  # the largest whole number that either store holds
PLAIN: Mapping[Kind, type[TypeEngine[Any]]] = {  # kinds whose values are compared as they are
    Kind.TEXT: Text,
    Kind.DATE: Text,
    Kind.TIMESTAMP: Text,
    Kind.INTEGER: BigInteger,
    Kind.REAL: Double,
}
Values = Mapping[str, Sequence[str]]  # property name to the texts that are accepted


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked of a layer.

    `bbox` is WGS 84 degrees west, south, east, north; `when` None means every version;
    `units` are ids of administrative units, any of which must hold or have held the row;
    `expression` is a further condition on the layer's view, see geo.cql. `latest` promises that
    nothing follows a row by the end of `when`, so that the rows are those that nothing follows;
    `begun` that all of these have begun by then. `rare` says that few rows match.

    `near` says how the box is looked for: None in the index of boxes, "" by comparing row by row,
    a pair by comparing the rows between these keys, else among those of this JSON array of keys.
    """

    when: Period | None
    bbox: BBox | None = None
    units: frozenset[str] | None = None
    values: Values = field(default_factory=dict)
    sight: Sight = PUBLIC
    expression: ColumnElement[bool] | None = None
    latest: bool = False
    near: Any = None
    begun: bool = False
    rare: bool = False

    @property
    def is_everyones(self) -> bool:
        """Whether what is asked for is what anybody may see, narrowed by box and values at most."""
        narrower = self.units is not None or self.expression is not None
        return not narrower and self.sight is PUBLIC

    @property
    def walks(self) -> bool:
        """Whether the box is compared row by row."""
        return isinstance(self.near, str) and not self.near

    @property
    def runs(self) -> bool:
        """Whether the rows of a run of keys are compared."""
        return isinstance(self.near, tuple)


def visible(layer: Layer, sight: Sight) -> ColumnElement[bool]:
    """Return the condition that keeps to what a reader may see."""
    return VIEWS[layer.name].c.audiences.op("&")(scope.mask(layer, sight)) != 0


def condition(layer: Layer, asked: Filter) -> ColumnElement[bool]:
    """Return the whole WHERE clause of a filter on the layer's view.

    Raises:
        UnknownPropertyError: a filter names a property that the layer lacks.
        BadInputError: a value is not of the property's type.
    """
    view = VIEWS[layer.name]
    parts = [visible(layer, asked.sight)]
    if asked.when is not None:
        parts.append(_valid(view, asked.when, latest=asked.latest))
    if asked.bbox is not None:
        day = asked.when.end if asked.when else None
        parts.append(in_bbox(layer, asked.bbox, day=day, near=asked.near))
    if asked.units is not None:
        alone = asked.bbox is None or asked.walks  # else few rows are looked at
        if asked.latest and alone and scope.is_walked(layer):
            parts.append(scope.latest_held_by(view, asked.units))
        else:
            parts.append(scope.held_by(layer, view, asked.units))
    parts += [_matches(layer, view, name, texts) for name, texts in asked.values.items()]
    if asked.expression is not None:
        parts.append(asked.expression)
    return and_(*parts)


def _valid(view: Table, when: Period, *, latest: bool) -> ColumnElement[bool]:
    """The rows valid at some time of the period, with their state at its end."""
    following = view.c.t_next == LAST_OF_ALL if latest else view.c.t_next > when.end
    return and_(view.c.t_from <= when.end, following, view.c.t_to > when.start)


def in_bbox(
    layer: Layer, bbox: BBox, *, exact: bool = True, day: str | None = None, near: Any = None
) -> ColumnElement[bool]:
    """Return the condition that a row's geometry meets a box; west > east crosses 180°.

    Without `exact` the box of the geometry is enough. With a `day`, rows that are not valid on it
    may be left out. `near` is that of a Filter.
    """
    if layer.geometry is None:
        return false()
    west, south, east, north = bbox
    if crosses(bbox):
        halves = ((west, south, 180.0, north), (-180.0, south, east, north))
        return or_(*(in_bbox(layer, half, exact=exact, day=day, near=near) for half in halves))
    view = VIEWS[layer.name]
    found = _near(layer, bbox, day, near)
    if layer.geometry == "Point":  # its box is itself: two columns, which indexes hold, tell all
        return and_(*found, view.c.w.between(west, east), view.c.s.between(south, north))
    meets = (view.c.w <= east, view.c.e >= west, view.c.s <= north, view.c.n >= south)
    if not exact:
        return and_(*found, *meets)
    return and_(*found, *meets, func.touches_box(view.c.geom, west, south, east, north))


def _near(layer: Layer, bbox: BBox, day: str | None, near: Any) -> list[ColumnElement[bool]]:
    if near is None:
        return [box_index.near(layer, bbox, day)]
    if isinstance(near, str) and not near:
        return []
    if isinstance(near, tuple):
        return [VIEWS[layer.name].c.vid.between(*near)]
    return [box_index.listed(layer, near)]


def crosses(bbox: BBox) -> bool:
    """Say whether a box crosses 180°; one whose sides are parameters of a statement does not."""
    west, east = bbox[0], bbox[2]
    return not isinstance(west, ColumnElement) and west > east


def _matches(layer: Layer, view: Table, name: str, texts: Sequence[str]) -> ColumnElement[bool]:
    if name == "id":
        return view.c.id.in_(texts)
    declared = property_of(layer, name)
    if name == "border":
        return on_border(view, texts)
    if declared.kind == Kind.LIST:
        return or_(*(scope.listed(view, name, value) for value in _few(name, texts)))
    held = view.c[name]
    if texts and isinstance(texts[0], ColumnElement):
        return held == texts[0]
    known = [_typed(declared, value) for value in texts if value not in NOTHING]
    return _among(held, known, absent=len(known) < len(texts))


def _among(held: Any, known: Sequence[Any], *, absent: bool) -> ColumnElement[bool]:
    """A column has one of the values, or none if that will do."""
    found: ColumnElement[bool] = held.in_(known) if len(known) > 1 or absent else held == known[0]
    missing: ColumnElement[bool] = held.is_(None)
    if not absent:
        return found
    return or_(missing, found) if known else missing


def single(layer: Layer, asked: Filter) -> dict[str, Any]:
    """Return the properties that must have one known value, with that value.

    Raises:
        UnknownPropertyError, BadInputError: as of `condition`.
    """
    found: dict[str, Any] = {}
    for name, texts in asked.values.items():
        if name in ("id", "border") or len(texts) != 1 or texts[0] in NOTHING:
            continue
        declared = property_of(layer, name)
        if declared.kind in PLAIN:
            found[name] = _typed(declared, texts[0])
    return found


def on_border(view: Table, codes: Sequence[str]) -> ColumnElement[bool]:
    """A tripoint stands on several borders, which only its border_ids name."""
    found: list[ColumnElement[bool]] = [view.c.border.in_([code.upper() for code in codes])]
    if BORDERS in view.c:
        found.append(also_on(view, codes))
    return or_(*found)


def also_on(view: Table, codes: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that one of the borders is among all that a row stands on."""
    lower = (code.upper().lower() for code in _few("border", codes))
    return or_(*(scope.listed(view, BORDERS, code) for code in lower))


def _few(name: str, texts: Sequence[str]) -> Sequence[str]:
    """Refuse more values than a statement can look for one by one."""
    if len(texts) > MOST_LISTED:
        raise BadInputError(f"More than {MOST_LISTED} values of {name}", parameter=name)
    return texts


def _typed(declared: Field, value: str) -> Any:
    if declared.vocabulary and value not in {word.value for word in declared.vocabulary}:
        raise BadInputError(
            f"{value!r} is not a value of {declared.name}",
            parameter=declared.name,
            value=value,
            allowed=[word.value for word in declared.vocabulary],
        )
    try:
        match declared.kind:
            case Kind.INTEGER:
                return _whole(value)
            case Kind.REAL:
                return float(value)
            case Kind.BOOLEAN:
                return {"true": True, "false": False}[value.lower()]
            case _:
                return value
    except (ValueError, KeyError):
        raise BadInputError(
            f"{value!r} is not a {declared.kind}", parameter=declared.name, value=value
        ) from None


def _whole(value: str) -> int:
    number = int(value)
    if abs(number) > MOST:
        raise ValueError(value)
    return number


def property_of(layer: Layer, name: str) -> Field:
    """Return the declared field.

    Raises:
        UnknownPropertyError: the layer has no property of this name.
    """
    declared = layer.field(name)
    if declared is None:
        raise UnknownPropertyError(
            f"Layer {layer.name} has no property {name!r}",
            parameter=name,
            allowed=["id", *(f.name for f in layer.fields)],
        )
    return declared


@dataclass(frozen=True, slots=True)
class Page:
    """Finished GeoJSON features, and the keys to go on and back from, or None at an end."""

    features: list[str]
    next_after: int | None
    prev_before: int | None


def page(
    conn: Connection,
    layer: Layer,
    asked: Filter,
    *,
    limit: int,
    after: int = 0,
    before: int | None = None,
) -> Page:
    """Return at most `limit` features whose key is beyond `after`, in a fixed order.

    With `before`, those just ahead of that key instead. Rows that are added meanwhile neither
    repeat nor hide a feature.
    """
    view = VIEWS[layer.name]
    found = select(view.c.vid, view.c.geojson).where(condition(layer, asked)).limit(limit + 1)
    if before is None:
        rows = conn.execute(found.where(view.c.vid > after).order_by(view.c.vid)).all()
        shown, more, less = rows[:limit], len(rows) > limit, after > 0
    else:
        query = found.where(view.c.vid < before).order_by(view.c.vid.desc())
        rows = conn.execute(query).all()
        shown, more, less = rows[:limit][::-1], True, len(rows) > limit
    onward, back = pages.ends([row.vid for row in shown], after, before)
    if not (shown or matched(conn, layer, asked)):
        more = less = False
    return Page([row.geojson for row in shown], onward if more else None, back if less else None)


def every(conn: Connection, layer: Layer, asked: Filter, *, batch: int = 5_000) -> Iterator[str]:
    """Yield all features that match, a batch at a time."""
    after: int | None = 0
    while after is not None:
        part = page(conn, layer, asked, limit=batch, after=after)
        yield from part.features
        after = part.next_after


def one(conn: Connection, layer: Layer, feature_id: str, asked: Filter) -> str:
    """Return one finished feature.

    Raises:
        NotFoundError: this reader sees no row of this id in that period.
    """
    view = VIEWS[layer.name]
    found = conn.execute(
        select(view.c.geojson)
        .where(condition(layer, asked), view.c.id == feature_id)
        .order_by(view.c.t_from.desc())
        .limit(1)
    ).scalar()
    if found is None:
        raise NotFoundError(
            f"There is no {layer.name} {feature_id!r}", parameter="id", value=feature_id
        )
    return str(found)


class Validity(NamedTuple):
    """A period of a row: from `start` up to but without `end` (ISO dates), and its GeoJSON."""

    start: str
    end: str
    text: str


def periods(
    conn: Connection, layer: Layer, feature_id: str, sight: Sight = PUBLIC
) -> list[Validity]:
    """Return every period of a row that a reader may see, in order of time."""
    view = VIEWS[layer.name]
    found = select(view.c.t_from, view.c.t_to, view.c.geojson).where(
        visible(layer, sight), view.c.id == feature_id
    )
    return [Validity(*row) for row in conn.execute(found.order_by(view.c.t_from))]


def matched(conn: Connection, layer: Layer, asked: Filter) -> int:
    """Count the features that match."""
    view = VIEWS[layer.name]
    query = select(func.count()).select_from(view).where(condition(layer, asked))
    return int(conn.execute(query).scalar_one())


def rows(conn: Connection, layer: Layer, asked: Filter) -> list[dict[str, Any]]:
    """Return the declared properties, with id, of the rows that match, without geometry."""
    view = VIEWS[layer.name]
    columns = [view.c.id, *(view.c[f.name] for f in layer.fields)]
    query = select(*columns).where(condition(layer, asked)).order_by(view.c.vid)
    return [dict(row._mapping) for row in conn.execute(query)]


def boxes(conn: Connection, layer: Layer, asked: Filter) -> dict[str, BBox]:
    """Return the box of each row that matches and has a geometry, by id, WGS 84."""
    view = VIEWS[layer.name]
    query = select(view.c.id, view.c.w, view.c.s, view.c.e, view.c.n).where(
        condition(layer, asked), view.c.w.is_not(None)
    )
    return {row.id: (row.w, row.s, row.e, row.n) for row in conn.execute(query)}


def extent(conn: Connection, layer: Layer, asked: Filter) -> BBox | None:
    """Return the box around the features that match, WGS 84, or None."""
    if layer.geometry is None:
        return None
    view = VIEWS[layer.name]
    sides = (func.min(view.c.w), func.min(view.c.s), func.max(view.c.e), func.max(view.c.n))
    found = conn.execute(select(*sides).where(condition(layer, asked))).one()
    return None if found[0] is None else (found[0], found[1], found[2], found[3])
