"""The one way in which rows change: checked, written to the history, and shown at once.

A write hits the version of a row that the same `datetime` shows to the same reader. It happens
in the caller's transaction, see store.writing; what depends on the row is made anew in it.
Deleting takes a version out of the register, for every date: history keeps it. What was true
until some day is ended by its `valid_to` instead.
"""

from __future__ import annotations

import dataclasses
import secrets
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection

from geo import (
    dependents,
    derived,
    history,
    incoming,
    query,
    records,
    references,
    rules,
    scope,
    store,
)
from geo import draft as drafts
from geo.audience import PUBLIC, Sight, is_exact, level
from geo.draft import Base
from geo.errors import ConflictError, NotFoundError, StaleError
from geo.evidence import register as attached
from geo.geometry import bounds
from geo.guarding import IDENTIFIER, is_guarded, numbered, shut_of, undoes, waits
from geo.layers import ADMIN_UNITS, MARKERS
from geo.period import Period
from geo.query import Filter
from geo.refusal import FeatureError, Reason
from geo.reproject import CRS84_URI, feature_in
from geo.schema import Layer
from geo.state import revision as revision_of
from geo.state import state
from geo.types import Properties, Row
from geo.units import Units
from geo.vocabulary import Classification

Permit = Callable[[Connection, Layer, str, Sequence[Row], bool], None]
_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's, as a ULID is written


@dataclass(frozen=True, slots=True)
class Edit:
    """Who writes, why, and what he looked at.

    `when` is the date whose version is meant, as a reader asks for it; `system` the URI of the
    coordinates that come and go; `expected` the states in one of which the row must be, see
    geo.state, or None if any will do. `permit` is asked whether he may create, edit or retire
    versions of a row, and told whether that touches what is guarded; it raises if not.
    `author` is who drew the edit up, if somebody else: the files that he brought may be named.
    """

    actor: str
    reason: str
    sight: Sight = PUBLIC
    when: Period | None = None
    system: str = CRS84_URI
    expected: Collection[str] | None = None
    permit: Permit | None = None
    author: str | None = None

    def on(self, states: Collection[str]) -> Edit:
        """Return the edit on the condition that the row is in one of these states."""
        return dataclasses.replace(self, expected=states)


