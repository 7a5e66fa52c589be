"""A page whose rows were all read lately comes from memory, and is as right as one that is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import orjson
import pytest

from geo import change, period, store
from geo.change import Edit
from geo.layers import MARKERS
from geo.reading import Reader
from geo.store import Target
from tests.api.live import connected, serving
from tests.api.test_again import ITEMS, Server, ask, request
from tests.geo.build import marker, register
from tests.server import until

LAST_DAY = "2098-12-31"


@pytest.fixture
def engine(place: Target) -> Iterator[Any]:
    made = register(
        place,
        markers=[
            marker(f"m.{n}", 107.5, 12.5, valid_to="2099-01-01" if n % 2 else None)
            for n in range(8)
        ],
    ).engine
    yield made
    made.dispose()


@contextmanager
def asking(place: Target) -> Iterator[Any]:
    """A server, and what asks it for a page: its features, and whether the application helped."""
    server = Server(place)
    until(lambda: server.app.state.watch.revision() is not None)

    def page(query: str, *lines: str) -> tuple[list[str], bool]:
        reached = server.reached
        first, _, body = ask(link, request(f"{ITEMS}?{query}", *lines))
        assert first == b"HTTP/1.1 200 OK"
        told = orjson.loads(body)
        assert told["numberReturned"] == len(told["features"])
        named = [feature["properties"]["note"] or feature["id"] for feature in told["features"]]
        return named, server.reached > reached

    with serving(server.served) as port, connected(port) as link:
        page.server = server  # type: ignore[attr-defined]
        yield page
    server.app.state.engine.dispose()


def _knows(server: Server, revision: int) -> bool:
    return bool(server.app.state.watch.revision() == revision)


def names(*numbers: int) -> list[str]:
    return [f"m.{n}" for n in numbers]


def test_pages_within_others_need_no_store(
    place: Target, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with asking(place) as page:
        for limit in (7, 6):
            assert page(f"limit={limit}")[0] == names(*range(limit))
            later = page(f"limit={limit}&datetime=2099-06-01")
            assert later[0] == names(0, 2, 4, 6)
        monkeypatch.setattr(Reader, "sheet", None)
        assert page("limit=5") == (names(*range(5)), False)
        assert page("limit=2&f=json") == (names(0, 1), False)
        assert page("limit=2&datetime=2099-06-01") == (names(0, 2), False)


def test_a_change_elsewhere_is_seen(place: Target, engine: Any) -> None:
    with asking(place) as page:
        page("limit=8")
        page("limit=6")
        for turn in range(3):
            with store.writing(engine) as conn:
                edit = Edit("somebody", "to see", when=period.parse("2026-01-01"))
                change.update(conn, MARKERS, "m.1", {"properties": {"note": f"{turn}"}}, edit)
                least = store.revision_of_all(conn)
            seen = f"cotmoc-revision: {least}"  # PostgreSQL tells it in its own time
            assert page("limit=3", seen)[0] == ["m.0", f"{turn}", "m.2"]
            until(partial(_knows, page.server, least))
            assert page(f"limit={4 + turn}")[0][:3] == ["m.0", f"{turn}", "m.2"]


def test_another_day_has_other_rows(
    place: Target, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(period, "today", lambda: LAST_DAY)
    with asking(place) as page:
        for limit in (7, 6, 3):
            assert page(f"limit={limit}")[0] == names(*range(limit))
        monkeypatch.setattr(period, "today", lambda: "2099-01-01")
        assert page("limit=2")[0] == names(0, 2)
        monkeypatch.setattr(period, "today", lambda: LAST_DAY)
        assert page("limit=4") == (names(*range(4)), False)


def test_while_nobody_tells_of_changes_the_store_is_asked(
    place: Target, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with asking(place) as page:
        page("limit=8")
        page("limit=6")
        watch = page.server.app.state.watch
        monkeypatch.setattr(watch, "revision", lambda: None)
        assert page("limit=4") == (names(*range(4)), True)
