"""How the operations on proposals are told."""

from __future__ import annotations

from api.openapi.schemas import COUNT, FLAG, INSTANT, NUMBER, TEXT, Schema, many, maybe, ref, shape
from api.openapi.told import Told
from api.openapi.writing import CONDITION, SYSTEM
from api.routes import proposals as routes
from geo.layers import LAYERS
from office.proposals import STATES

_DECISION = shape({"by": TEXT, "at": INSTANT, "note": maybe(TEXT), "revision": maybe(COUNT)})
_COUNTS = {"type": "object", "additionalProperties": shape({"create": COUNT, "edit": COUNT})}
_IMPORT = shape(
    {
        "file": TEXT,
        "document": maybe(TEXT),
        "rows": COUNT,
        "counts": _COUNTS,  # by layer
        "number": maybe(TEXT),  # of the import, once accepted
        "changed": COUNT,  # rows that have changed since
    }
)
_BRIEF = {
    "id": TEXT,
    "layer": {"type": "string", "enum": list(LAYERS)},
    "row": maybe(TEXT),
    "title": shape({"vi": TEXT, "en": TEXT}),
    "action": {"type": "string", "enum": ["create", "edit", "retire", "import"]},
    "fields": many(TEXT),
    "datetime": TEXT,
    "reason": TEXT,
    "author": TEXT,
    "mine": FLAG,
    "made_at": INSTANT,
    "state": {"type": "string", "enum": [*STATES]},
    "stale": FLAG,
    "base_revision": maybe(COUNT),
    "revision": maybe(COUNT),
    "decision": maybe(_DECISION),
    "may": shape({"decide": FLAG, "withdraw": FLAG}),
    "import": maybe(_IMPORT),
}
_SAVED = shape({"id": TEXT, "revision": COUNT, "register": COUNT})
_DONE = shape({"import": TEXT, "written": {"type": "object"}, "register": COUNT})
_SIDE = maybe(ref("Feature"))
_SIDES = {
    "before": _SIDE,
    "after": _SIDE,
    "now": _SIDE,
    "changes": many(shape({"field": TEXT, "before": {}, "after": {}})),
    "moved_m": maybe(NUMBER),
    "clashes": maybe(many(shape({"field": TEXT, "base": {}, "theirs": {}, "yours": {}}))),
}
_ROW = {
    "row": COUNT,
    "layer": TEXT,
    "id": maybe(TEXT),
    "title": maybe(shape({"vi": TEXT, "en": TEXT})),
    "action": {"type": "string", "enum": ["create", "edit"]},
    "stale": FLAG,
}
SCHEMAS: dict[str, Schema] = {
    "ProposalInShort": shape(_BRIEF),
    "Proposal": shape(_BRIEF | _SIDES),
    "ProposedRow": shape(_ROW | _SIDES),
    "ProposedRows": shape({"total": COUNT, "start": COUNT, "rows": many(ref("ProposedRow"))}),
    "Proposals": shape({"proposals": many(ref("ProposalInShort")), "next": maybe(TEXT)}),
}
_ONE = (401, 403, 404)
_WRITTEN = (*_ONE, 409, 412, 422)

TOLD: dict[str, Told] = {
    "list_proposals": Told(answer=ref("Proposals"), bad=_ONE, changes=False),
    "get_proposal": Told(answer=ref("Proposal"), bad=_ONE, changes=False),
    "proposal_rows": Told(answer=ref("ProposedRows"), bad=_ONE, changes=False),
    "propose": Told(
        201, ref("Proposal"), _WRITTEN, routes.NewProposal, headers=(SYSTEM, CONDITION)
    ),
    "accept_proposal": Told(
        answer={"anyOf": [_SAVED, _DONE]},
        bad=_WRITTEN,
        body=routes.Acceptance,
        later=ref("Job"),
    ),
    "reject_proposal": Told(204, bad=(*_ONE, 409), body=routes.Rejection),
    "withdraw_proposal": Told(204, bad=(*_ONE, 409)),
}
