"""What auditors are told: the chain, changes, reads and sign-ins; and who else is told nothing."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from api.routes import audit
from geo import store
from geo.history import checkpoints, keys
from geo.tables import history
from office.actor import OPERATOR, Role
from tests.accounts.kit import MARKERS, ONE, PASSWORD, Person, code, signed_in, token_of
from tests.server import until

AUDIT = "/api/audit"
PATHS = [AUDIT, *(f"{AUDIT}/{one}" for one in ("verification", "changes", "reads", "events"))]


@pytest.fixture
def kim(app: Any) -> Person:
    return signed_in(app, "kim", Role.AUDITOR)


def told(person: Person, path: str = "") -> Any:
    answer = person.get(f"{AUDIT}{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def logged(person: Person, what: str, path: str = "/reads?limit=1000") -> dict[str, Any]:
    """The entry of the log of reads that says this; it is written within a second."""
    found: list[dict[str, Any]] = []

    def there() -> bool:
        found[:] = [one for one in told(person, path)["reads"] if one["what"] == what]
        return bool(found)

    until(there)
    return found[0]


@pytest.mark.parametrize("path", PATHS)
def test_only_auditors_and_administrators_are_told(
    app: Any, boss: Person, kim: Person, path: str
) -> None:
    assert code(Person(app, "x").get(path)) == (401, "sign_in_needed")
    half = Person(app, "hoa").join(Role.AUDITOR)
    half.sign_in()
    assert code(half.get(path)) == (403, "not_allowed")  # a viewer until the second factor
    for role in (Role.VIEWER, Role.EDITOR, Role.APPROVER, Role.PARTNER):
        person = signed_in(app, role.value, role, "vn.dak-nong")
        answer = person.get(path)
        assert code(answer) == (403, "not_allowed")
        assert set(answer.json()) >= {"reason"}
    for person in (boss, kim):
        answer = person.get(path)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
    token = token_of(kim, scopes=["read"])["token"]
    assert Person(app, "y").get(path, authorization=f"Bearer {token}").status_code == 200


def test_an_auditor_is_told_no_secret_and_administers_nothing(
    app: Any, boss: Person, kim: Person
) -> None:
    invited = boss.send("POST", "/api/admin/invitations", {"role": "editor"}).json()
    link = invited["link"].partition("#")[2]
    assert boss.get(f"/api/links/{link}").status_code == 200  # who is signed in opens it
    logged(kim, "read /api/links/***")
    everything = "".join(kim.get(path).text for path in PATHS)
    secret = boss.totp.secret if boss.totp else ""
    for hidden in (link, secret, boss.cookie, boss.csrf, "argon2", PASSWORD):
        assert hidden
        assert hidden not in everything
    for path in ("users", "invitations", "events"):
        assert kim.get(f"/api/admin/{path}").status_code == 403


def test_the_history_is_verified_part_by_part(kim: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PART_S", 0.0)
    assert told(kim)["verified"] is None
    part, reached = told(kim, "/verification"), [0]
    while not part["done"]:
        assert (part["fault"], told(kim)["verified"]) == (None, None)
        reached.append(part["entries"])
        assert reached[-1] > reached[-2]
        further = urlsplit(part["next"])
        part = kim.get(f"{further.path}?{further.query}").json()
    state = told(kim)
    assert len(reached) > 1
    assert part["entries"] == part["of"] == state["entries"] > 0
    assert state["verified"]["entries"] == state["entries"]
    assert (state["verified"]["actor"], state["verified"]["fault"]) == ("kim", None)
    answer = kim.get(f"{AUDIT}/verification?cursor=7")  # made by nobody
    assert code(answer) == (400, "bad_input")


@contextmanager
def tampered(app: Any, seq: int) -> Iterator[None]:
    """An entry says something else for a while."""
    own = history.c.seq == seq
    with store.writing(app.state.engine) as conn:
        before = conn.execute(history.select().where(own)).mappings().one()["reason"]
        conn.execute(update(history).where(own).values(reason="nothing happened"))
    yield
    with store.writing(app.state.engine) as conn:
        conn.execute(update(history).where(own).values(reason=before))


def test_the_first_bad_entry_is_named(app: Any, kim: Person) -> None:
    with tampered(app, 2):
        found = told(kim, "/verification")
        assert (found["fault"]["seq"], found["fault"]["kind"]) == (2, "edited")
        assert (found["entries"], found["done"], found["next"]) == (1, True, None)
        assert told(kim)["verified"]["fault"]["seq"] == 2
    assert told(kim, "/verification")["fault"] is None


def test_checkpoints_are_told_and_prove_the_end(app: Any, kim: Person, tmp_path: Path) -> None:
    key, files = tmp_path / "audit.key", [tmp_path / "c.jsonl", tmp_path / "gone.jsonl"]
    keys.make(key)
    with app.state.engine.connect() as conn:
        made = checkpoints.sign(conn, keys.private(key), files[:1])
    assert made is not None
    given = {"audit_key": key, "audit_to": tuple(map(str, files))}
    app.state.settings = app.state.settings.model_copy(update=given)
    try:
        state, found = told(kim), told(kim, "/verification")
        said = f'{{"register": "x", "seq": {made.seq + 9}, "hash": "00", "at": "x", "key": "x"}}\n'
        with files[0].open("a") as file:
            file.write(said)
        forged = told(kim, "/verification")
    finally:
        none: dict[str, Any] = {"audit_key": None, "audit_to": ()}
        app.state.settings = app.state.settings.model_copy(update=none)
    assert state["key"] == made.key
    assert [(one["seq"], one["hash"]) for one in state["checkpoints"]] == [(made.seq, made.hash)]
    assert [(one["name"], one["readable"]) for one in state["files"]] == [
        ("c.jsonl", True),
        ("gone.jsonl", False),
    ]
    assert (found["signed"], found["fault"]) == (made.seq, None)
    assert forged["fault"]["kind"] == "forged"


def test_changes_are_counted_by_who_made_them(app: Any, boss: Person, kim: Person) -> None:
    path = f"{MARKERS}/{ONE}"
    before = told(kim)["last_at"]
    for note in ("một", "hai"):
        body = {"properties": {"note": note}}
        assert boss.send("PATCH", path, body, **{"if-match": "*"}).status_code == 204
    since = before.replace("+", "%2B")
    counted = told(kim, f"/changes?since={since}")["changes"]
    [mine] = [one for one in counted if one["actor"] == "boss"]
    assert (mine["layer"], mine["action"], mine["changes"]) == ("markers", "edit", 2)
    assert before <= mine["first"] <= mine["last"]
    assert told(kim, "/changes?since=2090-01-01")["changes"] == []
    assert code(kim.get(f"{AUDIT}/changes?since=soon")) == (400, "bad_input")


def test_reads_are_told_by_person_and_page_and_as_a_table(app: Any, kim: Person) -> None:
    lan = signed_in(app, "lan", Role.EDITOR, "vn.dak-nong")
    assert lan.get(f"{MARKERS}/{ONE}").status_code == 200
    assert lan.get(f"{MARKERS}?f=csv&note==1+1").status_code == 200
    logged(kim, f"export {MARKERS}")
    mine = told(kim, "/reads?actor=lan&limit=1000")["reads"]
    assert {one["name"] for one in mine} == {"lan"}
    assert f"read {MARKERS}/{ONE}" in {one["what"] for one in mine}
    assert [one["id"] for one in mine] == sorted((one["id"] for one in mine), reverse=True)
    first = told(kim, "/reads?actor=lan&limit=1")
    further = urlsplit(first["next"])
    second = kim.get(f"{further.path}?{further.query}").json()["reads"]
    assert [*first["reads"], *second] == mine[:2]
    assert told(kim, "/reads?until=2020-01-01") == {"reads": [], "next": None}
    sheet = kim.get(f"{AUDIT}/reads?actor=lan&f=csv")
    assert sheet.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(sheet.text)))
    assert [int(row["id"]) for row in rows] == [one["id"] for one in mine]


def test_no_cell_of_the_table_is_a_formula(app: Any, kim: Person) -> None:
    kim.get(f"{MARKERS}?f=csv&=1%2B1")  # refused, and so not logged
    Person(app, "visitor").client.get(f"{MARKERS}?f=csv&datetime=2020-01-01&limit=1")
    logged(kim, f"export {MARKERS}")
    app.state.reads.note(replace(OPERATOR, name="=HYPERLINK(1)"), "read x", "@SUM(1)")
    logged(kim, "read x")
    rows = csv.reader(io.StringIO(kim.get(f"{AUDIT}/reads?f=csv").text))
    cells = [cell for row in rows for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_sign_ins_and_failures_are_told(app: Any, kim: Person) -> None:
    lan = Person(app, "lan").join(Role.VIEWER)
    assert lan.sign_in("not the password").status_code == 401
    assert lan.sign_in().status_code == 200
    about = told(kim, "/events?actor=lan")["events"]
    assert [one["kind"] for one in about][:2] == ["signed_in", "sign_in_failed"]
    failed = about[1]
    assert (failed["actor"], failed["about"], failed["address"]) == (
        "anonymous",
        "lan",
        "192.0.2.7",
    )
    failures = told(kim, "/events?kind=sign_in_failed")["events"]
    assert [one["id"] for one in failures] == [failed["id"]]
    first = told(kim, "/events?actor=lan&limit=1")
    assert first["next"].endswith(f"before={about[0]['id']}")
    assert told(kim, "/events?since=2090-01-01")["events"] == []
    assert code(kim.get(f"{AUDIT}/events?kind=yawned")) == (400, "bad_input")
