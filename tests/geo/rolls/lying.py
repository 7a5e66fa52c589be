"""A register whose rows lie ready, what is written to it, and what comes from either."""

from contextlib import suppress
from dataclasses import replace

from geo import change, query, store
from geo.audience import EVERYTHING
from geo.errors import ConflictError
from geo.layers import MARKER_EVENTS, MARKERS
from geo.pages import Sheet
from geo.period import parse
from geo.query import Filter
from geo.reading import Reader
from geo.register import Register
from geo.store import Target
from tests.geo.build import event, marker, register
from tests.geo.edits import EDIT, fact, feature

WRITER = replace(EDIT, sight=EVERYTHING)
TODAY = Filter(parse(None))
NAME = MARKERS.name


def made(place: Target) -> Register:
    return register(
        place,
        markers=[
            marker(
                f"m.{n}", 107 + n / 100, 12.5, classification="internal" if n % 5 == 4 else "public"
            )
            for n in range(12)
        ],
        marker_events=[event(f"m.{n}", "built", "2014-06-30") for n in range(0, 12, 3)],
    )


def ready(reader: Reader, asked: Filter = TODAY, *, limit: int = 3, after: int = 0) -> Sheet | None:
    """A page that lies ready, as a server finds it: after it has read one from the store."""
    reader.sheet(MARKERS, asked, limit=1)
    return reader.sheet_at_hand(MARKERS, asked, reader.revision(), limit=limit, after=after)


def write(found: Register, kind: str, number: int) -> None:
    with suppress(ConflictError), store.writing(found.engine) as conn:
        ids = [row["id"] for row in query.rows(conn, MARKERS, Filter(None, sight=EVERYTHING))]
        key = ids[number % len(ids)]
        if kind == "add" or len(ids) < 4:
            change.create(conn, MARKERS, feature(107.0, 12.0, number="x"), WRITER)
        elif kind == "change":
            change.update(conn, MARKERS, key, {"properties": {"note": f"ghi {number}"}}, WRITER)
        elif kind == "build":
            built = fact(marker_id=key, event="built", date=f"2015-01-{1 + number:02}")
            change.create(conn, MARKER_EVENTS, built, WRITER)
        elif kind == "move":
            there = {"type": "Point", "coordinates": [107 + number / 100, 12.5 + number % 3 / 10]}
            change.update(conn, MARKERS, key, {"geometry": there}, WRITER)
        elif kind == "hide":
            hidden = {"properties": {"classification": ("internal", "public")[number % 2]}}
            change.update(conn, MARKERS, key, hidden, WRITER)
        else:
            change.delete(conn, MARKERS, key, WRITER)


def same(reader: Reader, plain: Reader, asked: Filter, *, limit: int, after: int) -> bool:
    """Say whether a page lies ready; what does is what the store gives."""
    found = ready(reader, asked, limit=limit, after=after)
    read = plain.sheet(MARKERS, asked, limit=limit, after=after)
    assert found is None or told(found) == told(read)
    assert told(reader.sheet(MARKERS, asked, limit=limit, after=after)) == told(read)
    return found is not None


def same_item(reader: Reader, plain: Reader, feature_id: str) -> bool:
    """Say whether a feature lies ready; what does is what the store gives."""
    found = reader.item_at_hand(MARKERS, feature_id, TODAY, reader.revision())
    if found is not None:
        assert found == plain.item(MARKERS, feature_id, TODAY)
    return found is not None


def told(sheet: Sheet) -> tuple[object, ...]:
    return bytes(sheet.text), *sheet[1:]
