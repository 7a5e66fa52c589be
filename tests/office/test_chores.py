"""What an installation does by itself: once a day, made up for, told to whom it concerns."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from geo import store
from geo.errors import StoreError
from geo.store import Target
from office import chores, database, jobs, mail, people, tokens, worker
from office.actor import Role
from office.chores import Backups, Chores, Daily
from office.jobs import Job, State
from office.mail import Mail
from office.manifest import proved
from office.restore import restore
from office.work import Workshop
from tests.geo import build
from tests.office.conftest import Clock, Hire
from tests.office.smtp import Inbox, inbox
from tests.once import DATA

DAY = 86_400  # seconds
NIGHTLY = Chores((Daily("backup", 2),))


@pytest.fixture
def shop(place: Target, office: Engine, tmp_path: Path, time: Clock) -> Iterator[Workshop]:
    """A register with what is overdue on 2026-11-22 in two provinces, at 03:00 of that day."""
    time.now = at("2026-11-22T03:00")
    register = build.register(
        place,
        markers=[
            build.marker("near", 107.3, 12.4, inspection_due="2026-11-20", number="48"),
            build.marker("done", 107.3, 12.4, inspection_due="2026-11-22", number="49"),
            build.marker("far", 107.3, 12.4, inspection_due="2026-10-01", number="50",
                         province_origin_id="vn.quang-tri"),
            build.marker("secret", 107.3, 12.4, inspection_due="2026-11-01", number="51",
                         classification="restricted"),
        ],
        commitments=[promise("road", "2026-01-31"), promise("kept", "2026-01-31", state="done"),
                     promise("later", "2027-01-31")],
        agreements=[agreement("ends", "2026-12-01"), agreement("ended", "2026-11-01"),
                    agreement("lasts", "2027-12-01")],
        admin_units=[*build.UNITS, build.unit("vn.quang-tri", "Quảng Trị")],
    )  # fmt: skip
    private = database.beside(place)
    backups = Backups(place, private, None, tmp_path / "kept", keep=2)
    plan = Chores((Daily("backup", 2), Daily("reminders", 3)), backups)
    yield Workshop(register, office, tmp_path / "results", DATA, chores=plan)
    register.engine.dispose()


def promise(key: str, due: str, **more: Any) -> Any:
    known = {"name_vi": f"Cam kết {key}", "province_id": "vn.dak-nong", "state": "ongoing"}
    return build.row("commitments", key, due=due, **known | more)


def agreement(key: str, expires: str) -> Any:
    known = {"name_vi": f"Thỏa thuận {key}", "province_id": "vn.dak-nong"}
    return build.row("agreements", key, expires=expires, **known)


def at(moment: str) -> int:
    """A time of the machine's own clock as seconds since 1970."""
    return int(datetime.fromisoformat(moment).astimezone().timestamp())


def every(office: Engine) -> dict[str, Job]:
    with office.connect() as conn:
        return {job.id: job for job in jobs.listed(conn)}


def work(shop: Workshop) -> dict[str, Job]:
    chores.begin(shop.office, shop.chores)
    while worker.step(shop, "w"):
        pass
    return every(shop.office)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-22T02:00", "2026-11-22"),
        ("2026-11-22T23:59", "2026-11-22"),
        ("2026-11-23T01:59", "2026-11-22"),
        ("2027-01-01T00:00", "2026-12-31"),
    ],
)
def test_it_is_due_from_its_hour_on(now: str, day: str) -> None:
    assert chores.latest(Daily("backup", 2), datetime.fromisoformat(now)) == day


def test_of_many_workers_one_begins_it(office: Engine, time: Clock) -> None:
    time.now = at("2026-11-22T02:00")
    start = threading.Barrier(6)
    failed: list[BaseException] = []

    def look() -> None:
        try:
            start.wait()
            chores.begin(office, NIGHTLY)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [(job.kind, job.given) for job in every(office).values()] == [
        ("backup", {"date": "2026-11-22"})
    ]
    with database.writing(office) as conn:  # two that both thought it was not there
        assert not jobs.submit_once(conn, "backup-2026-11-22", "backup", {}, "x")


def test_after_days_of_standing_still_it_is_made_up_for_once(office: Engine, time: Clock) -> None:
    time.now = at("2026-11-20T02:00")
    chores.begin(office, NIGHTLY)
    time.now = at("2026-11-25T01:00")
    for _ in range(3):
        chores.begin(office, NIGHTLY)
        time.on(60)
    assert set(every(office)) == {"backup-2026-11-20", "backup-2026-11-24"}
    time.now = at("2026-11-25T02:00")
    chores.begin(office, NIGHTLY)
    chores.begin(office, NIGHTLY)
    assert len(every(office)) == 3


