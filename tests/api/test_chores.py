"""Backups and reminders as an installation is set to do them, and as people see them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from api import actors
from api.app import create_app
from api.cli.working import chores
from api.settings import Settings
from geo.store import Target
from office import database, jobs, people, worker
from office.actor import ANONYMOUS, OPERATOR, Actor, Role
from office.chores import Chores, Daily, begin
from tests.api.acting import act
from tests.geo import build

JOBS = "/api/jobs"
BOSS = replace(OPERATOR, id="boss", role=Role.ADMIN)


def test_an_installation_does_nothing_by_itself_unless_it_is_set_to(tmp_path: Path) -> None:
    assert chores(Settings(store=tmp_path / "r.gpkg")) == Chores()


def test_the_settings_say_what_it_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "STORE": str(tmp_path / "r.gpkg"), "BACKUP_TO": str(tmp_path / "kept"),
        "BACKUP_HOUR": "23", "REMINDERS_HOUR": "0", "MAIL_HOST": "mail.example.vn",
        "MAIL_FROM": "cotmoc@example.vn", "MAIL_PASSWORD": "a secret", "MAIL_STARTTLS": "true",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"COTMOC_{name}", value)
    made = chores(Settings())
    assert made.daily == (Daily("backup", 23), Daily("reminders", 0))
    assert made.backups is not None
    assert made.backups.evidence == tmp_path / "r.gpkg.evidence"
    assert made.backups.office == tmp_path / "r.gpkg.office.sqlite3"
    assert (made.backups.to, made.backups.keep) == (tmp_path / "kept", 14)
    assert made.mail is not None
    assert (made.mail.host, made.mail.port, made.mail.starttls) == ("mail.example.vn", 25, True)
    assert "a secret" not in repr(Settings())
    monkeypatch.setenv("COTMOC_EVIDENCE", "s3://bucket/photos")
    backups = chores(Settings()).backups
    assert backups is not None
    assert backups.evidence is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("backup_hour", 24), ("backup_keep", 0), ("reminders_hour", -1), ("mail_from", "nobody")],
)
def test_what_cannot_be_stops_the_start(name: str, value: Any) -> None:
    given: dict[str, Any] = {"mail_host": "mail.example.vn", "mail_from": "c@example.vn"}
    with pytest.raises(ValidationError, match=name):
        Settings(**given | {name: value})


@pytest.fixture
def client(place: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A server whose jobs of the day are done; who asks is whom its header names."""
    due = build.marker("near", 107.3, 12.4, inspection_due="2020-01-01", number="48")
    build.register(place, markers=[due]).engine.dispose()
    settings = Settings(store=place, backup_to=tmp_path / "kept", reminders_hour=0)
    office = database.open_office(actors.place(settings))
    with database.writing(office) as conn:
        lan = people.create(conn, "lan", name="Lan", role=Role.INSPECTOR, provinces=["vn.dak-nong"])
    office.dispose()
    do(settings)
    who = {"boss": BOSS, "lan": lan.acting("session", second_factor=True)}
    act(monkeypatch, lambda request: named(who, request.headers.get("authorization", "")))
    app = create_app(settings)
    with TestClient(app, base_url="http://127.0.0.1:8000") as made:
        yield made
    app.state.engine.dispose()


def named(who: dict[str, Actor], name: str) -> Actor:
    return who.get(name, ANONYMOUS)


def do(settings: Settings) -> None:
    shop = worker.opened(
        settings.store,
        actors.place(settings),
        results=settings.folder_of_results(),
        data=settings.data,
        chores=chores(settings),
    )
    begin(shop.office, shop.chores)
    while worker.step(shop, "w"):
        pass
    shop.register.engine.dispose()
    shop.office.dispose()


def seen(client: TestClient, name: str) -> dict[str, Any]:
    answer = client.get(JOBS, headers={"authorization": name})
    assert answer.status_code == 200
    return {job["kind"]: job for job in answer.json()["jobs"]}


def test_each_sees_his_reminder_and_administrators_the_rest(client: TestClient) -> None:
    own = seen(client, "lan")
    assert set(own) == {"reminder"}
    assert own["reminder"]["state"] == "done"
    assert own["reminder"]["title"]["vi"] == "Nhắc việc"
    [row] = own["reminder"]["result"]["inspections"]["rows"]
    assert row == {"layer": "markers", "id": "near", "name": "48", "date": "2020-01-01"}
    all_of_them = seen(client, "boss")
    assert set(all_of_them) == {"backup", "reminders", "reminder"}
    assert {job["state"] for job in all_of_them.values()} == {"done"}, all_of_them
    assert all_of_them["backup"]["result"]["folder"].startswith("cotmoc-")
    assert client.get(JOBS).status_code == 401


def test_no_file_comes_of_such_a_job(client: TestClient) -> None:
    for job in seen(client, "boss").values():
        address = f"{JOBS}/{job['id']}"
        told = client.get(address, headers={"authorization": "boss"}).json()
        assert told["state"] == jobs.State.DONE.value
        assert [link["rel"] for link in told["links"]] == ["self"]
        answer = client.get(f"{address}/result", headers={"authorization": "boss"})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
