"""What an edit that came too late clashes with: base, theirs and yours, field by field."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Connection

from geo.change import Edit, shown
from geo.errors import NotFoundError, StaleError
from geo.history.difference import as_json
from geo.history.difference import clashes as of_features
from geo.history.lens import look
from geo.history.reading import version
from geo.reproject import CRS84_URI, feature_in
from geo.schema import Layer
from geo.types import Row
from geo.views import feature_json, outline


def clashes(
    conn: Connection, layer: Layer, feature_id: str, edit: Edit, error: StaleError, sent: Any
) -> list[dict[str, Any]]:
    """Return the fields in which what the writer read, what is held now and what he sent differ.

    Geometries are in the system of the edit; the writer is told what he sees of each state. What
    he read comes from the history by the revision that he named.
    """
    try:
        theirs = shown(conn, layer, feature_id, edit)
    except NotFoundError:  # gone since the error was raised
        return []
    base = None
    if error.base is not None and error.base != error.revision:
        base = version(conn, layer, feature_id, error.base, look(conn, edit.sight))
    was = None if base is None else _feature(layer, _told(base), edit)
    yours = sent if isinstance(sent, dict) else None
    return as_json(of_features(layer, was, _feature(layer, theirs, edit), yours))


def _told(row: Row) -> str:
    return feature_json(row, outline(row).shape)


def _feature(layer: Layer, text: str, edit: Edit) -> dict[str, Any]:
    system = edit.system if layer.geometry else CRS84_URI
    found: dict[str, Any] = orjson.loads(text if system == CRS84_URI else feature_in(text, system))
    return found
