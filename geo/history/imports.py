"""Finding what an import wrote, by the beginning of the reason in its entries."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_

from geo.tables import IMPORTED, history


def of_import(key: str) -> ColumnElement[bool]:
    """Return the condition that an entry is of the import of this number, in the index's words."""
    reason = history.c.reason
    begun, ended = f"import {key}: ", f"import {key}:!"  # ! follows the space
    return and_(IMPORTED, reason >= begun, reason < ended)
