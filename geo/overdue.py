"""What should have been done by a day, or ends soon after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, or_

from geo import query
from geo.layers import AGREEMENTS, COMMITMENTS, MARKERS
from geo.query import Filter
from geo.schema import Layer
from geo.tables import VIEWS
from geo.vocabulary import CommitmentState

SOON_DAYS = 30  # ahead, that an agreement which ends is told of
ENDED = (CommitmentState.DONE.value, CommitmentState.DROPPED.value)


class Due(NamedTuple):
    """A row, what a person calls it, and its date (ISO 8601)."""

    layer: str
    id: str
    name: str
    date: str


def inspections(conn: Connection, asked: Filter, day: str) -> list[Due]:
    """Return the markers that should have been inspected before a day, the oldest date first."""
    due = VIEWS[MARKERS.name].c.inspection_due
    return _found(conn, MARKERS, asked, due < day, "inspection_due")


def commitments(conn: Connection, asked: Filter, day: str) -> list[Due]:
    """Return what was promised for before a day and is neither done nor dropped."""
    c = VIEWS[COMMITMENTS.name].c
    is_open = or_(c.state.is_(None), c.state.not_in(ENDED))
    return _found(conn, COMMITMENTS, asked, and_(c.due < day, is_open), "due")


def agreements(conn: Connection, asked: Filter, day: str) -> list[Due]:
    """Return the agreements that end on a day or within SOON_DAYS after it."""
    ends = VIEWS[AGREEMENTS.name].c.expires
    last = (date.fromisoformat(day) + timedelta(days=SOON_DAYS)).isoformat()
    return _found(conn, AGREEMENTS, asked, ends.between(day, last), "expires")


def _found(
    conn: Connection, layer: Layer, asked: Filter, is_due: ColumnElement[bool], dated: str
) -> list[Due]:
    rows = query.rows(conn, layer, replace(asked, expression=is_due))
    return _sorted([_due(layer, row, dated) for row in rows])


def _due(layer: Layer, row: dict[str, Any], dated: str) -> Due:
    return Due(layer.name, row["id"], str(row[layer.label] or row["id"]), row[dated])


def _sorted(found: Sequence[Due]) -> list[Due]:
    return sorted(found, key=lambda one: (one.date, one.id))
