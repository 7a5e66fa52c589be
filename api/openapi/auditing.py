"""How the operations for auditors are told."""

from __future__ import annotations

from api.openapi.schemas import COUNT, FLAG, INSTANT, TEXT, Schema, many, maybe, ref, shape
from api.openapi.told import Told
from geo.history import Tampering
from office.events import KINDS

_FAULT = shape(
    {
        "seq": COUNT,
        "kind": {"type": "string", "enum": [kind.value for kind in Tampering]},
        "detail": TEXT,
    }
)
_AUDITED = {"entries": COUNT, "signed": COUNT, "fault": maybe(_FAULT)}
_FILE = shape({"name": TEXT, "readable": FLAG, "checkpoints": COUNT, "damaged": COUNT})
_STATE = {
    "entries": COUNT,
    "last_at": maybe(INSTANT),
    "key": maybe(TEXT),
    "files": many(_FILE),
    "checkpoints": many(shape({"seq": COUNT, "hash": TEXT, "at": INSTANT, "key": TEXT})),
    "verified": maybe(shape({"at": INSTANT, "actor": TEXT, **_AUDITED})),
}
_CHANGES = {
    "actor": TEXT, "layer": TEXT, "action": TEXT, "changes": COUNT, "first": INSTANT,
    "last": INSTANT,
}  # fmt: skip
_READ = {
    "id": COUNT, "at": INSTANT, "process": TEXT, "actor": TEXT, "name": TEXT, "via": TEXT,
    "what": TEXT, "filter": TEXT, "rows": maybe(COUNT),
    "title": maybe(shape({"vi": TEXT, "en": TEXT})),
}  # fmt: skip
_EVENT = {
    "id": COUNT, "at": INSTANT, "kind": {"type": "string", "enum": [*KINDS]}, "actor": TEXT,
    "account_id": maybe(TEXT), "about": maybe(TEXT), "address": maybe(TEXT),
    "detail": {"type": "object"},
}  # fmt: skip
SCHEMAS: dict[str, Schema] = {
    "AuditState": shape(_STATE),
    "Verification": shape({**_AUDITED, "of": COUNT, "done": FLAG, "next": maybe(TEXT)}),
    "LoggedRead": shape(_READ),
    "AccountEvent": shape(_EVENT),
}
_CLOSED = (401, 403)

TOLD: dict[str, Told] = {
    "audit_state": Told(answer=ref("AuditState"), bad=_CLOSED, changes=False),
    "verify_history": Told(answer=ref("Verification"), bad=_CLOSED, changes=False),
    "count_changes": Told(
        answer=shape({"changes": many(shape(_CHANGES))}), bad=_CLOSED, changes=False
    ),
    "list_reads": Told(
        answer=shape({"reads": many(ref("LoggedRead")), "next": maybe(TEXT)}),
        bad=_CLOSED,
        changes=False,
        files=("text/csv",),
    ),
    "list_account_events": Told(
        answer=shape({"events": many(ref("AccountEvent")), "next": maybe(TEXT)}),
        bad=_CLOSED,
        changes=False,
    ),
}
