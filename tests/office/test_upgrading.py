"""The private database by version, and an installation brought to this one with a backup first."""

import re
import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, inspect, text

from geo import copying, store, upgrading
from geo.errors import ForeignStoreError, OldStoreError
from geo.migrating import head
from geo.store import Target
from office import database, people, reads
from office import upgrading as office_upgrading
from office.actor import Role
from office.backup import backup
from office.manifest import BackupError, proved
from office.restore import restore
from tests.conftest import Places
from tests.geo import edits, older
from tests.office.conftest import Hire

# The columns of tables that are there: who changes one, or an index of theirs, writes a script,
# raises database.VERSION and then this. New tables need neither.
OF_VERSION_3 = {
    "account_events": "7fac54e4", "accounts": "e6595ee7", "attempts": "6dfc7a84",
    "jobs": "8b22585b", "oidc_flows": "a8f8075e", "proposals": "313b57ac", "reads": "07197e48",
    "api_tokens": "a90d850f", "links": "13eacdd4", "recovery_codes": "b5fa6051",
    "sessions": "7b994418",
}  # fmt: skip
SECOND = '''"""a nickname."""

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"


def upgrade() -> None:
    """Add the column."""
    op.add_column("accounts", sa.Column("nickname", sa.Text))
    {more}
'''


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program whose private database has one more column than this one's."""
    folder = tmp_path / "100% scripts; of the next"
    shutil.copytree(database.SCRIPTS, folder)
    (folder / "office_4.py").write_text(SECOND.format(more=""))
    monkeypatch.setattr(database, "SCRIPTS", folder)
    monkeypatch.setattr(database, "VERSION", "4")
    return folder


def logins(office: Engine) -> list[str]:
    with office.connect() as conn:
        return [person.login for person in people.everybody(conn)]


def columns(office: Engine) -> set[str]:
    with office.connect() as conn:
        return {column["name"] for column in inspect(conn).get_columns("accounts")}


def test_tables_that_are_there_change_by_a_script_alone() -> None:
    assert head(database.SCRIPTS) == database.VERSION == "3"
    for name in database.DECLARING:
        import_module(name)
    tables = database.metadata.tables
    assert {name: older.digest([tables[name]]) for name in OF_VERSION_3} == OF_VERSION_3


def test_one_from_before_versions_were_noted_is_known(
    office: Engine, office_place: Target, hire: Hire
) -> None:
    hire("lan")
    with database.writing(office) as conn:
        conn.execute(text("DROP TABLE alembic_version"))
        conn.execute(text("DROP TABLE jobs"))
        for column in (
            "accounts DROP COLUMN mail",
            "accounts DROP COLUMN came_at",
            "links DROP COLUMN mail",
        ):
            conn.execute(text(f"ALTER TABLE {column}"))
    assert [step.version for step in database.steps(office_place)[1]] == ["2", "3"]
    again = database.open_office(office_place, upgrade=True)
    assert logins(again) == ["lan"]
    with again.connect() as conn:
        assert inspect(conn).has_table("jobs")  # what is missing is made
        assert conn.execute(text("SELECT version_num FROM alembic_version")).scalar() == "3"
    again.dispose()


def test_a_log_of_reads_of_version_2_gets_its_indexes_and_keeps_its_entries(
    office: Engine, office_place: Target
) -> None:
    with office.connect() as conn:
        new = older.structure(conn)
    kept = [("t1", "7", "lan"), ("t2", "8", "lan"), ("t3", "7", "lanh"), ("t4", "9", "7")]
    with database.writing(office) as conn:
        for name in ("reads_actor", "reads_name"):
            conn.execute(text(f"DROP INDEX {name}"))
        conn.execute(text("UPDATE alembic_version SET version_num = '2'"))
        for at, actor, name in kept:
            row = {"at": at, "actor": actor, "name": name}
            rest = {"process": "1-a", "via": "session", "what": "read /api", "filter": ""}
            conn.execute(insert(reads.reads).values(row | rest))
    assert [step.version for step in database.steps(office_place)[1]] == ["3"]
    again = database.open_office(office_place, upgrade=True)
    with again.connect() as conn:
        assert older.structure(conn) == new
    asked = reads.Asked(actor="7")  # by the id, or the name that he had
    assert [one["at"] for one in reads.page(again, asked, most=2)] == ["t4", "t3"]
    assert [one["at"] for one in reads.page(again, asked, most=2, before=3)] == ["t1"]
    assert [one["at"] for one in reads.entries(again, reads.Asked(actor="lan"))] == ["t1", "t2"]
    assert [one["at"] for one in reads.latest_first(again, asked)] == ["t4", "t3", "t1"]
    again.dispose()


