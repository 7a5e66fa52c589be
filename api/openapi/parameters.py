"""What each parameter takes, told exactly.

A rule that JSON Schema cannot tell (a CQL2 text, a date or interval, the name of a province) is a
`format` of ours.
"""

from __future__ import annotations

from typing import Any

from api.routes import evidence
from geo import cql, reproject
from geo.evidence.content import SIZES
from geo.layers import LAYERS
from geo.progress import BORDERS_KNOWN
from geo.tiles.grid import MAX_ZOOM
from office.events import KINDS
from office.proposals import STATES

Parameter = dict[str, Any]
SPATIAL = [name for name, layer in LAYERS.items() if layer.geometry]
FILTERED = "filter"  # an operation with this parameter takes the properties of its layer too


def _query(schema: dict[str, Any], description: str = "", **more: Any) -> Parameter:
    told = {"description": description} if description else {}
    return {"in": "query", **told, "schema": schema, **more}


def _listed(items: dict[str, Any], description: str, **more: Any) -> Parameter:
    """A list with commas between."""
    schema = {"type": "array", "items": items, "minItems": 1}
    return _query(schema, description, **more)


def _path(schema: dict[str, Any], description: str = "") -> Parameter:
    return {"in": "path", "required": True, "description": description, "schema": schema}


