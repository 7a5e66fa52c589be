"""Pages of features: a table with a small map, and everything about one feature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import orjson
from fastapi import Request, Response
from markupsafe import Markup
from sqlalchemy import Connection

from api import links, negotiate
from api.html import page, values, words
from api.html.about import ground, title_of, trail
from api.html.filters import conditions
from geo import picture, query
from geo.query import Filter, Page
from geo.schema import Field, Kind, Layer
from geo.tables import EARLIEST, LATEST
from geo.vocabulary import PositionQuality

MOST_COLUMNS = 8
MOST_ROWS = 1_000  # of a page; a browser reads no more at once
Feature = dict[str, Any]
_FORM = ("province", "datetime", "filter", "limit")
_HINTS = {"markers": "stage = 'built' AND main > 50", "gates": "gate_class = 'international'"}
_HINT = "CASEI(name_vi) LIKE CASEI('%lao%')"
_CHOSEN = {
    "markers": (
        "border", "province", "kind", "multiplicity", "stage", "stage_as_of", "condition",
        "position_quality",
    ),
    "gates": (
        "counterpart_name", "border", "province", "partner", "gate_class", "transport", "road_vn",
    ),
    "projects": (
        "finance_kind", "sector", "status", "province", "amount_usd", "location_exactness",
        "source",
    ),
    "admin_units": (
        "name_local", "level", "unit_type", "country", "iso_code", "valid_from", "valid_to",
    ),
}  # fmt: skip
_PAGES = {"markers": "/markers/{id}", "gates": "/gates/{id}", "projects": "/projects/{id}"}


def items_page(
    request: Request,
    conn: Connection,
    layer: Layer,
    shown: Page,
    *,
    matched: int,
    limit: int,
    made_of: Sequence[links.Link],
    headers: dict[str, str],
    wanted: Sequence[str] | None = None,
) -> Response:
    """Return the features of a page of the layer as a table and a small map.

    `wanted` are the properties asked for; without it the first that have values are shown.
    """
    lang = negotiate.language(request)
    said = words.of(lang)
    features: list[Feature] = [orjson.loads(text) for text in shown.features]
    fields = _columns(layer, features, lang, wanted)
    asked = {name: request.query_params.get(name, "") for name in _FORM}
    to = {one["rel"]: one["href"] for one in made_of}
    return page(
        request,
        "items.html",
        title=title_of(request, layer),
        crumb=said.items,
        trail=trail(request, layer),
        made_of=made_of,
        headers=headers,
        layer=layer,
        rows=list(_rows(request, layer, features, fields, lang)),
        columns=[_heading(layer, lang), *(_column(field, lang) for field in fields)],
        matched=matched,
        limit=limit,
        most=MOST_ROWS,
        conditions=conditions(request, layer, lang),
        asked=asked,
        kept=_kept(request),
        hint=_HINTS.get(layer.name, _HINT),
        previous=to.get("prev"),
        next=to.get("next"),
        drawn=_drawn(request, conn, layer, features),
        caption=_caption(features, lang),
    )


def _kept(request: Request) -> list[tuple[str, str]]:
    """Return the parameters that the form of the filter passes on."""
    left = {*_FORM, "f", "cursor", "before", "download"}
    return [one for one in request.query_params.multi_items() if one[0] not in left]


def label(layer: Layer, feature: Feature, lang: str) -> str:
    """Return what a person calls a feature: its name in the language, else its identifier."""
    given = feature["properties"]
    names = (f"name_{lang}", layer.label) if layer.label.startswith("name_") else (layer.label,)
    found = next((given[name] for name in names if given.get(name)), None)
    field = layer.field(layer.label)
    if found is None or field is None:
        return str(feature["id"])
    return values.text(field, found, lang)


def _heading_of(request: Request, layer: Layer, feature: Feature) -> str:
    """Return the name of a feature; a bare number comes with what it numbers."""
    name = label(layer, feature, negotiate.language(request))
    return f"{title_of(request, layer)} {name}" if layer.label == "number" else name


def _columns(
    layer: Layer, features: Sequence[Feature], lang: str, wanted: Sequence[str] | None
) -> list[Field]:
    if wanted is not None:
        return [field for field in layer.fields if field.name in wanted]
    chosen = _CHOSEN.get(layer.name)
    known = [
        field
        for field in layer.fields
        if (field.name in chosen if chosen else _tells(layer, field, lang))
        and any(feature["properties"].get(field.name) is not None for feature in features)
    ]
    return known[:MOST_COLUMNS]


def _tells(layer: Layer, field: Field, lang: str) -> bool:
    """Say whether a property is for a person who reads the language, in few words."""
    other = "en" if lang == "vi" else "vi"
    plain = not field.refers and field.kind != Kind.JSON
    hidden = (layer.label, f"name_{lang}", "note", "classification", "revision")
    twin = layer.field(f"{field.name}_{lang}") is not None
    return plain and field.name not in hidden and not field.name.endswith(f"_{other}") and not twin


def _heading(layer: Layer, lang: str) -> dict[str, Any]:
    own = f"name_{lang}" if layer.label.startswith("name_") else layer.label
    field = layer.field(own) or layer.field(layer.label)
    return {"title": getattr(field.title, lang) if field else "id", "numeric": False}


def _numeric(field: Field) -> bool:
    return field.kind in (Kind.INTEGER, Kind.REAL)


def _column(field: Field, lang: str) -> dict[str, Any]:
    return {"title": getattr(field.title, lang), "numeric": _numeric(field)}


def _rows(
    request: Request, layer: Layer, features: Sequence[Feature], fields: Sequence[Field], lang: str
) -> Iterator[dict[str, Any]]:
    base = links.base(request)
    for feature in features:
        given = feature["properties"]
        yield {
            "href": _address(request, layer, feature),
            "label": label(layer, feature, lang),
            "cells": [
                {"numeric": _numeric(f), "shown": values.shown(f, given.get(f.name), lang, base)}
                for f in fields
            ],
        }


def _address(request: Request, layer: Layer, feature: Feature) -> str:
    when = request.query_params.get("datetime")
    own = f"{links.base(request)}/collections/{layer.name}/items/{quote(feature['id'], safe='')}"
    return f"{own}?datetime={quote(when)}" if when else own


def _drawn(request: Request, conn: Connection, layer: Layer, features: Sequence[Feature]) -> Markup:
    said = words.of(negotiate.language(request))
    text = said.map.format(what=title_of(request, layer))
    drawn = picture.draw(layer, features, ground(request, conn), text)
    return Markup(drawn)  # noqa: S704  numbers and constants of our own, and an escaped label


def _caption(features: Sequence[Feature], lang: str) -> str:
    said = words.of(lang)
    qualities = (one["properties"].get("position_quality") for one in features)
    return said.indicative if PositionQuality.INDICATIVE in qualities else said.crs


def item_page(
    request: Request,
    conn: Connection,
    layer: Layer,
    text: str,
    *,
    asked: Filter,
    made_of: Sequence[links.Link],
    headers: dict[str, str],
) -> Response:
    """Return everything about one feature; `text` is its GeoJSON, lon then lat."""
    lang = negotiate.language(request)
    feature: Feature = orjson.loads(text)
    return page(
        request,
        "item.html",
        title=_heading_of(request, layer, feature),
        crumb=label(layer, feature, lang),
        trail=[*trail(request, layer), (f"/collections/{layer.name}/items", words.of(lang).items)],
        made_of=made_of,
        headers=headers,
        layer=layer,
        document=feature,
        facts=list(_facts(request, layer, feature, lang)),
        position=_position(feature, lang),
        periods=_periods(request, conn, layer, feature, asked, lang),
        app_page=_app_page(request, layer, feature),
        drawn=_drawn(request, conn, layer, [feature]),
        caption=_caption([feature], lang),
    )


def _facts(request: Request, layer: Layer, feature: Feature, lang: str) -> Iterator[dict[str, Any]]:
    base = links.base(request)
    for field in layer.fields:
        if field.name in feature["properties"]:
            shown = values.shown(field, feature["properties"][field.name], lang, base)
            yield {"title": getattr(field.title, lang), "shown": shown}


def _position(feature: Feature, lang: str) -> str:
    shape = feature["geometry"]
    if not shape or shape["type"] != "Point":
        return ""
    lon, lat = (values.number(round(side, 7), lang) for side in shape["coordinates"][:2])
    return f"{lon}; {lat}"


def _app_page(request: Request, layer: Layer, feature: Feature) -> str | None:
    given = feature["properties"]
    root = links.root(request)
    if layer.name == "corridors" and given.get("corridor_id"):
        return f"{root}/corridors/{quote(given['corridor_id'], safe='')}"
    found = _PAGES.get(layer.name)
    return root + found.format(id=quote(feature["id"], safe="")) if found else None


def _periods(
    request: Request, conn: Connection, layer: Layer, feature: Feature, asked: Filter, lang: str
) -> list[dict[str, Any]]:
    """Return when the feature was what, and what changed from one period to the next."""
    said, base = words.of(lang), links.base(request)
    address = f"{base}/collections/{layer.name}/items/{quote(feature['id'], safe='')}"
    found = query.periods(conn, layer, feature["id"], asked.sight)
    states = [{}, *(orjson.loads(one.text)["properties"] for one in found)]
    return [
        {
            "start": said.always if one.start == EARLIEST else values.day(one.start, lang),
            "end": said.onward if one.end == LATEST else values.day(one.end, lang),
            "href": f"{address}?datetime={_within(one)}",
            "changes": _changes(layer, before, after, lang, base) if before else [],
        }
        for one, (before, after) in zip(found, pairwise(states), strict=True)
    ]


def _within(one: query.Validity) -> str:
    """Return a day of a period: its first, or where it has none the day before its end."""
    if one.start != EARLIEST:
        return one.start
    last = date.fromisoformat(one.end) - timedelta(days=1)
    return last.isoformat() if one.end != LATEST else "../.."


def _changes(
    layer: Layer, before: dict[str, Any], after: dict[str, Any], lang: str, base: str
) -> list[dict[str, Any]]:
    return [
        {
            "title": getattr(field.title, lang),
            "shown": values.shown(field, after.get(field.name), lang, base),
        }
        for field in layer.fields
        if field.name not in ("valid_from", "valid_to", "revision")
        and before.get(field.name) != after.get(field.name)
    ]
