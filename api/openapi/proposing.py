"""How the operations on proposals are told."""

from __future__ import annotations

from api.openapi.schemas import COUNT, FLAG, NUMBER, TEXT, Schema, many, maybe, ref, shape
from api.openapi.told import Told
from api.openapi.writing import CONDITION, SYSTEM
from api.routes import proposals as routes
from geo.layers import LAYERS
from office.proposals import STATES

_INSTANT: Schema = {"type": "string", "format": "date-time"}
_DECISION = shape({"by": TEXT, "at": _INSTANT, "note": maybe(TEXT), "revision": maybe(COUNT)})
_BRIEF = {
    "id": TEXT,
    "layer": {"type": "string", "enum": list(LAYERS)},
    "row": TEXT,
    "title": shape({"vi": TEXT, "en": TEXT}),
    "action": {"type": "string", "enum": ["create", "edit", "retire"]},
    "fields": many(TEXT),
    "datetime": TEXT,
    "reason": TEXT,
    "author": TEXT,
    "mine": FLAG,
    "made_at": _INSTANT,
    "state": {"type": "string", "enum": [*STATES]},
    "stale": FLAG,
    "base_revision": maybe(COUNT),
    "revision": maybe(COUNT),
    "decision": maybe(_DECISION),
    "may": shape({"decide": FLAG, "withdraw": FLAG}),
}
_SAVED = shape({"id": TEXT, "revision": COUNT, "register": COUNT})
_SIDE = maybe(ref("Feature"))
_WHOLE = {
    **_BRIEF,
    "before": _SIDE,
    "after": _SIDE,
    "now": _SIDE,
    "changes": many(shape({"field": TEXT, "before": {}, "after": {}})),
    "moved_m": maybe(NUMBER),
    "clashes": maybe(many(shape({"field": TEXT, "base": {}, "theirs": {}, "yours": {}}))),
}
SCHEMAS: dict[str, Schema] = {
    "ProposalInShort": shape(_BRIEF),
    "Proposal": shape(_WHOLE),
    "Proposals": shape({"proposals": many(ref("ProposalInShort")), "next": maybe(TEXT)}),
}
_ONE = (401, 403, 404)
_WRITTEN = (*_ONE, 409, 412, 422)

TOLD: dict[str, Told] = {
    "list_proposals": Told(answer=ref("Proposals"), bad=_ONE, changes=False),
    "get_proposal": Told(answer=ref("Proposal"), bad=_ONE, changes=False),
    "propose": Told(
        201, ref("Proposal"), _WRITTEN, routes.NewProposal, headers=(SYSTEM, CONDITION)
    ),
    "accept_proposal": Told(answer=_SAVED, bad=_WRITTEN, body=routes.Acceptance),
    "reject_proposal": Told(204, bad=(*_ONE, 409), body=routes.Rejection),
    "withdraw_proposal": Told(204, bad=(*_ONE, 409)),
}