def _enum(values: list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": values}


_BOX = {
    "type": "array",
    "items": {"type": "number"},
    "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
}
_TEXT = {"type": "string", "pattern": "^[^\\x00]*$"}  # no store holds a NUL
_WHEN = {"type": "string", "format": "date-or-interval", "examples": ["2014-06-30", "../.."]}
_MOMENT = {
    "type": "string",
    "format": "moment",
    "examples": ["2026-11-22", "2026-11-22T07:00:00+07:00"],
}
_KEY = {"type": "integer", "minimum": 0, "maximum": 2**62}
_CRS = {"type": "string", "enum": reproject.supported(), "default": reproject.CRS84_URI}

PARAMETERS: dict[str, Parameter] = {
    "layer": _path(_enum(list(LAYERS)), "name of a layer"),
    "feature_id": _path({"type": "string", "minLength": 1}, "permanent identifier"),
    "bbox": _query(
        _BOX,
        "west, south, east, north; west > east crosses 180°; heights of six numbers are ignored",
        example=[107, 12, 108, 13],
    ),
    "bbox-crs": _query(_CRS, "system of bbox"),
    "crs": _query(_CRS, "system of the answer's coordinates"),
    "datetime": _query(_WHEN, "absent = today, ../.. = all versions"),
    "as_of": _query(
        {"type": "string", "format": "date", "examples": ["2014-06-30"]}, "absent = today"
    ),
    "province": _query(
        {"type": "string", "format": "province-name", "examples": ["Đắk Nông"]},
        "province in any spelling and era",
    ),
    "border": _query(_enum(list(BORDERS_KNOWN)), "boundary line"),
    "filter": _query(
        {"type": "string", "format": "cql2", "examples": ["id IS NOT NULL"]},
        "CQL2 condition on the queryables",
    ),
    "filter-lang": _query({**_enum(list(cql.LANGUAGES)), "default": "cql2-text"}),
    "filter-crs": _query(
        {**_enum([reproject.CRS84_URI]), "default": reproject.CRS84_URI},
        "system of geometries in the filter",
    ),
    "properties": _listed({"type": "string", "format": "property"}, "properties wanted"),
    "by": _listed({"type": "string", "format": "property"}, "properties", required=True),
    "distinct": _listed({"type": "string", "format": "property"}, "properties to count values of"),
    "limit": _query(
        {"type": "integer", "minimum": 1, "default": 10},
        "most features of a page; above 10,000 it is 10,000",
    ),
    "cursor": _query(_KEY, "from a next link"),
    "before": _query(_KEY, "from a prev link"),
    "undoable": _query({"type": "boolean"}, "whether to tell if the reader could undo it now"),
    "seq": _path({"type": "integer", "minimum": 1, "maximum": 2**62}, "number of a change"),
    "download": _query(_TEXT, "if present, the answer is a file to save"),
    "collections": _listed(_enum(SPATIAL), "layers of the tile; absent = every one"),
    "z": _path({"type": "integer", "minimum": 0, "maximum": MAX_ZOOM}, "zoom"),
    "y": _path({"type": "integer", "minimum": 0, "maximum": 2**MAX_ZOOM - 1}, "row from the north"),
    "x": _path(
        {"type": "integer", "minimum": 0, "maximum": 2**MAX_ZOOM - 1}, "column from the west"
    ),
    "sha256": _path({"type": "string", "pattern": "^[0-9a-f]{64}$"}, "hash of a file"),
    "size": _query(_enum(list(SIZES)), "of a picture; absent = as close as the reader may have"),
    "proposal_id": _path({"type": "string", "minLength": 1}, "identifier of a proposal"),
    "job_id": _path({"type": "string", "minLength": 1}, "identifier of a job"),
    "corridor_id": _path({"type": "string", "minLength": 1}, "identifier of a corridor"),
    "code": _path({"type": "string", "minLength": 1}, "ISO 3166-2 code of a province"),
    "within_km": _query({"type": "number", "minimum": 0, "maximum": 500, "default": 20}),
    "q": _query({**_TEXT, "maxLength": 200, "examples": ["dak nong"]}, required=True),
    "layers": _listed(_enum(list(LAYERS)), "layers to look in; absent = every one"),
    "lon": _query({"type": "number", "minimum": -180, "maximum": 180}, required=True, example=107),
    "lat": _query({"type": "number", "minimum": -90, "maximum": 90}, required=True, example=12),
    "lang": _query(
        {**_TEXT, "examples": ["vi", "en"]},
        "language of titles, labels and messages; any but vi and en is vi",
    ),
}
_SINCE, _UNTIL = _query(_MOMENT, "only from then on"), _query(_MOMENT, "only before then")
_MOST = _query({"type": "integer", "minimum": 1, "default": 100}, "most entries; at most 1,000")
_ONE_ROW = {"type": "string", "pattern": evidence.ROW, "examples": ["inspections/01jd3vq9"]}
# Where one operation takes something else by the same name.
OTHERWISE: dict[tuple[str, str], Parameter] = {
    **{(name, "since"): _SINCE for name in ("count_changes", "list_reads", "list_account_events")},
    **{(name, "until"): _UNTIL for name in ("count_changes", "list_reads", "list_account_events")},
    **{(name, "limit"): _MOST for name in ("list_reads", "list_account_events")},
    ("list_reads", "actor"): _query(_TEXT, "only what this name or account read"),
    ("list_account_events", "actor"): _query(_TEXT, "only by this login, or about it"),
    ("list_account_events", "kind"): _query(_enum([*KINDS]), "only events of this kind"),
    ("verify_history", "cursor"): _query(_KEY, "from a next link; absent = from the beginning"),
    ("list_files", "row"): _query(_ONE_ROW, "layer and id of a row; absent = none"),
    ("send_import", "into"): _query(
        _enum(list(LAYERS)) | {"default": "markers"}, "layer of its rows"
    ),
    ("list_changes", "layer"): _query(_enum(list(LAYERS)), "only changes to this layer"),
    ("list_changes", "feature"): _query(_TEXT, "only changes to this identifier"),
    ("list_changes", "actor"): _query(_TEXT, "only changes by this name"),
    ("list_changes", "since"): _query(_MOMENT, "only changes from then on"),
    ("list_changes", "until"): _query(_MOMENT, "only changes before then"),
    ("recorded", "at"): _query(_MOMENT, "as recorded by then; absent = now; a date is its end"),
    ("recorded", "after"): _query(_TEXT, "from a next link"),
    ("find", "limit"): _query(
        {"type": "integer", "minimum": 1, "default": 20}, "most results; above 50 it is 50"
    ),
    ("list_proposals", "state"): _query(_enum([*STATES]), "only those; absent = all"),
    ("list_proposals", "before"): _query(_TEXT, "from a next link"),
    ("list_proposals", "limit"): _query(
        {"type": "integer", "minimum": 1, "default": 20}, "most proposals; above 100 it is 100"
    ),
    ("proposal_rows", "limit"): _query(
        {"type": "integer", "minimum": 1, "default": 50}, "most rows; above 100 it is 100"
    ),
    ("proposal_rows", "changed"): _query(
        {"type": "boolean", "default": False}, "only rows that have changed since"
    ),
    ("get_file", "row"): _query(
        _ONE_ROW, "layer and id of the row that names the file; absent = one brought it oneself"
    ),
}


def declared(operation: str, name: str, forms: list[str]) -> Parameter:
    """Return a parameter of an operation, or nothing where we say nothing about it."""
    if name == "f":
        schema = {**_enum(forms), "default": forms[0]}
        return {"name": name, **_query(schema, "form; absent = by the Accept header")}
    found = OTHERWISE.get((operation, name)) or PARAMETERS.get(name, {})
    return {"name": name, **found} if found else {}