def test_what_was_cancelled_stays_so(office: Engine, time: Clock) -> None:
    time.now = at("2026-11-22T02:00")
    chores.begin(office, NIGHTLY)
    with database.writing(office) as conn:
        jobs.cancel(conn, "backup-2026-11-22")
    chores.begin(office, NIGHTLY)
    assert [job.state for job in every(office).values()] == [State.CANCELLED]


def test_the_last_backups_are_kept_and_can_be_restored(
    shop: Workshop, time: Clock, tmp_path: Path, hire: Hire
) -> None:
    hire("lan")
    kept = tmp_path / "kept"
    for name in ("mine", "cotmoc-2020-01-01.old", ".cotmoc-2026-11-20.part"):
        (kept / name).mkdir(parents=True)  # the last is what a worker that was killed left
    nightly = replace(shop, chores=replace(shop.chores, daily=(Daily("backup", 2),)))
    for _ in range(3):
        found = work(nightly)
        time.on(DAY)
    days = [f"cotmoc-2026-11-2{n}" for n in (2, 3, 4)]
    done = [found[f"backup-{name.removeprefix('cotmoc-')}"] for name in days]
    assert [(job.state, job.actor) for job in done] == [(State.DONE, "cotmoc")] * 3
    results = [job.result or {} for job in done]
    assert [one["removed"] for one in results] == [[], [], days[:1]]
    assert {path.name for path in kept.iterdir()} == {*days[1:], "mine", "cotmoc-2020-01-01.old"}
    assert results[2]["bytes"] == sum(one.bytes for one in proved(kept / days[2]).files)
    there = tmp_path / "there.gpkg"
    restore(kept / days[2], there, office=database.beside(there))
    store.open_store(there).dispose()


def test_a_backup_that_was_whole_when_its_worker_died_is_the_backup(
    shop: Workshop, tmp_path: Path
) -> None:
    work(shop)
    before = (tmp_path / "kept/cotmoc-2026-11-22/manifest.json").read_bytes()
    with database.writing(shop.office) as conn:
        conn.execute(jobs.jobs.delete())
    job = work(shop)["backup-2026-11-22"]
    assert job.state is State.DONE, job.problem
    assert (tmp_path / "kept/cotmoc-2026-11-22/manifest.json").read_bytes() == before


def test_a_backup_that_cannot_be_made_says_so_and_spoils_none(
    shop: Workshop, time: Clock, tmp_path: Path
) -> None:
    nightly = replace(shop, chores=replace(shop.chores, daily=(Daily("backup", 2),)))
    work(nightly)
    with store.writing(shop.register.engine) as conn:
        conn.exec_driver_sql("UPDATE history SET reason = 'x' WHERE seq = 2")
    time.on(DAY)
    job = work(nightly)["backup-2026-11-23"]
    assert (job.state, (job.problem or {})["code"]) == (State.FAILED, "bad_backup")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["cotmoc-2026-11-22"]


@pytest.fixture
def post() -> Iterator[Inbox]:
    with inbox() as server:
        yield server


def by_mail(shop: Workshop, post: Inbox) -> Workshop:
    server = Mail("127.0.0.1", post.port, "cotmoc@example.vn")
    plan = Chores((Daily("reminders", 3),), mail=server)
    return replace(shop, chores=plan)


def rows(job: Job, duty: str) -> list[str]:
    return [row["id"] for row in (job.result or {})[duty]["rows"]]


def test_each_is_told_what_is_his(shop: Workshop, hire: Hire) -> None:
    home = {"provinces": ["vn.dak-nong"]}
    inspector = hire("insp", Role.INSPECTOR, **home)
    afar = hire("afar", Role.INSPECTOR, provinces=["vn.quang-tri"])
    foreign = hire("foreign", Role.FOREIGN_AFFAIRS, **home)
    admin = hire("admin", Role.ADMIN)
    for login, role in (("view", Role.VIEWER), ("audit", Role.AUDITOR)):
        hire(login, role, **home)
    found = work(shop)
    assert found["reminders-2026-11-22"].result == {"people": 6, "reminded": 4}
    own = {job.actor: job for job in found.values() if job.kind == "reminder"}
    assert set(own) == {inspector.id, afar.id, foreign.id, admin.id}
    assert rows(own[inspector.id], "inspections") == ["near"]
    assert "commitments" not in (own[inspector.id].result or {})
    assert rows(own[afar.id], "inspections") == ["far"]
    assert rows(own[foreign.id], "commitments") == ["road"]
    assert rows(own[foreign.id], "agreements") == ["ends"]
    assert "inspections" not in (own[foreign.id].result or {})
    assert rows(own[admin.id], "inspections") == ["far", "near"]  # what is restricted is not told
    assert (own[admin.id].result or {})["mail"] == "none"
    assert work(shop).keys() == found.keys()


