"""For auditors: whether the history is as it was written, who changed, read and signed in."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy import Connection

from api import actors, links
from api.askers import Auditor
from api.deps import Conn, Office
from api.routes.history import moment
from api.settings import Settings
from api.signed import PRIVATE, private
from geo import records
from geo.errors import BadInputError, StoreError
from geo.history import checkpoints, keys, reading
from geo.history.checkpoints import Audit, Checkpoint, File
from geo.layers import LAYERS
from geo.search_text import titles
from office import clock, events, reads
from office.database import writing
from office.events import KINDS, AccountEvent, Found

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

router = APIRouter(prefix="/api/audit", tags=["audit"])
PART_S = 2.0  # seconds that one answer walks along the chain; its next link goes on
MOST = 1_000  # entries of one page
SHOWN = 20  # checkpoints told
CSV = "text/csv"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what begins one in a spreadsheet
_ROW = re.compile(r"^\w+ /api/collections/([^/]+)/items/([^/]+)")
Limit = Annotated[int, Query(ge=1)]
Key = Annotated[int | None, Query(ge=0, le=2**62)]
Text = str | None


@router.get("")
def audit_state(request: Request, office: Office, _auditor: Auditor) -> Response:
    """Return where the history stands, where it was signed, and when it was last verified."""
    settings: Settings = request.app.state.settings
    kept = _kept(settings)
    with request.app.state.engine.connect() as conn:
        last = checkpoints.link(conn, checkpoints.last_number(conn))
    with office.connect() as conn:
        asked = events.Asked(kind=AccountEvent.HISTORY_VERIFIED)
        verified = [_verified(one) for one in events.page(conn, asked, most=1)]
    key = _key(settings)
    told = {
        "entries": last.seq if last else 0,
        "last_at": last.at if last else None,
        "key": None if key is None else keys.fingerprint(key),
        "files": [_file(one) for one in kept],
        "checkpoints": _checkpoints(kept),
        "verified": next(iter(verified), None),
    }
    return private(told)


@router.get("/verification")
def verify_history(
    request: Request, office: Office, auditor: Auditor, cursor: Key = None
) -> Response:
    """Prove the history from its beginning, or on from where an earlier answer stopped.

    An answer takes a few seconds at most; `next` leads on until it is done. The first bad entry
    is named. What came of the whole is noted.
    """
    settings, engine = request.app.state.settings, request.app.state.engine
    signed = [one for file in _kept(settings) for one in file.held or ()]
    with engine.connect() as conn:
        after = _after(request, checkpoints.last_number(conn), cursor)
        key = _key(settings)
        found = checkpoints.verify(conn, signed, key, after=after, seconds=PART_S)
        of = checkpoints.last_number(conn)
    if found.done:
        with suppress(StoreError), writing(office) as conn:  # a full disk hides no fault
            by = actors.by(request, auditor.name)
            events.note(conn, AccountEvent.HISTORY_VERIFIED, by, None, **_audited(found))
    shown = request.app.state.cursors.shown(found.entries)
    further = None if found.done else _next(request, cursor=shown)
    return private(_audited(found) | {"of": of, "done": found.done, "next": further})


@router.get("/changes")
def count_changes(
    conn: Conn, _auditor: Auditor, since: Text = None, until: Text = None
) -> Response:
    """Count who changed what in a period, by name, layer and kind of change."""
    asked = reading.Asked(since=moment(since, "since"), until=moment(until, "until"))
    found = reading.tally(conn, asked, most=MOST)
    return private({"changes": [one._asdict() for one in found]})


@router.get("/reads")
def list_reads(
    request: Request,
    conn: Conn,
    office: Office,
    _auditor: Auditor,
    since: Text = None,
    until: Text = None,
    actor: Text = None,
    before: Key = None,
    limit: Limit = 100,
    f: Text = None,
) -> Response:
    """List who read what is not for everybody, and who exported, the latest first."""
    asked = reads.Asked(moment(since, "since"), moment(until, "until"), actor)
    if f == "csv":
        names = [str(name) for name in reads.reads.c.keys()]  # noqa: SIM118
        return _sheet("reads", names, reads.latest_first(office, asked))
    most = min(limit, MOST)
    found = reads.page(office, asked, most=most, before=before)
    further = _next(request, before=found[-1]["id"]) if len(found) == most else None
    return private({"reads": list(_titled(conn, found)), "next": further})


@router.get("/events")
def list_account_events(
    request: Request,
    office: Office,
    _auditor: Auditor,
    since: Text = None,
    until: Text = None,
    actor: Text = None,
    kind: Text = None,
    before: Key = None,
    limit: Limit = 100,
) -> Response:
    """List who signed in or failed to, and what was done to accounts, the latest first."""
    asked = events.Asked(
        _seconds(since, "since"), _seconds(until, "until"), actor, _kind(kind), before
    )
    most = min(limit, MOST)
    with office.connect() as conn:
        found = events.page(conn, asked, most=most)
    further = _next(request, before=found[-1].seq) if len(found) == most else None
    return private({"events": [_event(one) for one in found], "next": further})


def _titled(conn: Connection, found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield entries with what the row that was read is called; None where it is none, or gone."""
    about = [_row_read(one["what"]) for one in found]
    held = {
        (layer, row.id): titles(LAYERS[layer], row)
        for layer in {layer for layer, _ in about if layer in LAYERS}
        for row in records.rows(conn, LAYERS[layer], {key for of, key in about if of == layer})
    }
    for one, key in zip(found, about, strict=True):
        name = held.get(key)
        yield one | {"title": name and {"vi": name[0], "en": name[1]}}


