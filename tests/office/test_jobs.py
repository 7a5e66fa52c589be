"""Jobs on both stores: taken once, told, cancelled, gone on with after a worker's death."""

import stat
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, update

from geo import exports, layers, store
from geo.audience import PUBLIC
from geo.errors import BadInputError, ConflictError, FullStoreError, NotFoundError, StoreError
from geo.register import Register
from geo.store import Target
from office import database, exporting, jobs, worker
from office.actor import OPERATOR
from office.jobs import Job, State
from office.kinds import KINDS
from office.work import Kind, Outcome, Task, Workshop
from tests.conftest import Places
from tests.geo import build
from tests.office.slow import STEPS, count
from tests.once import DATA
from tests.server import PATIENCE, until

MARKERS = 350
EXPORT = {"layer": "markers", "f": "geojson", "query": {}, "sight": exporting.written(PUBLIC)}
ANNA = replace(OPERATOR, id="anna")


@pytest.fixture(scope="module")
def register_place(places: Places) -> Target:
    place = places()
    markers = [build.marker(f"m{n}", 107 + n / 1000, 12.4) for n in range(MARKERS)]
    build.register(place, markers=markers).engine.dispose()
    return place


@pytest.fixture
def shop(register_place: Target, office: Engine, tmp_path: Path) -> Iterator[Workshop]:
    engine = store.open_store(register_place)
    yield Workshop(Register(engine), office, tmp_path / "results", DATA)
    engine.dispose()


def submit(shop: Workshop, kind: str, **given: Any) -> str:
    with database.writing(shop.office) as conn:
        return jobs.submit(conn, kind, given, OPERATOR)


def find(shop: Workshop, key: str) -> Job:
    with shop.office.connect() as conn:
        return jobs.find(conn, key)


def kinds(run: Callable[[Task], Outcome]) -> dict[str, Kind]:
    return {"kind": Kind("Việc", "Work", run)}


def refuse(error: Exception) -> Callable[[Task], Outcome]:
    def run(_task: Task) -> Outcome:
        raise error

    return run


def test_a_job_is_done_and_says_how_far_it_is(shop: Workshop) -> None:
    key = submit(shop, "count", note="đếm")
    waiting = find(shop, key)
    assert (waiting.state, waiting.done, waiting.of) == (State.WAITING, 0, None)
    seen: list[Job] = []

    def watched(task: Task) -> Outcome:
        for done in (1, 2, 4):
            task._told = 0.0
            task.progress(done, 4, vi="Đang đếm", en="Counting")
            seen.append(find(shop, key))
        return Outcome({"note": task.job.given["note"]})

    assert worker.step(shop, "w", {"count": Kind("Đếm", "Count", watched)})
    assert [(job.state, job.done, job.of) for job in seen] == [
        (State.RUNNING, 1, 4), (State.RUNNING, 2, 4), (State.RUNNING, 4, 4)
    ]  # fmt: skip
    assert (seen[0].words_vi, seen[0].words_en) == ("Đang đếm", "Counting")
    done = find(shop, key)
    assert (done.state, done.done, done.of, done.result) == (State.DONE, 4, 4, {"note": "đếm"})
    assert done.made <= (done.started or 0) <= (done.ended or 0)
    assert not worker.step(shop, "w", {})


def test_an_export_is_what_it_would_be_on_the_line(shop: Workshop) -> None:
    key = submit(shop, "export", **EXPORT | {"query": {"bbox": "107,12,107.2,13"}})
    assert worker.step(shop, "w")
    job = find(shop, key)
    assert job.state is State.DONE, job.problem
    assert (job.done, job.of) == (201, 201)
    assert job.result is not None
    assert (job.result["count"], job.result["name"]) == (201, "markers.geojson")
    order = exports.ordered(
        shop.register, layers.MARKERS, {"bbox": "107,12,107.2,13"}, sight=PUBLIC, catalogue=[]
    )
    direct = b"".join(exports.stream(shop.register.engine, order, "geojson"))
    written = (shop.results / str(job.file)).read_bytes()
    assert (
        written.partition(b'"features"')[2].partition(b'"timeStamp"')[0]
        == (direct.partition(b'"features"')[2].partition(b'"timeStamp"')[0])
    )
    assert [path.name for path in shop.results.iterdir()] == [job.file]
    assert stat.S_IMODE(shop.results.stat().st_mode) == 0o700  # whoever else uses the machine


