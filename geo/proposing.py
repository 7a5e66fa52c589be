"""Changes that wait for somebody else: drawn up and checked now, written when he agrees.

What is kept of one is what it changes, in the values that the record holds, so that it means the
same whoever writes it. Once written, its entry in the history bears its mark: whether it was
written is read there and nowhere else, so that no fault between two databases writes it twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from shapely.geometry import shape
from sqlalchemy import Connection, Engine, select

from geo import change, derived, history, period, records, store
from geo.audience import EVERYTHING, Sight, is_exact
from geo.change import Edit, Saved
from geo.errors import BadInputError, StaleError
from geo.geometry import geojson_geometry
from geo.history.difference import changed
from geo.history.lens import Lens, look
from geo.history.reading import version
from geo.history.states import row_of
from geo.referencing import geod
from geo.refusal import FeatureError, Reason
from geo.schema import GEOMETRY, Layer
from geo.state import state
from geo.tables import history as entries
from geo.types import Row

Action: TypeAlias = Literal["create", "edit", "retire", "import"]


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change that is asked for.

    `base` is the revision that it was made on, None for a new row; `when` the date whose version
    is meant. `patch` is a whole feature for a new row, a JSON Merge Patch (RFC 7396) for an edit,
    and empty for a retirement; its geometry is in WGS 84, lon, lat, exact. Of a whole import it
    says what is known of the sheet, see geo.imports.proposing.
    """

    layer: Layer
    action: Action
    id: str
    when: str
    base: int | None
    patch: dict[str, Any]

    @property
    def fields(self) -> list[str]:
        """The names of what it changes."""
        given = [n for n, value in self._values.items() if value is not None or self.base]
        return [*given, GEOMETRY] if GEOMETRY in self.patch else given

    @property
    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = self.patch.get("properties", {})
        return values


class Sides(NamedTuple):
    """A version as the proposal found it, as it is to be, and as it is now; None where none is."""

    before: Row | None
    after: Row | None
    now: Row | None

    @property
    def rows(self) -> list[Row]:
        """Those that are there."""
        return [row for row in self if row is not None]

    @property
    def stale(self) -> bool:
        """Whether the version has changed since the proposal was made."""
        return _revision(self.before) != _revision(self.now)

    @property
    def moved_m(self) -> float | None:
        """How far a point is to move, on the ellipsoid; None where none is on both sides."""
        ends = [row.geometry for row in (self.before, self.after) if row is not None]
        if len(ends) < 2 or any(end is None or end.geom_type != "Point" for end in ends):
            return None
        (first, second), (third, fourth) = (end.coords[0] for end in ends if end is not None)
        return round(float(geod().inv(first, second, third, fourth)[2]), 3)


class Written(NamedTuple):
    """The entry of the history that wrote a proposal: who, when (UTC), the row's revision."""

    seq: int
    at: str
    actor: str
    revision: int


def draw_up(
    engine: Engine, layer: Layer, action: Action, feature_id: str | None, sent: Any, edit: Edit
) -> Proposed:
    """Return what a change would write; it is checked as if it were done, and not kept.

    Raises:
        BadInputError: it changes nothing.
        NotFoundError, StaleError, FeatureError, ConflictError: as of geo.change.
    """
    when = period.today() if edit.when is None else edit.when.end
    with store.writing(engine) as conn:
        last = history.last_revision(conn, layer.name, feature_id or "")
        saved = _done(conn, layer, action, feature_id, sent, edit)
        if saved.id == feature_id and saved.revision == last:
            raise BadInputError("The proposal changes nothing", parameter="feature")
        before, after = _latest(conn, layer, saved.id)
        conn.rollback()
    base = None if before is None else _revision(before)
    return Proposed(layer, action, saved.id, when, base, patch(layer, saved.id, before, after))


def _done(
    conn: Connection, layer: Layer, action: Action, feature_id: str | None, sent: Any, edit: Edit
) -> Saved:
    if action == "create":
        return change.create(conn, layer, sent, edit)
    if not feature_id:
        raise FeatureError(Reason.REQUIRED, "id")
    if action == "retire":
        return change.delete(conn, layer, feature_id, edit)
    return change.update(conn, layer, feature_id, sent, edit)


