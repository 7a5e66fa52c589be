"""What stands beside an export: where it comes from, when, what was asked, who may have it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from time import time
from typing import Any

from sqlalchemy import Connection, select

from geo import info, query, store
from geo.exports.order import EXERCISE_NOTICE, Order
from geo.layers import SOURCES
from geo.query import Filter
from geo.tables import VIEWS

MEDIA_TYPE = "application/json"
MADE_UP = "exercise"  # the source of rows that an exercise made up
Facts = dict[str, Any]


def now() -> str:
    """Return the time, UTC, as RFC 3339 writes it."""
    return _written(int(time()))


@lru_cache(1)
def _written(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat().replace("+00:00", "Z")


def describe(conn: Connection, order: Order) -> Facts:
    """Return the metadata of an export, as JSON values.

    `licence` holds those of the embedded data and of every source that the rows name;
    `classification` is the most closed class that a row in it may have.
    """
    sources = _sources(conn, order)
    matched = query.matched(conn, order.layer, order.asked)
    return {
        "title": {"vi": order.layer.title.vi, "en": order.layer.title.en},
        "layer": order.layer.name,
        "created": now(),
        "register": store.get_value(conn, "identity"),
        "revision": store.revision(conn, order.layer.name),
        "exercise": order.exercise,
        "notice": EXERCISE_NOTICE if order.exercise else None,
        "filter": dict(order.said) | _time(order),
        "count": matched if order.most is None else min(matched, order.most),
        "crs": order.system if order.layer.geometry else None,
        "classification": order.asked.sight.widest.value,
        "licence": _licences(order, sources),
        "attribution": sorted({c["attribution"] for c in _embedded(order, sources)}),
        "source": sources,
        "fields": [info.field(field) for field in order.fields],
    }


def _time(order: Order) -> Facts:
    """What the absence of a date stands for."""
    when = order.asked.when
    return {"datetime": "../.." if when is None else f"{when.start}/{when.end}"}


def _sources(conn: Connection, order: Order) -> list[Facts]:
    """Return what the rows name as their sources, with what the register knows of each."""
    view, known = VIEWS[order.layer.name], VIEWS[SOURCES.name]
    cited = select(view.c.source_id, view.c.source).distinct()
    cited = cited.where(query.condition(order.layer, order.asked), view.c.source.is_not(None))
    told = select(known.c.id, known.c.licence, known.c.url).where(
        query.condition(SOURCES, Filter(None, sight=order.asked.sight))
    )
    facts = {row.id: row for row in conn.execute(told)}
    found = sorted(conn.execute(cited).all(), key=lambda row: (row.source_id or "", row.source))
    return [
        {
            "id": row.source_id,
            "title": row.source,
            "licence": getattr(facts.get(row.source_id), "licence", None),
            "url": getattr(facts.get(row.source_id), "url", None),
        }
        for row in found
    ]


def _embedded(order: Order, sources: list[Facts]) -> list[Mapping[str, Any]]:
    """Return the entries of the embedded data's catalogue that the rows can come from."""
    if sources and all(source["id"] == MADE_UP for source in sources):
        return []
    return [entry for entry in order.catalogue if entry["layer"] == order.layer.name]


def _licences(order: Order, sources: list[Facts]) -> list[str]:
    found = {entry["licence"] for entry in _embedded(order, sources)}
    return sorted(found | {source["licence"] for source in sources if source["licence"]})


def lines(about: Facts) -> list[str]:
    """Return the metadata as lines of text, for formats that hold no more than a text."""
    title = about["title"]
    said = "; ".join(f"{name}={value}" for name, value in about["filter"].items())
    facts = {
        "": f"{title['vi']} / {title['en']}",
        "notice": about["notice"],
        "created": about["created"],
        "register": f"{about['register']}, revision {about['revision']}",
        "filter": said,
        "count": about["count"],
        "crs": about["crs"],
        "classification": about["classification"],
        "licence": "; ".join(about["licence"]),
        "attribution": "; ".join(about["attribution"]),
        "source": "; ".join(source["title"] for source in about["source"]),
    }
    return [f"{name}: {fact}" if name else str(fact) for name, fact in facts.items() if fact]
