"""Who reads the private database reads no secret of a second factor; and what a lost key does."""

import logging
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import Engine, inspect, select, text, update

from geo.store import Target
from office import (
    administering,
    database,
    invitations,
    people,
    sealing,
    second_factor,
    tokens,
)
from office.actor import Role
from office.database import writing
from office.people import Person, accounts
from office.sealing import Seal, SealError
from tests.office.conftest import PASSWORD, Clock, Hire
from tests.office.test_second_factor import ME, checks, enrolled
from tests.office.test_signing_in import enter


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tmp_path / "own.key"


@pytest.fixture
def office(office_place: Target, key: Path) -> Iterator[Engine]:
    engine = database.open_office(office_place, key=key)
    yield engine
    engine.dispose()


def kept(office: Engine, person: Person) -> tuple[str | None, str | None]:
    with office.connect() as conn:
        row = conn.execute(select(accounts).where(accounts.c.id == person.id)).one()
    return row.totp, row.totp_pending


def test_no_secret_lies_in_the_open(office: Engine, hire: Hire, time: Clock, key: Path) -> None:
    lan, minh = hire("lan"), hire("minh")
    totp, _ = enrolled(office, lan, time)
    with writing(office) as conn:
        begun = second_factor.begin(conn, minh)
    for found, secret in (
        (kept(office, lan)[0], totp.secret),
        (kept(office, minh)[1], begun.secret),
    ):
        assert found
        assert secret not in found
        assert found.startswith("sealed:")
    with office.connect() as conn:
        assert totp.secret not in str(conn.execute(select(accounts)).all())
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_what_need_not_be_read_again_is_kept_as_a_hash(
    office: Engine, hire: Hire, time: Clock
) -> None:
    """Who reads a whole backup of the private database can use nothing of it."""
    lan = hire("lan")
    _, codes = enrolled(office, lan, time)
    with writing(office) as conn:
        acting = lan.acting("session", second_factor=True)
        made = tokens.make(conn, acting, name="qgis", scopes=frozenset(), days=9)[1]
        links = [
            invitations.invite(conn, ME, role=Role.ADMIN)[1],
            invitations.reset(conn, ME, lan.id),
        ]
    session = enter(office)
    with office.connect() as conn:
        tables = inspect(conn).get_table_names()
        held = str([conn.execute(text(f"SELECT * FROM {one}")).all() for one in tables])
    assert lan.id in held
    for secret in (PASSWORD, session, made, made.removeprefix("cotmoc_"), *links, *codes):
        assert secret not in held
        assert secret.replace("-", "") not in held


def test_the_secret_of_one_opens_nothing_in_the_row_of_another(
    office: Engine, hire: Hire, time: Clock
) -> None:
    """Who can write to the database puts his own secret, which he knows, into another's row."""
    thief, boss = hire("thief"), hire("boss")
    mine, _ = enrolled(office, thief, time)
    enrolled(office, boss, time)
    with writing(office) as conn:
        conn.execute(
            update(accounts).where(accounts.c.id == boss.id).values(totp=kept(office, thief)[0])
        )
    with pytest.raises(SealError):
        checks(office, boss, mine.at(time.now))


def test_without_the_key_a_recovery_code_is_good(
    office: Engine, hire: Hire, time: Clock, key: Path
) -> None:
    lan = hire("lan")
    totp, codes = enrolled(office, lan, time)
    key.unlink()
    with office.connect() as conn, pytest.raises(SealError, match="1 second factors"):
        second_factor.check_key(conn)
    with pytest.raises(SealError, match="not there"):
        checks(office, lan, totp.at(time.now))
    assert checks(office, lan, codes[0])
    assert not key.exists()  # a check makes none


def test_a_new_key_in_the_place_of_a_lost_one(
    office: Engine, hire: Hire, time: Clock, key: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lan = hire("lan")
    totp, _ = enrolled(office, lan, time)
    key.unlink()
    sealing.make(key)
    with caplog.at_level(logging.WARNING), office.connect() as conn:
        second_factor.check_key(conn)
    assert "another key" in caplog.text
    with pytest.raises(SealError):
        checks(office, lan, totp.at(time.now))
    with writing(office) as conn:
        administering.remove_second_factor(conn, ME, lan.id)
    again, _ = enrolled(office, lan, time)
    assert checks(office, lan, again.at(time.now))
    with office.connect() as conn:
        second_factor.check_key(conn)


def test_many_that_need_a_key_make_one(tmp_path: Path) -> None:
    seal = Seal(tmp_path / "new" / "key")
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: seal.close(str(n), "x"), range(32)))
    assert [seal.open(one, "x") for one in made] == [str(n) for n in range(32)]
    assert len({one.split(":")[1] for one in made}) == 1
    assert [path.name for path in seal.path.parent.iterdir()] == ["key"]


@pytest.mark.parametrize("content", [b"", b"short", b"!" * 44, b"A" * 43 + b"="])
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o644 if len(content) == 44 else 0o600)
    with pytest.raises(SealError, match="Cannot use the key"):
        Seal(path).close("x", "y")
    with pytest.raises(SealError, match="never replaced"):
        sealing.make(path)


def test_what_lay_in_the_open_is_sealed_by_the_upgrade(
    office: Engine, office_place: Target, hire: Hire, time: Clock, key: Path
) -> None:
    lan, minh, none = hire("lan"), hire("minh"), hire("none")
    plain, begun = pyotp.random_base32(), pyotp.random_base32()
    with writing(office) as conn:
        people.put(conn, lan.id, totp=plain)
        people.put(conn, minh.id, totp_pending=begun)
        for column in (
            "accounts DROP COLUMN mail",
            "accounts DROP COLUMN came_at",
            "links DROP COLUMN mail",
        ):
            conn.execute(text(f"ALTER TABLE {column}"))
        conn.execute(text("UPDATE alembic_version SET version_num = '1'"))
    again = database.open_office(office_place, upgrade=True, key=key)
    assert plain not in str(kept(again, lan))
    assert begun not in str(kept(again, minh))
    assert kept(again, none) == (None, None)
    assert checks(again, lan, pyotp.TOTP(plain).at(time.now))
    with writing(again) as conn:
        assert second_factor.confirm(conn, minh, pyotp.TOTP(begun).at(time.now))
    again.dispose()