def _row_read(what: str) -> tuple[str, str]:
    found = _ROW.search(what)
    return (found[1], unquote(found[2])) if found else ("", "")


def _kept(settings: Settings) -> list[File]:
    return checkpoints.files(Path(name) for name in settings.audit_to)


def _key(settings: Settings) -> "Ed25519PublicKey | None":
    if settings.audit_key is None:
        return None
    return keys.private(settings.audit_key).public_key()


def _after(request: Request, last: int, cursor: int | None) -> int:
    """Return the entry to go on after; a cursor that we did not make leads beyond all of them."""
    after: int = request.app.state.cursors.key(cursor or 0)
    if after > last:
        raise BadInputError("No answer gave this cursor", parameter="cursor", value=cursor)
    return after


def _next(request: Request, **position: int) -> str:
    asked = request.url.include_query_params(**position).query
    return f"{links.root(request)}{request.scope['path']}?{asked}"


def _seconds(text: str | None, parameter: str) -> float | None:
    found = moment(text, parameter)
    return None if found is None else datetime.fromisoformat(found).timestamp()


def _kind(text: str | None) -> AccountEvent | None:
    if text is not None and text not in KINDS:
        raise BadInputError("Not a kind of event", parameter="kind", value=text, allowed=[*KINDS])
    return None if text is None else KINDS[text]


def _file(file: File) -> dict[str, Any]:
    held = file.held or []
    sound = sum(isinstance(one, Checkpoint) for one in held)
    return {
        "name": file.name,
        "readable": file.held is not None,
        "checkpoints": sound,
        "damaged": len(held) - sound,
    }


def _checkpoints(kept: Iterable[File]) -> list[dict[str, Any]]:
    """Return the latest checkpoints, each once whatever number of files holds it."""
    held = {one for file in kept for one in file.held or () if isinstance(one, Checkpoint)}
    latest = sorted(held, key=lambda one: (one.seq, one.at), reverse=True)
    names = ("seq", "hash", "at", "key")
    return [{name: asdict(one)[name] for name in names} for one in latest[:SHOWN]]


def _audited(found: Audit) -> dict[str, Any]:
    fault = found.fault and {
        "seq": found.fault.seq,
        "kind": found.fault.kind.value,
        "detail": found.fault.detail,
    }
    return {"entries": found.entries, "signed": found.signed, "fault": fault}


def _verified(found: Found) -> dict[str, Any]:
    return {"at": clock.iso(found.event.at), "actor": found.event.actor, **found.event.detail}


def _event(found: Found) -> dict[str, Any]:
    told = found.event._asdict() | {"id": found.seq, "at": clock.iso(found.event.at)}
    return told | {"about": found.about}


def _sheet(name: str, columns: list[str], rows: Iterable[dict[str, Any]]) -> Response:
    headers = PRIVATE | {"content-disposition": f'attachment; filename="cotmoc-{name}.csv"'}
    return StreamingResponse(_lines(columns, rows), media_type=CSV, headers=headers)


def _lines(columns: list[str], rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield lines of CSV; what would be a formula, and may be a visitor's, is text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_plain(row[name]) for name in columns])
        if out.tell() > 2**16:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
