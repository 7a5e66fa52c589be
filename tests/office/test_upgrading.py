"""The private database by version, and an installation brought to this one with a backup first."""

import shutil
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from geo import copying, store, upgrading
from geo.errors import ForeignStoreError, OldStoreError
from geo.migrating import head
from geo.store import Target
from office import database, people
from office import upgrading as office_upgrading
from office.actor import Role
from office.backup import backup
from office.manifest import BackupError, proved
from office.restore import restore
from tests.conftest import Places
from tests.geo import edits, older
from tests.office.conftest import Hire

# The columns of tables that are there: who changes one writes a script, raises database.VERSION
# and then this. New tables need neither.
OF_VERSION_2 = {
    "account_events": "7fac54e4", "accounts": "e6595ee7", "attempts": "6dfc7a84",
    "jobs": "8b22585b", "oidc_flows": "a8f8075e", "proposals": "313b57ac", "reads": "07197e48",
    "api_tokens": "a90d850f", "links": "13eacdd4", "recovery_codes": "b5fa6051",
    "sessions": "7b994418",
}  # fmt: skip
SECOND = '''"""a nickname."""

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"


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
    (folder / "office_3.py").write_text(SECOND.format(more=""))
    monkeypatch.setattr(database, "SCRIPTS", folder)
    monkeypatch.setattr(database, "VERSION", "3")
    return folder


def logins(office: Engine) -> list[str]:
    with office.connect() as conn:
        return [person.login for person in people.everybody(conn)]


def columns(office: Engine) -> set[str]:
    with office.connect() as conn:
        return {column["name"] for column in inspect(conn).get_columns("accounts")}


def test_tables_that_are_there_change_by_a_script_alone() -> None:
    assert head(database.SCRIPTS) == database.VERSION == "2"
    for name in database.DECLARING:
        import_module(name)
    tables = database.metadata.tables
    assert {name: older.digest([tables[name]]) for name in OF_VERSION_2} == OF_VERSION_2


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
    assert [step.version for step in database.steps(office_place)[1]] == ["2"]
    again = database.open_office(office_place, upgrade=True)
    assert logins(again) == ["lan"]
    with again.connect() as conn:
        assert inspect(conn).has_table("jobs")  # what is missing is made
        assert conn.execute(text("SELECT version_num FROM alembic_version")).scalar() == "2"
    again.dispose()


def test_what_there_is_changes_only_when_told(
    office: Engine, office_place: Target, hire: Hire, next_version: Path
) -> None:
    hire("lan")
    found, steps = database.steps(office_place)
    assert (found, [tuple(step) for step in steps]) == ("2", [("3", "a nickname")])
    with pytest.raises(OldStoreError, match="cotmoc upgrade"):
        database.open_office(office_place)
    assert "nickname" not in columns(office)
    again = database.open_office(office_place, upgrade=True)
    assert "nickname" in columns(again)
    assert logins(again) == ["lan"]
    again.dispose()
    assert database.steps(office_place) == ("3", [])
    database.open_office(office_place).dispose()


def test_a_step_that_fails_changes_nothing(
    office: Engine, office_place: Target, next_version: Path
) -> None:
    (next_version / "office_3.py").write_text(SECOND.format(more="raise ZeroDivisionError"))
    before = columns(office)
    with pytest.raises(ZeroDivisionError):
        database.open_office(office_place, upgrade=True)
    assert columns(office) == before
    assert database.steps(office_place)[0] == "2"


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
    assert [(plan.found, len(plan.steps)) for plan in plans] == [("3", 3), ("2", 0)]
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
