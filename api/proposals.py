"""Proposals as answers tell them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from geo import views
from geo.history.difference import as_json, clashes, differences
from geo.search_text import titles
from geo.types import Row
from office.deciding import Shown


def brief(one: Shown) -> dict[str, Any]:
    """Return what a list tells of a proposal."""
    held, asked = one.proposal, one.proposal.asked
    vi, en = titles(asked.layer, one.sides.rows[0])
    return {
        "id": held.id,
        "layer": asked.layer.name,
        "row": asked.id,
        "title": {"vi": vi, "en": en},
        "action": asked.action,
        "fields": asked.fields,
        "datetime": asked.when,
        "reason": held.reason,
        "author": held.author,
        "mine": one.mine,
        "made_at": _iso(held.made_at),
        "state": held.state.value,
        "stale": one.stale,
        "base_revision": asked.base,
        "revision": one.sides.now and one.sides.now.properties["revision"],
        "decision": _decision(one),
        "may": {"decide": one.may_decide, "withdraw": one.may_withdraw},
    }


def whole(one: Shown) -> dict[str, Any]:
    """Return all that is told of a proposal: also its row before, after and now."""
    layer, sides = one.proposal.asked.layer, one.sides
    told: dict[str, Any] = {name: _feature(row) for name, row in sides._asdict().items()}
    told |= {"changes": as_json(differences(layer, sides.before, sides.after))}
    return brief(one) | told | {"clashes": _clashes(one), "moved_m": sides.moved_m}


def _clashes(one: Shown) -> list[dict[str, Any]] | None:
    """Return base, theirs and yours of each field where the row has changed since, else None."""
    before, now = _feature(one.sides.before), _feature(one.sides.now)
    if not one.stale or now is None:
        return None
    asked = one.proposal.asked
    yours = asked.patch if asked.action == "edit" else None
    return as_json(clashes(asked.layer, before, now, yours))


def _decision(one: Shown) -> dict[str, Any] | None:
    held = one.proposal
    if held.is_open or held.decided_at is None:
        return None
    return {
        "by": held.decider,
        "at": _iso(held.decided_at),
        "note": held.note,
        "revision": held.revision,
    }


def _feature(row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    shape = views.outline(row).shape
    return {"type": "Feature", "id": row.id, "geometry": shape, "properties": row.properties}


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
