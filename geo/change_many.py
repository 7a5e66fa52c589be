"""Many rows changed in one transaction: the same rules, history and views as one by one.

Rows of several layers may come together: markers with their events and inspections. Units do
not, as everything else follows from them: they are changed one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from geo import dependents, derived, history, load, records, references, rules, store, views
from geo.audience import Sight
from geo.change import Edit
from geo.errors import GeoError
from geo.evidence import register as attached
from geo.geometry import bounds
from geo.layers import ADMIN_UNITS, INSPECTIONS, LAYERS, MARKER_EVENTS, MARKERS
from geo.refusal import FeatureError, Reason
from geo.schema import Layer
from geo.types import Row
from geo.units import Units

AT_ONCE = 500  # identifiers of one statement
Progress = Callable[[int], None]  # told how many rows more are done


class Wanted(NamedTuple):
    """A version as it is held, None for a new one, and as it shall be, None to take it out."""

    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        """Whichever of the two there is, the later first."""
        row = self.after if self.after is not None else self.before
        assert row is not None  # noqa: S101
        return row


def versions(conn: Connection, layer: Layer, ids: Collection[str]) -> dict[str, list[Row]]:
    """Return every version of each of these rows that there is, those of one id in order."""
    found: dict[str, list[Row]] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), AT_ONCE):
        for row in records.rows(conn, layer, wanted[start : start + AT_ONCE]):
            found.setdefault(row.id, []).append(row)
    return found


def problems(
    conn: Connection,
    layer: Layer,
    wanted: Sequence[Wanted],
    sight: Sight,
    *,
    coming: Mapping[str, Collection[str]] | None = None,
    held: Mapping[str, Sequence[Row]] | None = None,
) -> Iterator[tuple[int, GeoError]]:
    """Yield by place what forbids each row, the first reason of each; `retire` is not judged.

    `coming` are ids by layer of rows that will be there by then, `held` the versions by id that
    the rows are judged with, None for all that there are. Who writes is not known here, so a row
    may newly name only files that it named once, unless its writer sees everything.
    """
    rows = [(place, one.after) for place, one in enumerate(wanted) if one.after is not None]
    pairs = (
        (before.properties if before else {}, row.properties)
        for before, row in wanted
        if row is not None
    )
    lost = references.missing(conn, layer, pairs, sight)
    targets = {f.name: f.refers for f in layer.fields if f.refers}
    lost = {
        (name, named)
        for name, named in lost
        if named not in (coming or {}).get(targets[name] or "", ())
    }
    known = versions(conn, layer, {row.id for _, row in rows}) if held is None else held
    for place, row in rows:
        own, before = known.get(row.id, ()), wanted[place].before
        try:
            _check_references(row, lost)  # first, as what follows looks at rows that it names
            rules.check_alone(conn, layer, row, sight)
            rules.check_free(conn, layer, before, row, own, sight)
            # A row that is not there has named nothing.
            named = row if own or held is None else row._replace(id="")
            attached.check(conn, layer, before, named, actor=None, sight=sight)
        except GeoError as error:
            yield place, error


def _check_references(row: Row, lost: set[tuple[str, str]]) -> None:
    for name, named in lost:
        value = row.properties[name]
        if named != row.id and (value == named or (isinstance(value, list) and named in value)):
            raise FeatureError(Reason.REFERENCE, name, value=named)


def write(
    conn: Connection,
    layers: Mapping[str, Sequence[Wanted]],
    edit: Edit,
    progress: Progress = lambda _: None,
) -> None:
    """Write rows of one or more layers in the caller's transaction; each id at most once.

    The rows are not judged again, see `problems`; derived properties are made here.
    """
    units = records.units(conn)
    fresh = derived.marker_steps(
        {
            layer.name: [one.after for one in layers.get(layer.name, ()) if one.after is not None]
            for layer in (MARKER_EVENTS, INSPECTIONS)
        }
    )
    for name, layer in LAYERS.items():
        if layers.get(name):
            assert layer is not ADMIN_UNITS  # noqa: S101
            _write(conn, layer, layers[name], units, fresh, edit, progress)
    _follow(conn, layers, units)


def _write(
    conn: Connection,
    layer: Layer,
    wanted: Sequence[Wanted],
    units: Units,
    fresh: derived.Steps,
    edit: Edit,
    progress: Progress,
) -> None:
    numbers = history.last_revisions(conn, layer.name, {one.row.id for one in wanted})
    held = versions(conn, layer, {one.row.id for one in wanted})
    new = [one for one in wanted if one.before is None and one.row.id not in held]
    old = [one for one in wanted if one.before is not None or one.row.id in held]
    made = [_numbered(one, numbers) for one in _settled(conn, layer, new, units, fresh)]
    changed = [_numbered(one, numbers) for one in _settled(conn, layer, old, units, None)]
    entries = (
        history.Change(layer.name, one.row.id, numbers.get(one.row.id, 0) + 1, *one)
        for one in (*made, *changed)
    )
    history.append(conn, entries, actor=edit.actor, reason=edit.reason)
    rows = [one.row for one in made]
    if rows:
        records.add_many(conn, layer, rows)
        views.write(conn, layer, derived.timelines(layer, rows, units, fresh))
        load.count_revision(conn, layer, rows)
        progress(len(rows))
    gone = [one.before for one in changed if one.after is None and one.before is not None]
    records.drop_many(conn, layer, gone)
    kept = [(one.before, one.after) for one in changed if one.after is not None]
    records.put_many(conn, layer, [(was, now) for was, now in kept if was is not None])
    if others := [now for was, now in kept if was is None]:
        records.add_many(conn, layer, others)
    if changed:
        dependents.refresh(conn, layer, {one.row.id for one in changed}, units)
        progress(len(changed))
    store.note_change(conn, layer.name, _box(wanted))


def _settled(
    conn: Connection,
    layer: Layer,
    wanted: Sequence[Wanted],
    units: Units,
    fresh: derived.Steps | None,
) -> Iterator[Wanted]:
    """Complete what follows from other rows; steps of rows that were there are read."""
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        ids = [one.row.id for one in part]
        steps = dependents.steps(conn, layer, ids) if fresh is None else fresh
        rows = [one.after for one in part if one.after is not None]
        done = {row.id: row for row in derived.settle(layer, rows, units, steps)}
        for one in part:
            yield one if one.after is None else one._replace(after=done[one.after.id])


def _numbered(one: Wanted, numbers: Mapping[str, int]) -> Wanted:
    if one.after is None:
        return one
    number = numbers.get(one.after.id, 0) + 1
    properties = one.after.properties | {"revision": number}
    return one._replace(after=one.after._replace(properties=properties))


def _box(wanted: Sequence[Wanted]) -> tuple[float, float, float, float] | None:
    boxes = [box for one in wanted if one.after and (box := bounds(one.after.geometry))]
    if not boxes:
        return None
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def _follow(conn: Connection, layers: Mapping[str, Sequence[Wanted]], units: Units) -> None:
    """Make markers anew whose events or inspections changed, if they were not made just now."""
    markers = layers.get(MARKERS.name, ())
    done = {one.row.id for one in markers if one.before is None or one.after is None}
    touched = {
        version.properties["marker_id"]
        for layer in (MARKER_EVENTS, INSPECTIONS)
        for one in layers.get(layer.name, ())
        for version in one
        if version is not None
    }
    if touched - done:
        dependents.refresh(conn, MARKERS, touched - done, units)
