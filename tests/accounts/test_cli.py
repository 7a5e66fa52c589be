"""Accounts from the machine itself: links that work once, on both private databases."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from api import cli
from api.cli.accounts import tell_first_link
from geo.store import Target
from office import database, invitations
from office.actor import Role
from office.database import writing
from office.errors import LinkError
from office.invitations import Link
from tests.geo import build


@pytest.fixture
def register(place: Target, monkeypatch: pytest.MonkeyPatch) -> Target:
    units = [build.unit("vn.dak-nong", "Đắk Nông")]
    build.register(place, admin_units=units).engine.dispose()
    monkeypatch.setenv("COTMOC_STORE", str(place))
    monkeypatch.setenv("COLUMNS", "200")
    return place


@pytest.fixture
def private(register: Target) -> Iterator[Engine]:
    engine = database.open_office(database.beside(register))
    yield engine
    engine.dispose()


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["cotmoc", "admin", "invite", *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


def looked(private: Engine, address: str) -> Link:
    with private.connect() as conn:
        return invitations.look(conn, address.partition("#")[2])


def test_an_invitation_is_printed_alone(
    private: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--role", "editor", "--login", "Lan", "--province", "vn.dak-nong")
    assert run(monkeypatch, *words, "--address", "https://moc.example/so/") == 0
    (printed,) = capsys.readouterr().out.split()
    assert printed.startswith("https://moc.example/so/link#")
    link = looked(private, printed)
    assert (link.role, link.login, link.provinces) == (
        Role.EDITOR,
        "lan",
        frozenset({"vn.dak-nong"}),
    )


@pytest.mark.parametrize(
    "words", [("--role", "king"), ("--role", "anonymous"), ("--province", "vn.atlantis")]
)
def test_what_there_is_not_is_refused(
    register: Target,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
) -> None:
    assert run(monkeypatch, *words) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("cotmoc: There is no ")


def test_a_start_prints_a_link_until_somebody_administers(
    private: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    links = []
    for _ in range(2):
        tell_first_link(private, "http://127.0.0.1:8000")
        links += re.findall(r"http://127.0.0.1:8000/link#\S+", capsys.readouterr().err)
    assert len(links) == 2
    with pytest.raises(LinkError):
        looked(private, links[0])
    token = links[1].partition("#")[2]
    with writing(private) as conn:
        given = {"password": "seven stones by the river", "login": "boss"}
        invitations.use(conn, token, address=None, **given)
    tell_first_link(private, "http://127.0.0.1:8000")
    assert capsys.readouterr().err == ""


def test_a_command_brings_in_no_client_of_identity_providers() -> None:
    """It takes a while, and Authlib warns of its HTTP library in the terminal of all."""
    told = "import sys, api.cli; sys.exit('authlib.integrations.httpx_client' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