def test_everybody_gets_one_mail(shop: Workshop, hire: Hire, post: Inbox) -> None:
    hire("lan@example.vn", Role.EDITOR, provinces=["vn.dak-nong"], name="Lan\r\nBcc: x@y.vn")
    hire("no-address", Role.EDITOR, provinces=["vn.dak-nong"])
    mailing = by_mail(shop, post)
    found = work(mailing)
    told = [(job.result or {})["mail"] for job in found.values() if job.kind == "reminder"]
    assert sorted(told) == ["none", "sent"]
    [sent] = post.mails
    assert (sent["from"], sent["to"].addresses[0].addr_spec) == (
        "cotmoc@example.vn", "lan@example.vn"
    )  # fmt: skip
    assert sent["bcc"] is None
    assert "2026-11-22" in sent["subject"]
    text = sent.get_content()
    assert "Cột mốc quá hạn kiểm tra / Markers whose inspection is overdue: 1" in text
    assert "- 2026-11-20  48  (near)" in text
    assert "- 2026-01-31  Cam kết road  (road)" in text
    assert "- 2026-12-01  Thỏa thuận ends  (ends)" in text
    assert "secret" not in text
    [own] = [key for key, job in found.items() if (job.result or {}).get("mail") == "sent"]
    with database.writing(shop.office) as conn:  # its worker died after the mail was sent
        conn.execute(
            jobs.jobs.update().where(jobs.jobs.c.id == own).values(state="waiting", tries=1)
        )
    assert (work(mailing)[own].result or {})["mail"] == "sent"
    assert len(post.mails) == 1


def test_a_mail_that_is_refused_spoils_no_reminder(shop: Workshop, hire: Hire, post: Inbox) -> None:
    hire("lan@example.vn", Role.EDITOR, provinces=["vn.dak-nong"])
    hire("minh@example.vn", Role.EDITOR, provinces=["vn.dak-nong"])
    post.refuses = "lan@"
    found = work(by_mail(shop, post))
    own = [job.result or {} for job in found.values() if job.kind == "reminder"]
    assert sorted(result["mail"] for result in own) == ["failed", "sent"]
    assert {result["inspections"]["count"] for result in own} == {1}
    assert [sent["to"].addresses[0].addr_spec for sent in post.mails] == ["minh@example.vn"]


def test_a_mail_of_which_nobody_knows_whether_it_went_is_not_sent_again(
    shop: Workshop, hire: Hire, post: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire("lan@example.vn", Role.EDITOR, provinces=["vn.dak-nong"])
    send = mail.send

    def dying(*given: Any, **more: Any) -> None:
        send(*given, **more)
        raise StoreError("the worker died")

    mailing = by_mail(shop, post)
    with monkeypatch.context() as patched:
        patched.setattr(mail, "send", dying)
        patched.setattr(jobs, "MOST_TRIES", 1)
        work(mailing)
    with database.writing(shop.office) as conn:
        mine = jobs.jobs.c.kind == "reminder"
        conn.execute(jobs.jobs.update().where(mine).values(state="waiting", tries=1))
    [own] = [job for job in work(mailing).values() if job.kind == "reminder"]
    assert (own.state, (own.result or {})["mail"]) == (State.DONE, "unknown")
    assert len(post.mails) == 1


def test_a_token_that_ends_soon_is_told_to_its_owner(
    shop: Workshop, hire: Hire, post: Inbox, time: Clock
) -> None:
    owner = hire("lan@example.vn", Role.VIEWER)
    with database.writing(shop.office) as conn:
        for days in (10, 100):
            actor = owner.acting("session", second_factor=False)
            tokens.make(conn, actor, name=f"qgis {days}", scopes=frozenset(), days=days)
    work(by_mail(shop, post))
    [sent] = post.mails
    ends = datetime.fromtimestamp(time.now + 10 * DAY, UTC).date()
    assert f"- {ends}  qgis 10" in sent.get_content()
    assert "qgis 100" not in sent.get_content()


def test_who_has_left_is_told_nothing(shop: Workshop, hire: Hire, post: Inbox) -> None:
    gone = hire("lan@example.vn", Role.EDITOR, provinces=["vn.dak-nong"])
    with database.writing(shop.office) as conn:
        people.put(conn, gone.id, active=False)
    found = work(by_mail(shop, post))
    assert [job.kind for job in found.values()] == ["reminders"]
    assert post.mails == []


def test_workers_that_run_do_what_is_due(shop: Workshop) -> None:
    workers = [threading.Thread(target=worker.run, args=[shop]) for _ in range(2)]
    for thread in workers:
        thread.start()
    end = threading.Event()
    try:
        for _ in range(1_200):
            states = [job.state for job in every(shop.office).values()]
            if states and set(states) == {State.DONE} and len(states) == 2:
                break
            end.wait(0.1)
    finally:
        shop.stop.set()
        for thread in workers:
            thread.join()
    assert {key: job.state for key, job in every(shop.office).items()} == {
        "backup-2026-11-22": State.DONE,
        "reminders-2026-11-22": State.DONE,
    }
    assert [job.tries for job in every(shop.office).values()] == [1, 1]
