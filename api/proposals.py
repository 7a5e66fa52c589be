"""Proposals as answers tell them."""

from __future__ import annotations

from typing import Any

from geo.history.difference import as_json, clashes, differences
from geo.imports.proposing import Standing
from geo.proposing import Proposed, Sides
from geo.search_text import titles
from geo.views import feature
from office import clock
from office.agreeing import RowShown
from office.deciding import Shown
from office.proposals import Proposal, State

NO_SIDES = Sides(None, None, None)


def brief(one: Shown) -> dict[str, Any]:
    """Return what a list tells of a proposal."""
    held, asked = one.proposal, one.proposal.asked
    told = {
        "id": held.id,
        "layer": asked.layer.name,
        "action": asked.action,
        "datetime": asked.when,
        "reason": held.reason,
        "author": held.author,
        "mine": one.mine,
        "made_at": clock.iso(held.made_at),
        "state": held.state.value,
        "stale": one.stale,
        "decision": _decision(one),
        "may": {"decide": one.may_decide, "withdraw": one.may_withdraw},
    }
    if isinstance(one.sides, Standing):
        return told | _import(held, one.sides)
    return told | {
        "row": asked.id,
        "title": _title(asked, one.sides),
        "fields": asked.fields,
        "base_revision": asked.base,
        "revision": one.sides.now and one.sides.now.properties["revision"],
        "import": None,
    }


def _title(asked: Proposed, sides: Sides) -> dict[str, str]:
    vi, en = titles(asked.layer, sides.rows[0])
    return {"vi": vi, "en": en}


def _import(held: Proposal, stands: Standing) -> dict[str, Any]:
    sheet = held.asked.patch
    number = held.number if held.state is State.ACCEPTED else None
    told = {name: sheet[name] for name in ("file", "document", "rows", "counts")}
    return {
        "row": None,
        "title": {"vi": sheet["file"], "en": sheet["file"]},
        "fields": [],
        "base_revision": stands.base,
        "revision": stands.revision,
        "import": {**told, "number": number, "changed": len(stands.changed)},
    }


def whole(one: Shown) -> dict[str, Any]:
    """Return all that is told of a proposal: also its row before, after and now."""
    sides = NO_SIDES if isinstance(one.sides, Standing) else one.sides
    return brief(one) | _sides(one.proposal.asked, sides, stale=one.stale)


def of_import(one: RowShown) -> dict[str, Any]:
    """Return one row of an import that is proposed; of one that is hidden only that there is."""
    seen, asked = one.sides, one.asked
    return {
        "row": one.row,
        "layer": asked.layer.name,
        "id": asked.id if seen else None,
        "title": _title(asked, seen) if seen else None,
        "action": asked.action,
        "stale": one.changed,
    } | _sides(asked, seen or NO_SIDES, stale=one.changed)


def _sides(asked: Proposed, sides: Sides, *, stale: bool) -> dict[str, Any]:
    told: dict[str, Any] = {name: feature(row) for name, row in sides._asdict().items()}
    changes = as_json(differences(asked.layer, sides.before, sides.after))
    found = _clashes(asked, sides) if stale else None
    return told | {"changes": changes, "clashes": found, "moved_m": sides.moved_m}


def _clashes(asked: Proposed, sides: Sides) -> list[dict[str, Any]] | None:
    """Return base, theirs and yours of each field of a row that has changed; None if it is gone."""
    before, now = feature(sides.before), feature(sides.now)
    if now is None:
        return None
    yours = asked.patch if asked.action == "edit" else None
    return as_json(clashes(asked.layer, before, now, yours))


def _decision(one: Shown) -> dict[str, Any] | None:
    held = one.proposal
    if held.is_open or held.decided_at is None:
        return None
    return {
        "by": held.decider,
        "at": clock.iso(held.decided_at),
        "note": held.note,
        "revision": held.revision,
    }
