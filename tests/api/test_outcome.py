"""What a failed change says of itself is true: not kept, kept after all, or nobody knows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, event, text

from api.routes import editing
from api.settings import Settings
from geo import change, check, store
from geo.errors import UnsureError
from office import database as private
from tests.api.test_editing import FIRST, local
from tests.geo import build
from tests.server import until

ANY = {"if-match": "*", "accept-language": "en"}
NEW = {"properties": {"note": "new"}}


def serving(place: Any) -> Any:
    build.register(place, markers=[build.marker("vn-kh.48.0.1", 107.3, 12.4)]).engine.dispose()
    return local(Settings(store=place, allow_anonymous_writes=True))


@pytest.fixture(scope="module")
def client(database: str) -> Iterator[TestClient]:
    with serving(f"{database}&schema=outcome") as made:
        yield made


def engine_of(client: Any) -> Engine:
    found: Engine = client.app.state.engine
    return found


def note(client: TestClient) -> Any:
    return client.get(FIRST, headers={"cache-control": "no-cache"}).json()["properties"]["note"]


def cut(engine: Engine, conn: Connection) -> None:
    """End a connection as a restart of the database does, and wait until it has gone."""
    db: Any = conn.connection.driver_connection
    asked = {"pid": db.info.backend_pid}
    with engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid)"), asked)

    def gone() -> bool:
        with engine.connect() as other:  # one transaction is told one state of this table
            there = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
            return other.execute(there, asked).scalar() == 0

    until(gone)


@contextmanager
def losing(
    engine: Engine, *, kept: bool, more: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Lose the connection of a writer in its commit, before or after that has come to pass."""

    lost: list[bool] = []

    def lose(conn: Connection) -> None:
        if lost or not conn.get_execution_options().get("immediate"):
            return
        lost.append(True)
        if kept:
            conn.exec_driver_sql("COMMIT")
            conn.exec_driver_sql("BEGIN")
        cut(engine, conn)
        more()

    event.listen(engine, "commit", lose)
    yield
    event.remove(engine, "commit", lose)


def test_what_was_not_kept_is_said_to_be_not_kept(client: TestClient) -> None:
    with losing(engine_of(client), kept=False):
        answer = client.patch(FIRST, json=NEW, headers=ANY)
    assert (answer.status_code, answer.json()["code"]) == (503, "store_error")
    assert answer.json()["detail"].startswith("Nothing was changed")
    assert answer.headers["retry-after"]
    assert note(client) is None
    assert client.patch(FIRST, json={"properties": {"note": "x"}}, headers=ANY).status_code == 204


def test_what_was_kept_is_acknowledged(client: TestClient) -> None:
    with losing(engine_of(client), kept=True):
        answer = client.patch(FIRST, json=NEW, headers=ANY)
    assert answer.status_code == 204
    assert note(client) == "new"
    same = {"if-match": answer.headers["etag"]}
    assert client.patch(FIRST, json={"properties": {"note": "2"}}, headers=same).status_code == 204
    assert check.check(engine_of(client)) == []


@pytest.mark.parametrize(("kept", "lang"), [(True, "en"), (False, "vi")])
def test_what_nobody_knows_is_said_to_be_so(
    client: TestClient, kept: bool, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_of(client)
    monkeypatch.setattr(store, "BACK_S", 0.1)

    def away(*_: object) -> None:
        raise psycopg.OperationalError("the database is away")

    with losing(engine, kept=kept, more=lambda: event.listen(engine, "do_connect", away)):
        answer = client.patch(FIRST, json=NEW, headers=ANY | {"accept-language": lang})
    event.remove(engine, "do_connect", away)
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unsure")
    words = {"en": "not certain whether this was kept", "vi": "Không chắc thay đổi đã được lưu"}
    assert words[lang] in answer.json()["detail"]


def test_the_private_database_says_so_too(database: str) -> None:
    office = private.open_office(f"{database}&schema=outcome_office")
    with losing(office, kept=False), pytest.raises(UnsureError), private.writing(office) as conn:
        conn.execute(text("SELECT 1"))
    office.dispose()


@pytest.mark.parametrize(
    ("where", "name", "told"),
    [(change, "update", "Nothing was changed"), (editing, "_answer", "It is not certain")],
    ids=["before", "after"],
)
def test_a_fault_of_our_own(
    tmp_path: Path, where: Any, name: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the change is kept, and when it was kept already."""

    def broken(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(where, name, broken)
    with serving(tmp_path / "r.gpkg") as client:
        answer = client.patch(FIRST, json=NEW, headers=ANY)
        assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
        assert answer.json()["detail"].startswith(told)
        assert note(client) == (None if where is change else "new")
