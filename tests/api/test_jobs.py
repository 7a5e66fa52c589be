"""What a client sees of jobs, on both stores: its own, and nobody else's."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from geo.store import Target
from office import database, jobs, people, reads, worker
from office.actor import ANONYMOUS, OPERATOR, Actor, Role
from office.work import Workshop
from tests import server
from tests.api.acting import act
from tests.conftest import Places
from tests.geo import build
from tests.once import DATA

HOME = "http://127.0.0.1:8000"
JOBS = "/api/jobs"
EXPORT = {"kind": "export", "layer": "markers", "f": "csv", "query": {"main": "48"}}
ANNA = replace(OPERATOR, id="anna", name="anna", role=Role.EDITOR)
BINH = replace(ANNA, id="binh", name="binh")
CHI = replace(ANNA, id="chi", role=Role.ADMIN)
WHO = {one.id: one for one in (ANNA, BINH, CHI)}


@pytest.fixture(scope="module")
def register(places: Places) -> Target:
    place = places()
    markers = [build.marker(f"m{n}", 107.3 + n / 1000, 12.4, main=n) for n in range(48, 60)]
    build.register(place, markers=markers).engine.dispose()
    return place


@pytest.fixture(scope="module")
def anybody(register: Target) -> Iterator[TestClient]:
    app = create_app(Settings(store=register))
    with TestClient(app, base_url=HOME, raise_server_exceptions=False) as client:
        yield client
    app.state.engine.dispose()


@pytest.fixture
def client(anybody: TestClient, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A client that is whom its header names."""
    act(monkeypatch, lambda request: WHO.get(request.headers.get("authorization", ""), ANONYMOUS))
    return anybody


def be(who: Actor) -> dict[str, str]:
    return {"authorization": who.id}


def submit(client: TestClient, who: Actor = ANNA, **changed: Any) -> Any:
    return client.post(JOBS, json=EXPORT | changed, headers=be(who))


def work(client: TestClient) -> None:
    """Do all the jobs that wait."""
    state: Any = client.app.state  # type: ignore[attr-defined]
    results = state.settings.folder_of_results()
    shop = Workshop(state.register, state.office, results, DATA)
    while worker.step(shop, "w"):
        pass


def test_a_job_from_its_asking_to_its_result(client: TestClient) -> None:
    asked = submit(client)
    assert (asked.status_code, asked.headers["cache-control"]) == (202, "no-store")
    address = asked.headers["location"]
    waiting = client.get(address, headers=be(ANNA)).json()
    assert waiting == asked.json()
    assert (waiting["state"], waiting["given"]["layer"]) == ("waiting", "markers")
    early = client.get(f"{address}/result", headers=be(ANNA))
    assert (early.status_code, early.json()["code"]) == (409, "conflict")
    work(client)
    done = client.get(address, headers=be(ANNA)).json()
    assert (done["state"], done["progress"]["done"], done["progress"]["of"]) == ("done", 1, 1)
    (link,) = [one["href"] for one in done["links"] if one["rel"] == "enclosure"]
    file = client.get(link, headers=be(ANNA))
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert file.headers["content-disposition"] == 'attachment; filename="markers.csv"'
    assert file.headers["cache-control"] == "no-store"
    assert file.headers["x-content-type-options"] == "nosniff"
    items = "/api/collections/markers/items?f=csv&main=48&limit=5"
    direct = client.get(items, headers=be(ANNA))
    assert file.content == direct.content
    assert done["result"]["bytes"] == len(file.content)


