"""What is answered to an edit of a row that has changed since it was read."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response

from api import errors, tags
from geo.change import Edit
from geo.errors import StaleError
from geo.history import clash
from geo.schema import Layer


def answer(
    request: Request, layer: Layer, feature_id: str, edit: Edit, error: StaleError, sent: Any = None
) -> Response:
    """Tell base, theirs and yours of each field, and the tag to go on with, as a 412."""
    state = error.state
    found = None
    if state is not None:
        with request.app.state.engine.connect() as conn:
            found = clash.clashes(conn, layer, feature_id, edit, error, sent)
    return errors.problem(
        request,
        412,
        error.code,
        detail=error.detail,
        base_revision=error.base,
        revision=error.revision,
        differences=found,
        etag=None if state is None else tags.tag(request, state, layer.name, feature_id),
    )