@dataclass(frozen=True, slots=True)
class Saved:
    """What was written: the revision of the row and of the whole register.

    `text` is the finished feature as its writer now sees it at his date, None if he sees none.
    """

    id: str
    revision: int
    register: int
    text: str | None

    @property
    def state(self) -> str | None:
        """The state that the writer now sees, for his next edit."""
        return None if self.text is None else state(self.text)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is asked of one version: `given` are the properties sent, `named` those of a patch."""

    base: Base
    feature: dict[str, Any]
    given: Properties
    named: Collection[str] = ()
    before: Row | None = None


def create(conn: Connection, layer: Layer, feature: Any, edit: Edit) -> Saved:
    """Add a row, or another version of one for a time that it has none for.

    Raises:
        FeatureError: the feature breaks the declaration of the layer.
        ConflictError: the id is taken at that time.
    """
    whole = incoming.whole(feature)
    given = incoming.properties(layer, whole)
    blank: Properties = {f.name: None for f in layer.fields}
    blank["classification"] = _default_class(conn, layer, given)
    key = _identifier(conn, layer, whole, given)
    return _write(conn, layer, _Wish(Base(Row(key, blank), {}), whole, given), edit)


def replace(conn: Connection, layer: Layer, feature_id: str, feature: Any, edit: Edit) -> Saved:
    """Replace a version by a whole feature; an `id` in the feature is checked and not used.

    Raises:
        NotFoundError: the writer sees no such row.
        StaleError: it has changed since he read it.
        FeatureError: the feature breaks the declaration of the layer.
        ConflictError: its new time is that of another version.
    """
    base = _base(conn, layer, feature_id, edit)
    whole = incoming.whole(feature)
    _asked(whole)
    given = incoming.properties(layer, whole)
    return _write(conn, layer, _Wish(base, whole, given, before=base.row), edit)


def update(conn: Connection, layer: Layer, feature_id: str, patch: Any, edit: Edit) -> Saved:
    """Change parts of a version by a JSON Merge Patch (RFC 7396) on its GeoJSON feature.

    Raises:
        NotFoundError, StaleError, FeatureError, ConflictError: as of `replace`.
    """
    base = _base(conn, layer, feature_id, edit)
    parts = incoming.members(patch)
    for named in (parts.get("id"), parts.get("properties", {}).get("id")):
        if named is not None and str(named) != feature_id:
            raise FeatureError(Reason.FIXED, "id", value=str(named))
    asked = incoming.properties(layer, parts)
    whole = {"geometry": None} | merge(base.shown, parts)
    given = incoming.properties(layer, whole)
    return _write(conn, layer, _Wish(base, whole, given, asked.keys(), base.row), edit)


def delete(conn: Connection, layer: Layer, feature_id: str, edit: Edit) -> Saved:
    """Take a version out of the register; the history keeps it.

    Raises:
        NotFoundError, StaleError: as of `replace`.
        ConflictError: it is the last version, and other rows name it.
    """
    row = _base(conn, layer, feature_id, edit, "retire").row
    if edit.permit and is_guarded(layer, row, None):
        edit.permit(conn, layer, "retire", [row], True)
    _check_droppable(conn, layer, row, edit)
    return _drop(conn, layer, row, edit)


def put_back(
    conn: Connection, layer: Layer, now: Row | None, wanted: Row | None, edit: Edit, *, own: bool
) -> Saved:
    """Put a version as it once was in the place of the present one; None stands for no version.

    `own` says that the writer himself made the change that he undoes.

    Raises:
        FeatureError, ConflictError: as of `replace`, or as of `delete` where none is wanted.
    """
    check_put_back(conn, layer, now, wanted, edit, own=own)
    if wanted is None:
        assert now is not None  # noqa: S101
        return _drop(conn, layer, now, edit)
    units = records.units(conn)
    rules.check_references(conn, layer, now, wanted, edit.sight)
    rules.check_units(layer, wanted, units)
    [row] = derived.settle(layer, [wanted], units, dependents.steps(conn, layer, [wanted.id]))
    rules.check(conn, layer, now, row, edit.sight)
    return _keep(conn, layer, now, _numbered(conn, layer, row), edit, units)


def check_put_back(
    conn: Connection, layer: Layer, now: Row | None, wanted: Row | None, edit: Edit, *, own: bool
) -> None:
    """Check that the writer may put a version back, and that others need not the present one.

    Raises:
        GeoError: he may not.
        ConflictError: none is wanted, and other rows name it.
    """
    if edit.permit:
        versions = [row for row in (now, wanted) if row is not None]
        shut = shut_of(conn, layer, [(now, wanted)], edit.sight)
        edit.permit(conn, layer, "undo", versions, undoes(layer, now, wanted, shut, own=own))
    if wanted is None and now is not None:
        _check_droppable(conn, layer, now, edit)


def _drop(conn: Connection, layer: Layer, before: Row, edit: Edit) -> Saved:
    units = records.units(conn)
    records.drop(conn, layer, before)
    return _finish(conn, layer, before, None, edit, units)


def merge(target: Any, patch: Any) -> Any:
    """Return the target changed by a JSON Merge Patch (RFC 7396, section 2)."""
    if not isinstance(patch, dict):
        return patch
    found = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = merge(found.get(name), value)
    return found


def _check_droppable(conn: Connection, layer: Layer, row: Row, edit: Edit) -> None:
    if len(records.rows(conn, layer, [row.id])) == 1:
        _check_unnamed(conn, layer, row.id, edit)


def _check_unnamed(conn: Connection, layer: Layer, feature_id: str, edit: Edit) -> None:
    if references.is_named(conn, layer, feature_id):
        known = references.holders(conn, layer, feature_id, edit.sight)
        told = ", ".join(f"{name} {key}" for name, key in known)
        said = f"{layer.name} {feature_id} is named by {told or 'other rows'}"
        vi = f"“{feature_id}” đang được nêu trong {told or 'đối tượng khác'}"
        raise ConflictError(said, vi=vi, parameter="id", value=feature_id)


def _default_class(conn: Connection, layer: Layer, given: Properties) -> str:
    """Return how a new row is classified unless it says so: an event as its marker is."""
    marker = given.get("marker_id") if layer in scope.OF_MARKERS else None
    held = records.rows(conn, MARKERS, [marker]) if isinstance(marker, str) else []
    return max(map(level, held), key=list(Classification).index, default=PUBLIC.outside).value


def _identifier(conn: Connection, layer: Layer, feature: dict[str, Any], given: Properties) -> str:
    """Return the id that a new feature brings, or a new one.

    A marker without one is named as its number says, where that is free.
    """
    asked = _asked(feature)
    if asked is not None:
        return asked
    number = numbered(given) if layer is MARKERS else None
    return number if number and not records.rows(conn, layer, [number]) else _ulid()


def _asked(feature: dict[str, Any]) -> str | None:
    """Return the id that a feature names. Raises FeatureError if it is none."""
    inner = (feature.get("properties") or {}).get("id")
    asked = inner if feature.get("id") is None else feature["id"]
    if asked is None:
        return None
    if isinstance(asked, bool) or not isinstance(asked, str | int):
        raise FeatureError(Reason.IDENTIFIER, "id")
    if not IDENTIFIER.fullmatch(str(asked)):
        raise FeatureError(Reason.IDENTIFIER, "id", value=str(asked)[:100])
    return str(asked)


def _ulid() -> str:
    """Return a new identifier that sorts by the time of its making: a ULID in small letters."""
    number = int(time.time() * 1000) << 80 | secrets.randbits(80)
    return "".join(_BASE32[number >> shift & 31] for shift in range(125, -1, -5))


def _base(
    conn: Connection, layer: Layer, feature_id: str, edit: Edit, action: str = "edit"
) -> Base:
    """Find the version that the writer was shown, and check that it is still as he read it."""
    text = shown(conn, layer, feature_id, edit)
    versions = records.rows(conn, layer, [feature_id])
    if edit.permit:
        edit.permit(conn, layer, action, versions, False)
    now = state(text)
    if edit.expected is not None and now not in edit.expected:
        known = [revision_of(one) for one in edit.expected]
        raise _stale(layer, feature_id, next(iter(n for n in known if n is not None), None), now)
    system = edit.system if layer.geometry else CRS84_URI
    seen = orjson.loads(text if system == CRS84_URI else feature_in(text, system))
    start = seen["properties"]["valid_from"] or ""
    row = next(row for row in versions if records.version(row) == start)
    exact = is_exact(layer, scope.reads_as(conn, layer, row, edit.sight))
    return Base(row, seen, exact=exact)


def shown(conn: Connection, layer: Layer, feature_id: str, edit: Edit) -> str:
    """Return the finished feature that the writer is shown.

    Raises:
        NotFoundError: he sees no such row at that date.
    """
    return query.one(conn, layer, feature_id, Filter(edit.when, sight=edit.sight))


def _stale(layer: Layer, feature_id: str, base: int | None, now: str) -> StaleError:
    revision = revision_of(now) or 0
    said = f"{layer.name} {feature_id} is at revision {revision}; the edit was made on "
    said += "another state" if base in (None, revision) else f"revision {base}"
    return StaleError(said, base=base, revision=revision, state=now)


def _write(conn: Connection, layer: Layer, wish: _Wish, edit: Edit) -> Saved:
    """Check what is asked for and put it in the place of the version before, if there is one."""
    before, units = wish.before, records.units(conn)
    known = incoming.revision(layer, wish.given)
    if before is not None and known is not None and known != wish.base.seen["revision"]:
        now = state(shown(conn, layer, before.id, edit))
        raise _stale(layer, before.id, known if isinstance(known, int) else None, now)
    row = drafts.draft(layer, wish.base, wish.feature, edit.system)
    rules.check_references(conn, layer, before, row, edit.sight)
    rules.check_units(layer, row, units)
    [after] = derived.settle(layer, [row], units, dependents.steps(conn, layer, [row.id]))
    if edit.permit:
        others = _seen(conn, layer, row.id, edit.sight)
        action = "create" if before is None else "edit"
        shut = shut_of(conn, layer, [(before, after)], edit.sight)
        guarded = waits(layer, before, after, shut, others)
        edit.permit(conn, layer, action, [after, *others], guarded)
    rules.check(conn, layer, before, after, edit.sight)
    bringer = edit.author or edit.actor
    attached.check(conn, layer, before, after, actor=bringer, sight=edit.sight)
    if before is not None and _same(before, after):
        rules.check_derived(layer, before, after, wish.given, wish.base.seen, wish.named)
        return _saved(conn, layer, after, edit)
    after = _numbered(conn, layer, after)
    rules.check_derived(layer, before, after, wish.given, wish.base.seen, wish.named)
    return _keep(conn, layer, before, after, edit, units)


def _numbered(conn: Connection, layer: Layer, row: Row) -> Row:
    """Return a row as its next revision."""
    number = history.last_revision(conn, layer.name, row.id) + 1
    return row._replace(properties=row.properties | {"revision": number})


def _keep(
    conn: Connection, layer: Layer, before: Row | None, after: Row, edit: Edit, units: Units
) -> Saved:
    if before is None:
        records.add(conn, layer, after)
    else:
        records.put(conn, layer, before, after)
    return _finish(conn, layer, before, after, edit, units)


def _seen(conn: Connection, layer: Layer, feature_id: str, sight: Sight) -> list[Row]:
    """Return the versions of a row that a reader sees."""
    held = records.rows(conn, layer, [feature_id])
    return [row for row in held if scope.sees(conn, layer, row, sight)]


def _same(before: Row, after: Row) -> bool:
    if (before.geometry is None) != (after.geometry is None):
        return False
    alike = before.geometry is None or before.geometry.equals_exact(after.geometry, 0)
    return alike and before.properties == after.properties


def _finish(
    conn: Connection, layer: Layer, before: Row | None, after: Row | None, edit: Edit, units: Units
) -> Saved:
    """Tell the history, make anew all that follows, and say what is now shown."""
    versions = [version for version in (before, after) if version is not None]
    row = versions[-1]
    number = history.last_revision(conn, layer.name, row.id) + 1
    change = history.Change(layer.name, row.id, number, before, after)
    history.append(conn, [change], actor=edit.actor, reason=edit.reason)
    now = records.units(conn) if layer is ADMIN_UNITS else units
    dependents.follow(conn, layer, versions, units, now)
    store.note_change(conn, layer.name, bounds(after.geometry) if after else None)
    return _saved(conn, layer, row._replace(properties=row.properties | {"revision": number}), edit)


def _saved(conn: Connection, layer: Layer, row: Row, edit: Edit) -> Saved:
    try:
        text = shown(conn, layer, row.id, edit)
    except NotFoundError:
        text = None
    return Saved(row.id, row.properties["revision"], store.revision_of_all(conn), text)