def test_an_administrator_reads_whose_each_job_is_by_login(
    client: TestClient, register: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = database.open_office(database.beside(register))
    with database.writing(engine) as conn:
        dung = people.create(conn, "dung", name="Dũng", role=Role.EDITOR, provinces=())
    engine.dispose()
    monkeypatch.setitem(WHO, dung.id, dung.acting("session", second_factor=True))
    asked = submit(client, WHO[dung.id])
    assert asked.json()["by"] == "dung"
    found = client.get(JOBS, headers=be(CHI)).json()["jobs"]
    assert [one["by"] for one in found if one["actor"] == dung.id] == ["dung"]
    assert client.get(asked.headers["location"], headers=be(CHI)).json()["by"] == "dung"


def test_what_leaves_as_the_file_of_a_job_is_logged(client: TestClient, register: Target) -> None:
    address = submit(client).headers["location"]
    work(client)
    assert client.get(f"{address}/result", headers=be(ANNA)).status_code == 200
    engine = database.open_office(database.beside(register))

    def told() -> list[tuple[str, str, int | None]]:
        found = reads.entries(engine, reads.Asked(actor="anna"))
        return [(one["what"], one["filter"], one["rows"]) for one in found]

    entry = (f"export {address.removeprefix(HOME)}/result", "main=48&layer=markers&f=csv", 1)
    server.until(lambda: entry in told())
    engine.dispose()


def test_who_is_shown_less_by_now_gets_no_older_file(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = submit(client).headers["location"]
    work(client)
    assert client.get(f"{address}/result", headers=be(ANNA)).status_code == 200
    monkeypatch.setitem(WHO, "anna", replace(ANNA, role=Role.PARTNER))
    late = client.get(f"{address}/result", headers=be(ANNA))
    assert (late.status_code, late.json()["code"]) == (409, "conflict")


def test_only_its_owner_and_an_administrator_see_a_job(client: TestClient) -> None:
    address = submit(client).headers["location"]
    work(client)
    absent = f"{HOME}{JOBS}/{'0' * 32}"
    for path in ("", "/result"):
        seen, none = (client.get(f"{one}{path}", headers=be(BINH)) for one in (address, absent))
        assert seen.status_code == none.status_code == 404
        told, known = seen.text, none.text
        assert told.replace(address.rpartition("/")[2], "") == known.replace("0" * 32, "")
        assert client.get(f"{address}{path}", headers=be(CHI)).status_code == 200
    key = address.rpartition("/")[2]
    assert client.delete(address, headers=be(BINH)).status_code == 404
    mine, theirs, every = (client.get(JOBS, headers=be(who)).json() for who in (ANNA, BINH, CHI))
    assert key in {job["id"] for job in mine["jobs"]} & {job["id"] for job in every["jobs"]}
    assert theirs == {"jobs": []}


def test_who_is_not_signed_in_has_no_jobs(client: TestClient) -> None:
    key = submit(client).headers["location"]
    for method, path in (
        ("POST", JOBS), ("GET", JOBS), ("GET", key), ("DELETE", key), ("GET", f"{key}/result")
    ):  # fmt: skip
        answer = client.request(method, path, json=EXPORT if method == "POST" else None)
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_needed"), (
            method,
            path,
        )
    client.delete(key, headers=be(ANNA))


def test_a_job_is_cancelled_once(client: TestClient) -> None:
    address = submit(client).headers["location"]
    assert client.delete(address, headers=be(ANNA)).status_code == 204
    assert client.get(address, headers=be(ANNA)).json()["state"] == "cancelled"
    again = client.delete(address, headers=be(ANNA))
    assert (again.status_code, again.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize(
    ("changed", "status", "parameter"),
    [
        ({"kind": "backup"}, 400, "kind"),
        ({"layer": "nothing"}, 404, "layer"),
        ({"layer": 7}, 400, "layer"),
        ({"f": "exe"}, 400, "f"),
        ({"f": "kml", "query": {"crs": "EPSG:9218"}}, 400, "crs"),
        ({"query": {"bbox": "1,2,3"}}, 400, "bbox"),
        ({"query": {"limit": "0"}}, 400, "limit"),
        ({"query": {"stage": "ruined"}}, 400, "stage"),
        ({"query": {"secret": "1"}}, 400, "secret"),
        ({"query": {"main": "\0"}}, 400, "query"),
        ({"query": ["main"]}, 400, "query"),
        ({"more": 1}, 400, "body"),
    ],
)
def test_what_cannot_be_done_is_said_at_once(
    client: TestClient, changed: Any, status: int, parameter: str
) -> None:
    answer = submit(client, **changed)
    assert (answer.status_code, answer.json()["parameter"]) == (status, parameter)


def test_one_who_asks_for_too_much_waits(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MOST_OPEN", 1)
    first = submit(client, BINH)
    assert first.status_code == 202
    assert submit(client, BINH).status_code == 409
    client.delete(first.headers["location"], headers=be(BINH))
    assert submit(client, BINH).status_code == 202
    work(client)