@pytest.mark.parametrize("form", ["csv", "gpkg", "shp", "xlsx"])
def test_a_format_read_in_another_way_is_written_and_counted(shop: Workshop, form: str) -> None:
    key = submit(shop, "export", **EXPORT | {"f": form})
    assert worker.step(shop, "w")
    job = find(shop, key)
    assert (job.state, job.done, job.of) == (State.DONE, MARKERS, MARKERS), job.problem
    assert (shop.results / str(job.file)).stat().st_size == (job.result or {})["bytes"] > 0


def test_two_workers_never_take_one_job(shop: Workshop) -> None:
    keys = [submit(shop, "kind", number=n) for n in range(jobs.MOST_OPEN)]
    ran: list[str] = []

    def run(task: Task) -> Outcome:
        ran.append(task.job.id)
        return Outcome({})

    def work(name: str) -> None:
        while worker.step(shop, name, kinds(run)):
            pass

    threads = [Thread(target=work, args=[f"w{n}"]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(ran) == Counter(keys)


@pytest.mark.parametrize("kind", ["count", "export"])
def test_another_worker_goes_on_when_one_is_killed(
    shop: Workshop,
    register_place: Target,
    office_place: Target,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    key = submit(shop, kind, **EXPORT)
    command = [sys.executable, "-m", "tests.office.slow", register_place, office_place]
    with subprocess.Popen([*map(str, command), str(shop.results)]) as first:
        try:
            until(lambda: bool(find(shop, key).saved))
        finally:
            first.kill()
    cut = find(shop, key)
    assert (cut.state, cut.tries) == (State.RUNNING, 1)
    assert not worker.step(shop, "w")  # its heart may still beat
    monkeypatch.setattr(jobs, "STALE_S", 0.0)
    assert worker.step(shop, "w", KINDS | {"count": Kind("Đếm", "Count", count)})
    job = find(shop, key)
    assert (job.state, job.tries) == (State.DONE, 2), job.problem
    if kind == "count":
        seen = (job.result or {})["seen"]
        assert [number for number, _ in seen] == list(range(STEPS))
        assert {tried for _, tried in seen} == {1, 2}
    else:
        assert (job.result or {})["count"] == MARKERS
        whole = (shop.results / str(job.file)).read_bytes()
        assert whole.count(b'"type":"Feature"') == MARKERS
    monkeypatch.setattr(worker, "YOUNG_S", -1.0)
    worker.tidy(shop)
    left = list(shop.results.iterdir()) if shop.results.exists() else []
    assert [path.name for path in left] == ([job.file] if kind == "export" else [])


def test_who_was_thought_dead_spoils_nothing(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = submit(shop, "kind")

    def sleepy(task: Task) -> Outcome:
        monkeypatch.setattr(jobs, "STALE_S", -1.0)
        assert worker.step(shop, "other", kinds(lambda _: Outcome({"by": "other"})))
        task.save("late")
        return Outcome({"by": "late"})

    assert worker.step(shop, "sleepy", kinds(sleepy))
    job = find(shop, key)
    assert (job.state, job.result, job.saved) == (State.DONE, {"by": "other"}, None)


def test_a_job_that_kills_its_workers_is_given_up(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = submit(shop, "kind")
    monkeypatch.setattr(jobs, "STALE_S", -1.0)
    for tries in range(1, jobs.MOST_TRIES + 1):
        with database.writing(shop.office) as conn:
            job = jobs.claim(conn, f"w{tries}")
        assert job is not None
        assert (job.id, job.tries) == (key, tries)
    assert not worker.step(shop, "w")
    job = find(shop, key)
    assert (job.state, (job.problem or {})["code"]) == (State.FAILED, "worker_died")


def test_a_clock_set_back_does_not_keep_a_dead_workers_job(shop: Workshop) -> None:
    key = submit(shop, "kind")
    with database.writing(shop.office) as conn:
        jobs.claim(conn, "dead")
        later = time.time() + 3_600
        conn.execute(update(jobs.jobs).values(heartbeat=later))
    assert worker.step(shop, "w", kinds(lambda _: Outcome({})))
    assert find(shop, key).state is State.DONE


def test_what_waits_is_cancelled_at_once(shop: Workshop) -> None:
    key = submit(shop, "kind")
    with database.writing(shop.office) as conn:
        jobs.cancel(conn, key)
    assert find(shop, key).state is State.CANCELLED
    assert not worker.step(shop, "w")
    with pytest.raises(ConflictError), database.writing(shop.office) as conn:
        jobs.cancel(conn, key)


def test_what_runs_is_cancelled_when_it_next_says_how_far_it_is(shop: Workshop) -> None:
    key = submit(shop, "kind")

    def run(task: Task) -> Outcome:
        with database.writing(shop.office) as conn:
            jobs.cancel(conn, key)
        assert find(shop, key).state is State.RUNNING
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            task.progress(1, None, vi="", en="")
        return Outcome({})

    assert worker.step(shop, "w", kinds(run))
    assert (find(shop, key).state, find(shop, key).result) == (State.CANCELLED, None)


@pytest.mark.parametrize("form", ["geojson", "gpkg", "xlsx"])
def test_a_cancelled_export_leaves_no_file(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    key = submit(shop, "export", **EXPORT | {"f": form})

    def cancelling(task: Task, *_: object, **__: object) -> None:
        with database.writing(shop.office) as conn:
            jobs.cancel(conn, key)
        task.save(None)

    monkeypatch.setattr(Task, "progress", cancelling)
    assert worker.step(shop, "w")
    assert find(shop, key).state is State.CANCELLED
    assert list(shop.results.iterdir()) == []


def test_a_worker_told_to_stop_gives_its_job_back(shop: Workshop) -> None:
    key = submit(shop, "count")

    def run(task: Task) -> Outcome:
        task.save([[0, 1]])
        shop.stop.set()
        return count(task)

    worker.run(shop, {"count": Kind("Đếm", "Count", run)})
    job = find(shop, key)
    assert (job.state, job.tries, job.saved) == (State.WAITING, 0, [[0, 1]])


def test_a_long_silent_job_is_not_thought_dead(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = submit(shop, "kind")
    monkeypatch.setattr("office.work.BEAT_S", 0.05)

    def silent(_task: Task) -> Outcome:
        first = find(shop, key).heartbeat or 0
        until(lambda: (find(shop, key).heartbeat or 0) > first)
        return Outcome({})

    assert worker.step(shop, "w", kinds(silent))
    assert find(shop, key).state is State.DONE


def test_a_store_that_is_away_is_tried_again_a_bad_order_is_not(shop: Workshop) -> None:
    away = submit(shop, "kind")
    for _ in range(jobs.MOST_TRIES):
        assert find(shop, away).state is State.WAITING
        assert worker.step(shop, "w", kinds(refuse(StoreError("host 10.0.0.7 is gone"))))
    gone = find(shop, away)
    assert (gone.state, gone.problem) == (State.FAILED, {"code": "store_error"})
    for error, problem in (
        (
            BadInputError("no", parameter="f"),
            {"code": "bad_input", "detail": "no", "parameter": "f"},
        ),
        (FullStoreError("/secret/place is full"), {"code": "store_full"}),
        (ZeroDivisionError("secret"), {"code": "internal_error"}),
    ):
        key = submit(shop, "kind")
        assert worker.step(shop, "w", kinds(refuse(error)))
        assert (find(shop, key).state, find(shop, key).problem) == (State.FAILED, problem)


def test_a_full_disk_is_said(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    key = submit(shop, "export", **EXPORT)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert worker.step(shop, "w")
    assert find(shop, key).problem == {"code": "store_full"}


def test_jobs_and_their_files_go_after_a_while(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = submit(shop, "export", **EXPORT), submit(shop, "export", **EXPORT)
    assert worker.step(shop, "w")
    assert worker.step(shop, "w")
    long_ago = time.time() - jobs.KEPT_S - 1
    with database.writing(shop.office) as conn:
        conn.execute(update(jobs.jobs).where(jobs.jobs.c.id == old).values(ended=long_ago))
    worker.tidy(shop)
    with pytest.raises(NotFoundError):
        find(shop, old)
    assert len(list(shop.results.iterdir())) == 2  # too young to be sure of
    monkeypatch.setattr(worker, "YOUNG_S", -1.0)
    worker.tidy(shop)
    assert [path.name for path in shop.results.iterdir()] == [find(shop, new).file]


def test_files_that_cannot_be_thrown_away_keep_no_job_waiting(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.results.write_bytes(b"no folder")
    key = submit(shop, "kind")

    def last(_task: Task) -> Outcome:
        shop.stop.set()
        return Outcome({})

    monkeypatch.setattr(worker, "AGAIN_S", 0.0)
    worker.run(shop, kinds(last))
    assert find(shop, key).tries == 1


def test_one_person_cannot_fill_the_queue(shop: Workshop) -> None:
    for _ in range(jobs.MOST_OPEN):
        submit(shop, "kind")
    with pytest.raises(ConflictError, match="cancel one"):
        submit(shop, "kind")
    with database.writing(shop.office) as conn:
        jobs.submit(conn, "kind", {}, ANNA)
        assert len(jobs.listed(conn, of="anna")) == 1
        assert len(jobs.listed(conn)) == jobs.MOST_OPEN + 1
