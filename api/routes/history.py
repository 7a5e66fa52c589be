"""The history of the register: who changed what, versions, layers as recorded, undoing."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from sqlalchemy import Connection

from api import gate, links
from api.deps import Actor, Conn, LayerDep, Reader
from api.openapi.answers import GEOJSON, JSON
from geo import layers, period, store, views
from geo.change import Edit, Permit
from geo.errors import BadInputError, GeoError, NotFoundError
from geo.history import checkpoints, reading, states, undoing
from geo.history.difference import as_json
from geo.history.lens import look
from geo.history.reading import Asked, Entry
from geo.search_text import titles
from geo.types import Row

router = APIRouter(prefix="/api", tags=["history"], dependencies=[Depends(gate.may_read_history)])
MOST = 1_000  # entries, or identifiers, of one page
MOST_WEIGHED = 100  # entries of one page of which is told whether they can be undone
_HEADERS = {"cache-control": "no-store"}  # who may read it, no cache knows
Seq = Annotated[int, Path(ge=1, le=2**62)]
Limit = Annotated[int, Query(ge=1)]


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells changes to a reader; `undo` is the edit by which he would undo them, if he asks."""

    conn: Connection
    asked: bool
    undo: Edit | None

    @property
    def most(self) -> int:
        """The most changes that one answer tells."""
        return MOST_WEIGHED if self.asked else MOST

    def __call__(self, entry: Entry) -> dict[str, Any]:
        """Return what an answer tells of a change."""
        told = entry._asdict() | {"changes": as_json(entry.changes), "title": _title(entry)}
        del told["before"], told["after"]
        if self.asked:
            can = self.undo is not None and undoing.possible(self.conn, entry, self.undo)
            told["undoable"] = can
        return told


def _teller(
    request: Request,
    conn: Conn,
    actor: Actor,
    sight: Reader,
    undoable: Literal["true", "false"] = "false",
) -> Teller:
    asked = undoable == "true"
    try:
        permit = gate.may_undo(request, actor) if asked else None
    except GeoError:
        return Teller(conn, asked, None)
    return Teller(conn, asked, Edit(actor.name, "", sight, permit=permit))


Telling = Annotated[Teller, Depends(_teller)]


def moment(text: str | None, parameter: str, *, end: bool = False) -> str | None:
    """Return a date or instant as the history writes it: UTC, to the millisecond.

    A date is its first moment, or its last.

    Raises:
        BadInputError: it is neither.
    """
    if text is None:
        return None
    try:
        if len(text) == len("2026-11-22"):
            day = date.fromisoformat(text).isoformat()
            return f"{day}T23:59:59.999+00:00" if end else f"{day}T00:00:00.000+00:00"
        found = datetime.fromisoformat(text)
        found = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        allowed = ["2026-11-22", "2026-11-22T07:00:00+07:00"]
        raise BadInputError(
            f"{text!r} is no date or instant", parameter=parameter, value=text, allowed=allowed
        ) from None
    return found.isoformat(timespec="milliseconds")


@router.get("/history")
def list_changes(
    request: Request,
    conn: Conn,
    sight: Reader,
    tell: Telling,
    layer: str | None = None,
    feature: str | None = None,
    actor: str | None = None,
    since: str | None = None,
    until: str | None = None,
    of_import: Annotated[str | None, Query(alias="import")] = None,
    before: int | None = None,
    limit: Limit = 10,
) -> Response:
    """List who changed what in a period, the latest first, as far as the reader sees the rows."""
    asked = Asked(
        None if layer is None else layers.get(layer),
        feature,
        actor,
        moment(since, "since"),
        moment(until, "until"),
        before,
        of_import,
    )
    page = reading.page(conn, asked, look(conn, sight), limit=min(limit, tell.most))
    told = {"changes": [tell(one) for one in page.entries]}
    return _answer(told | {"next": _next(request, before=page.next_before)})


@router.get("/history/{seq}")
def get_change(conn: Conn, sight: Reader, tell: Telling, seq: Seq) -> Response:
    """Return one change, with the feature before and after it."""
    entry = reading.one(conn, seq, look(conn, sight))
    return _answer(tell(entry) | {"before": _feature(entry.before), "after": _feature(entry.after)})


@router.get("/collections/{layer}/items/{feature_id}/history")
def feature_history(
    request: Request,
    conn: Conn,
    sight: Reader,
    tell: Telling,
    layer: LayerDep,
    feature_id: str,
    before: int | None = None,
    limit: Limit = 10,
) -> Response:
    """List the versions of a feature, the latest first, each with what it changed."""
    asked = Asked(layer, feature_id, before=before)
    page = reading.page(conn, asked, look(conn, sight), limit=min(limit, tell.most))
    if not page.entries and page.next_before is None and before is None:
        raise NotFoundError(f"There is no {layer.name} {feature_id!r}", parameter="id")
    versions = [tell(one) | {"feature": _feature(one.after)} for one in page.entries]
    return _answer({"versions": versions, "next": _next(request, before=page.next_before)})


@router.get("/history/layers/{layer}")
def recorded(
    request: Request,
    conn: Conn,
    sight: Reader,
    layer: LayerDep,
    at: str | None = None,
    datetime: Annotated[str | None, Query()] = None,
    after: str = "",
    limit: Limit = 10,
) -> Response:
    """Return a layer as it was recorded at a time: what was known then, of the date asked for."""
    then = moment(at, "at", end=True)
    number = checkpoints.last_number(conn) if then is None else states.number_at(conn, then)
    when = period.parse(datetime) or period.Period("0001-01-01", "9999-12-30")
    most, lens = min(limit, MOST), look(conn, sight)
    rows, following = states.recorded(
        conn, layer, number=number, when=when, after=after, limit=most, lens=lens
    )
    told = {
        "type": "FeatureCollection",
        "recorded_at": then,
        "features": [_feature(row) for row in rows],
        "next": _next(request, after=following),
    }
    return _answer(told, GEOJSON)


@router.post("/history/{seq}/undo")
def undo_change(
    request: Request,
    actor: Actor,
    sight: Reader,
    permit: Annotated[Permit | None, Depends(gate.may_undo)],
    seq: Seq,
    reason: Annotated[str | None, Query(max_length=500, pattern=r"^[^\x00]*$")] = None,
) -> Response:
    """Undo a change by a new one; refused, with the fields, where it has changed since."""
    edit = Edit(actor.name, reason or f"undoes change {seq}", sight, permit=permit)
    with store.writing(request.app.state.engine) as conn:
        [saved] = undoing.undo(conn, [seq], edit, look(conn, sight))
    told = {"id": saved.id, "revision": saved.revision, "register": saved.register}
    answer = _answer(told)
    answer.headers["cotmoc-revision"] = str(saved.register)
    return answer


def _answer(document: dict[str, Any], media: str = JSON) -> Response:
    return Response(orjson.dumps(document), headers=_HEADERS, media_type=media)


def _next(request: Request, **position: Any) -> str | None:
    """Return the address of the next page, None at the end."""
    if None in position.values():
        return None
    asked = request.url.include_query_params(**position).query
    return f"{links.root(request)}{request.scope['path']}?{asked}"


def _title(entry: Entry) -> dict[str, str]:
    """Return what the row was called after the change, or was before it went."""
    row = entry.after or entry.before
    vi, en = (entry.id, entry.id) if row is None else titles(layers.get(entry.layer), row)
    return {"vi": vi, "en": en}


def _feature(row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    shape = views.outline(row).shape
    return {"type": "Feature", "id": row.id, "geometry": shape, "properties": row.properties}