def _latest(conn: Connection, layer: Layer, feature_id: str) -> tuple[Row | None, Row | None]:
    """Return a row before and after its latest change."""
    c = entries.c
    own = (c.layer == layer.name) & (c.feature_id == feature_id)
    query = select(c.before, c.after).where(own).order_by(c.seq.desc()).limit(1)
    was, became = conn.execute(query).one()
    return row_of(layer, feature_id, was), row_of(layer, feature_id, became)


def patch(layer: Layer, key: str, before: Row | None, after: Row | None) -> dict[str, Any]:
    """Return the patch of a change between two states of a version, see Proposed."""
    if after is None:
        return {}
    following = derived.names(layer, after.properties.get("province_origin_id"))
    names = [n for n in changed(layer, before, after) if n not in following]
    values = {name: after.properties[name] for name in names if name != GEOMETRY}
    place = {GEOMETRY: geojson_geometry(after.geometry, None)} if layer.geometry else {}
    if before is None:
        return {"type": "Feature", "id": key, GEOMETRY: None, **place, "properties": values}
    return {"properties": values, **(place if GEOMETRY in names else {})}


def sides(conn: Connection, proposed: Proposed) -> Sides:
    """Return the version before, after and now, all of it; of a new row what is to be."""
    layer = proposed.layer
    if proposed.base is None:
        return Sides(None, changed_by(proposed, None), None)
    before = version(conn, layer, proposed.id, proposed.base, look(conn, EVERYTHING))
    after = None if proposed.action == "retire" else changed_by(proposed, before)
    held = records.rows(conn, layer, [proposed.id])
    same = (row for row in held if before and records.version(row) == records.version(before))
    return Sides(before, after, next(same, None))


def changed_by(proposed: Proposed, before: Row | None) -> Row:
    """Return a version as a proposal for it, or for a new row, changes it."""
    values, place = proposed.patch["properties"], before.geometry if before else None
    held = before.properties if before else {f.name: None for f in proposed.layer.fields}
    if GEOMETRY in proposed.patch:
        given = proposed.patch[GEOMETRY]
        place = None if given is None else shape(given)
    return Row(proposed.id, held | values, place)


def shown(
    conn: Connection, proposed: Proposed, found: Sides, sight: Sight, *, free: bool = False
) -> Sides | None:
    """Return what a reader is shown of the sides, None unless he sees all that is to be changed.

    `free` says that a new row does not claim its identifier: who has that says nothing of it.
    """
    if free and proposed.base is None:
        found = Sides(*(row and row._replace(id="") for row in found))
    lens = look(conn, sight)
    seen = [row and lens(proposed.layer, row) for row in found]
    whole = all(
        _sees(lens, proposed, row, told)
        for row, told in zip(found, seen, strict=True)
        if row is not None
    )
    return Sides(*(row and row._replace(id=proposed.id) for row in seen)) if whole else None


def _sees(lens: Lens, proposed: Proposed, row: Row, told: Row | None) -> bool:
    if told is None:
        return False
    exact = is_exact(proposed.layer, lens.audience(proposed.layer, row))
    return all(exact if name == GEOMETRY else name in told.properties for name in proposed.fields)


def write(conn: Connection, proposed: Proposed, edit: Edit, *, revision: int | None) -> Saved:
    """Write what was proposed, on the version that whoever agrees has looked at.

    Raises:
        StaleError: the version is not at that revision, None for none.
        NotFoundError, FeatureError, ConflictError: as of geo.change.
    """
    now = sides(conn, proposed).now
    if _revision(now) != revision:
        said = f"{proposed.layer.name} {proposed.id} has changed since it was looked at"
        text = None if now is None else change.shown(conn, proposed.layer, proposed.id, edit)
        found = None if text is None else state(text)
        raise StaleError(said, base=proposed.base, revision=_revision(now), state=found)
    key = None if proposed.action == "create" else proposed.id
    return _done(conn, proposed.layer, proposed.action, key, proposed.patch, edit)


def written(conn: Connection, proposed: Proposed, mark: str) -> Written | None:
    """Return the entry that wrote a proposal, if it was written. Its reason ends with the mark."""
    c = entries.c
    own = (c.layer == proposed.layer.name) & (c.feature_id == proposed.id)
    marked = own & (c.revision > (proposed.base or 0)) & c.reason.like(f"%{mark}")
    columns = (c.seq, c.at, c.actor, c.revision)
    found = conn.execute(select(*columns).where(marked).order_by(c.seq).limit(1)).first()
    return None if found is None else Written(*found)


def _revision(row: Row | None) -> int | None:
    return None if row is None else int(row.properties["revision"])
