"""What is not for everybody, and every export, is in the log: who, what, when."""

import asyncio
import time
from threading import Event
from typing import Any

import pytest
from sqlalchemy.exc import TimeoutError

from api.logged import ReadLog
from api.settings import Settings
from geo.errors import StoreError
from geo.store import Target
from office import database
from office.actor import ANONYMOUS, OPERATOR, Actor, Role
from office.reads import BEGUN, ENDED, Asked, Reads, counts, entries
from tests.api.acting import act
from tests.api.test_editing import FIRST, MARKERS, local
from tests.geo import build

EDITOR = Actor("u1", "Biên", Role.EDITOR, frozenset(), "session", second_factor=True)


@pytest.fixture
def made(place: Target) -> Target:
    build.register(place, markers=[build.marker("vn-kh.48.0.1", 107.3, 12.4)]).engine.dispose()
    return place


def logged_at(place: Target, **asked: Any) -> list[dict[str, Any]]:
    engine = database.open_office(database.beside(place))
    found = list(entries(engine, Asked(**asked)))
    engine.dispose()
    return found


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Headers of a request of an editor."""
    act(monkeypatch, lambda _request: EDITOR)
    return {"authorization": "Bearer x"}


def test_exports_and_restricted_reads_are_logged(made: Target, editor: dict[str, str]) -> None:
    with local(Settings(store=made)) as client:
        client.get(MARKERS)
        client.get(f"{MARKERS}?f=csv&stage=built")
        client.get(f"{MARKERS}?f=geojson")
        assert client.get(FIRST, headers=editor).status_code == 200
        client.get(f"{MARKERS}/nobody", headers=editor)
        client.app.state.engine.dispose()  # type: ignore[attr-defined]
    found = logged_at(made)
    assert [(one["what"], one["filter"], one["actor"]) for one in found[1:-1]] == [
        (f"export {MARKERS}", "f=csv&stage=built", "anonymous"),
        (f"read {FIRST}", "", "u1"),
    ]
    assert (found[0]["what"], found[-1]["what"]) == (BEGUN, ENDED)
    assert [one["what"] for one in logged_at(made, actor="Biên")] == [f"read {FIRST}"]
    assert logged_at(made, since="2090-01-01") == []


@pytest.mark.parametrize(
    ("query", "accept"),
    [("%66=csv", "*/*"), ("%64ownload=", "*/*"), ("", "text/csv"), ("", "application/zip")],
)
def test_an_export_is_one_however_it_is_asked_for(made: Target, query: str, accept: str) -> None:
    with local(Settings(store=made)) as client:
        answer = client.get(f"{MARKERS}?{query}", headers={"accept": accept})
        assert "attachment" in answer.headers["content-disposition"]
        client.app.state.engine.dispose()  # type: ignore[attr-defined]
    assert [one["what"] for one in logged_at(made)[1:-1]] == [f"export {MARKERS}"]


def test_an_answer_that_breaks_off_has_been_read_so_far(made: Target) -> None:
    async def breaking(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise StoreError("the disk is gone")

    async def nothing(*_: Any) -> Any: ...

    with local(Settings(store=made)) as client:
        scope = {"type": "http", "method": "GET", "path": MARKERS, "query_string": b"f=csv"}
        given = scope | {"headers": [], "app": client.app}
        with pytest.raises(StoreError):
            asyncio.run(ReadLog(breaking)(given, nothing, nothing))
        client.app.state.engine.dispose()  # type: ignore[attr-defined]
    assert [one["what"] for one in logged_at(made)[1:-1]] == [f"export {MARKERS}"]


def test_only_who_sees_more_than_everybody_is_logged() -> None:
    assert not counts(ANONYMOUS)
    assert counts(OPERATOR)
    assert counts(EDITOR)


def test_what_cannot_be_written_waits(
    made: Target, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = [StoreError("the disk is full"), TimeoutError("QueuePool limit of size 4 reached")]
    engine = database.open_office(database.beside(made))

    def opened() -> Any:
        if broken:
            raise broken.pop()
        return engine

    monkeypatch.setattr("office.reads.FLUSH_S", 0.01)
    log = Reads(opened)
    log.note(EDITOR, "read x", "", 3)
    while broken:
        time.sleep(0.01)
    log.close()
    engine.dispose()
    assert "wait to be logged" in caplog.text
    told = [(one["what"], one["rows"]) for one in logged_at(made)]
    assert told[:2] == [(BEGUN, None), ("read x", 3)]
    assert told[-1] == (ENDED, None)


def test_what_can_never_be_written_is_told(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened() -> Any:
        raise StoreError("gone")

    monkeypatch.setattr("office.reads.FLUSH_S", 0.01)
    log = Reads(opened)
    log.note(EDITOR, "read x", "bbox=1,2,3,4")
    log.close()
    assert "could not be logged" in caplog.text
    assert "read x" in caplog.text
    assert "bbox=1,2,3,4" in caplog.text


def test_what_waits_too_long_fills_no_memory(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go_on = Event(), Event()

    def opened() -> Any:
        asked.set()
        assert go_on.wait(60)
        raise StoreError("gone")

    monkeypatch.setattr("office.reads.FLUSH_S", 0.01)
    monkeypatch.setattr("office.reads.MOST_WAITING", 3)
    log = Reads(opened)
    log.note(EDITOR, "read first", "")
    assert asked.wait(60)
    for number in range(3):  # while the first waits for the database
        log.note(EDITOR, f"read {number}", "")
    go_on.set()
    log.close()
    lost = [one.args[0].what for one in caplog.records if one.levelname == "CRITICAL"]  # type: ignore[index, union-attr]
    assert lost[:2] == [BEGUN, "read first"]
    assert lost[-1] == ENDED