def test_a_page_of_one_persons_reads_reads_no_others(office: Engine) -> None:
    told: list[str] = []

    def explain(conn: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if statement.startswith("SELECT") and conn.dialect.name == "sqlite":
            plan = conn.connection.driver_connection.execute(
                f"EXPLAIN QUERY PLAN {statement}", given
            )
            told.extend(row[3] for row in plan)

    event.listen(office, "before_cursor_execute", explain)
    reads.page(office, reads.Asked(actor="7", since="2026"), most=50, before=9)
    for table in [line for line in told if "reads" in line]:
        assert re.match(
            r"SEARCH reads USING INDEX reads_(actor|name) \((actor|name)=\? AND id<", table
        )
    assert told or office.dialect.name != "sqlite"


def test_what_there_is_changes_only_when_told(
    office: Engine, office_place: Target, hire: Hire, next_version: Path
) -> None:
    hire("lan")
    found, steps = database.steps(office_place)
    assert (found, [(step.version, step.words) for step in steps]) == ("3", [("4", "a nickname")])
    with pytest.raises(OldStoreError, match="cotmoc upgrade"):
        database.open_office(office_place)
    assert "nickname" not in columns(office)
    again = database.open_office(office_place, upgrade=True)
    assert "nickname" in columns(again)
    assert logins(again) == ["lan"]
    again.dispose()
    assert database.steps(office_place) == ("4", [])
    database.open_office(office_place).dispose()


def test_a_step_that_fails_changes_nothing(
    office: Engine, office_place: Target, next_version: Path
) -> None:
    (next_version / "office_4.py").write_text(SECOND.format(more="raise ZeroDivisionError"))
    before = columns(office)
    with pytest.raises(ZeroDivisionError):
        database.open_office(office_place, upgrade=True)
    assert columns(office) == before
    assert database.steps(office_place)[0] == "3"


def test_a_newer_one_is_refused(office: Engine, office_place: Target) -> None:
    with database.writing(office) as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '99'"))
    for ask in (database.open_office, database.steps):
        with pytest.raises(ForeignStoreError, match="newer version") as refused:
            ask(office_place)
        assert not isinstance(refused.value, OldStoreError)


@pytest.fixture
def installation(place: Target, office: Engine, hire: Hire) -> Target:
    """A register of schema 3 with accounts beside it."""
    edits.make(place).engine.dispose()
    hire("lan", Role.EDITOR)
    older.make(place, "3")
    return place


def silent(_name: str, _count: int) -> None:
    return


def test_a_backup_comes_first_and_is_of_the_old_version(
    installation: Target, office_place: Target, tmp_path: Path
) -> None:
    keep = tmp_path / "keep"
    plans = office_upgrading.plans(installation, office_place)
    assert [(plan.found, len(plan.steps)) for plan in plans] == [("3", 5), ("3", 0)]
    office_upgrading.upgrade(installation, office_place, keep=keep, progress=silent)
    store.open_store(installation).dispose()
    assert proved(keep).holds("office.sqlite3")
    there = tmp_path / "there.gpkg"
    with pytest.raises(BackupError, match="older version"):
        restore(keep, "postgresql:///x")
    restore(keep, there, office=database.beside(there))
    assert upgrading.version(there) == "3"
    again = database.open_office(database.beside(there))
    assert logins(again) == ["lan"]
    again.dispose()
    upgrading.upgrade(there)
    new = tmp_path / "new.gpkg"
    edits.make(new).engine.dispose()
    assert older.structure_of(there) == older.structure_of(new)
    held = {one.table: one for one in copying.copy(installation, tmp_path / "copy.gpkg")}
    for one in copying.copy(there, tmp_path / "copy2.gpkg"):
        if one.table not in ("register", "search_index"):  # its era; numbers that give an order
            assert held[one.table] == one


def test_without_a_sound_backup_nothing_is_done(
    installation: Target, office_place: Target, tmp_path: Path
) -> None:
    engine = store.open_store(installation, older=True)
    with store.writing(engine) as conn:
        conn.execute(text("UPDATE history SET reason = 'x' WHERE seq = 2"))
    engine.dispose()
    with pytest.raises(BackupError, match="history 2"):
        office_upgrading.upgrade(
            installation, office_place, keep=tmp_path / "keep", progress=silent
        )
    assert not (tmp_path / "keep").exists()
    assert upgrading.version(installation) == "3"


def test_an_older_private_database_is_restored_into_a_new_program(
    place: Target, office: Engine, hire: Hire, places: Places, tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    edits.make(place).engine.dispose()
    hire("lan")
    backup(place, tmp_path / "keep", office=database.beside(place))
    request.getfixturevalue("next_version")
    there = places()
    restore(tmp_path / "keep", there, office=database.beside(there))
    if not store.is_address(there):
        with pytest.raises(OldStoreError):
            database.open_office(database.beside(there))
    again = database.open_office(database.beside(there), upgrade=True)
    assert logins(again) == ["lan"]
    again.dispose()
