"""Files too long to wait for are checked and written by a worker, on both stores."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from geo import check
from geo.imports import spool
from geo.imports.spool import Upload
from geo.store import Target
from office import jobs
from office.actor import Role
from tests.api.importing import IMPORTS, MANY, Office, close, line, opened

HOME, AWAY = "vn.dak-nong", "vn.quang-tri"
NUMBERS = {"1", "2", "3", "4", "5"}
PATIENCE_S = 60.0


@pytest.fixture
def office(place: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    made = opened(place, tmp_path / "waiting", monkeypatch)
    made.be("lan", Role.EDITOR, HOME)
    yield made
    close(made)


def sent(office: Office, *lines: Any) -> dict[str, Any]:
    """Return a long import that was checked."""
    answer = office.send(*(lines or MANY))
    assert answer.status_code == 202, answer.text
    office.work()
    told: dict[str, Any] = office.get(f"{IMPORTS}/{answer.json()['id']}").json()
    return told


def test_a_long_file_from_its_sending_to_its_undo(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = office.send(*MANY)
    told = answer.json()
    at = f"{IMPORTS}/{told['id']}"
    assert (answer.status_code, told["state"]) == (202, "judging")
    assert answer.headers["location"] == told["job"]
    job = office.get(told["job"]).json()
    assert (job["kind"], job["state"], job["given"]["file"]) == (
        "import_preview", "waiting", "moc.csv"
    )  # fmt: skip
    assert set(job["given"]) == {"import", "file", "layer"}
    assert office.get(at).json() == told
    assert office.get(f"{at}/rows").status_code == 409
    assert office.commit(told).status_code == 409
    office.work()
    ready = office.get(at).json()
    assert (ready["state"], ready["progress"], ready["counts"]["create"]) == ("ready", None, 5)
    assert [row["row"] for row in office.rows(told, start="3")] == [5, 6]

    begun = office.commit(told)
    assert (begun.status_code, begun.json()["state"]) == (202, "committing")
    assert begun.headers["location"] == begun.json()["job"]
    for answer in (office.commit(told), office.client.delete(at), office.client.patch(at, json={})):
        assert answer.status_code == 409
    clear, asked = spool.clear, []

    def cleared(upload: Upload) -> None:
        clear(upload)
        asked.append(office.get(at))

    monkeypatch.setattr(spool, "clear", cleared)
    office.work()
    assert [(one.status_code, one.json()["state"]) for one in asked] == [(200, "committing")]
    done = office.get(at).json()
    assert (done["state"], done["done"]["written"]) == ("committed", {"markers": 5})
    assert office.get(begun.json()["job"]).json()["result"] == done["done"]
    assert office.numbers() == NUMBERS
    monkeypatch.setattr(spool, "MOST_WAITING", 1)
    assert office.send(line(9)).status_code == 201  # what was written waits no more
    assert office.client.delete(at).status_code == 204

    undone = office.client.post(f"{IMPORTS}/{done['done']['import']}/undo")
    assert undone.status_code == 202
    assert undone.headers["location"].endswith(undone.json()["id"])
    office.work()
    ended = office.get(undone.headers["location"]).json()
    assert (ended["state"], ended["result"]["written"]) == ("done", {"markers": 5})
    assert office.numbers() == set()
    assert check.check(office.shop.register.engine) == []


def test_other_options_are_judged_anew_and_the_job_before_is_cancelled(office: Office) -> None:
    first = office.send(*MANY).json()
    at = f"{IMPORTS}/{first['id']}"
    second = office.client.patch(at, json={"document": "Biên bản 12"})
    assert second.status_code == 202
    assert office.get(first["job"]).json()["state"] == "cancelled"
    office.work()
    assert office.get(at).json()["options"]["document"] == "Biên bản 12"
    third = office.client.patch(at, json={"document": "Biên bản 13"}).json()
    assert office.client.delete(third["job"]).status_code == 204
    assert office.get(at).json()["state"] == "cancelled"
    assert office.get(f"{at}/rows").status_code == 409  # those shown were of other options
    assert office.client.delete(at).status_code == 204
    assert office.get(at).status_code == 404


def test_a_file_that_cannot_be_read_says_why_in_the_language_of_its_sender(office: Office) -> None:
    told = office.send(*MANY).json()
    at = f"{IMPORTS}/{told['id']}"
    assert office.shop.imports is not None
    for kept in (office.shop.imports / told["id"]).glob("lines.*"):
        kept.unlink()
    (office.shop.imports / told["id"] / "file").write_bytes(b"")
    office.work()
    failed = office.get(at, lang="vi").json()
    assert (failed["state"], failed["problem"]["reason"]) == ("failed", "empty")
    assert "tệp không có dữ liệu" in failed["problem"]["detail"]


def test_errors_are_told_at_once_and_those_that_came_since_by_the_job(office: Office) -> None:
    bad = sent(office, *MANY, line(9, "Quảng Trị"))
    refused = office.commit(bad)
    assert (refused.status_code, refused.json()["reason"]) == (409, "findings")
    assert [(f["row"], f["code"]) for f in refused.json()["findings"]] == [(7, "province")]
    told = sent(office)
    office.commit(told)
    office.change("lan", Role.EDITOR, AWAY)  # as it is when the job comes to it
    office.work()
    office.change("lan", Role.EDITOR, HOME)
    again = office.get(f"{IMPORTS}/{told['id']}").json()
    assert (again["state"], again["problem"]["reason"]) == ("ready", "changed")
    assert {f["code"] for f in again["problem"]["findings"]} == {"province"}
    assert office.numbers() == set()


def test_who_may_not_import_any_more_has_nothing_done_for_him(office: Office) -> None:
    told = sent(office)
    begun = office.commit(told).json()
    office.change("lan", Role.VIEWER)
    office.work()
    job = office.get(begun["job"]).json()
    assert (job["state"], job["problem"]["code"]) == ("failed", "not_allowed")
    assert job["problem"]["reason"] == "role"
    told = office.client.get(begun["job"], headers={"accept-language": "vi"}).json()
    assert told["problem"]["detail"] == "Không được phép, vai trò này không được làm việc đó."
    assert office.numbers() == set()


def until(true: Callable[[], Any]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_commit_whose_worker_is_killed_is_tried_once_more(
    office: Office, place: Target, office_place: Target, monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:  # fmt: skip
    """Killed with rows written but nothing committed, or all committed but nobody told."""
    told = sent(office)
    address = office.commit(told).json()["job"]
    shop = office.shop
    command = [sys.executable, "-m", "tests.office.dying", moment]
    places = [place, office_place, shop.results, shop.imports]
    with subprocess.Popen([*command, *map(str, places)]) as worker:
        until(lambda: (_job(office, address).saved or {}).get("at") == moment)
        os.kill(worker.pid, signal.SIGKILL)
    assert office.numbers() == (set() if moment == "before" else NUMBERS)
    monkeypatch.setattr(jobs, "STALE_S", 0.0)
    office.work()
    job = _job(office, address)
    assert (job.state, job.tries) == (jobs.State.DONE, 2), job.problem
    assert (job.result or {})["written"] == {"markers": 5}
    assert office.numbers() == NUMBERS
    assert check.check(shop.register.engine) == []
    assert office.get(f"{IMPORTS}/{told['id']}").json()["state"] == "committed"


def test_a_commit_is_not_tried_a_third_time(office: Office) -> None:
    told = sent(office)
    address = office.commit(told).json()["job"]
    with office.shop.office.begin() as conn:
        conn.execute(jobs.jobs.update().values(tries=2).where(jobs.jobs.c.kind == "import_commit"))
    office.work()
    job = _job(office, address)
    assert (job.state, (job.problem or {})["code"]) == (jobs.State.FAILED, "worker_died")
    assert office.numbers() == set()


def _job(office: Office, address: str) -> jobs.Job:
    with office.shop.office.connect() as conn:
        return jobs.find(conn, address.rpartition("/")[2])
