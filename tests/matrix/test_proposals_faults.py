"""A server that dies while a proposal is decided neither loses nor repeats it; on both stores."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from api.actors import open_office
from api.errors import refused
from geo import check, proposing
from geo.audience import Sight
from geo.errors import StoreError
from geo.vocabulary import Classification
from office import deciding, proposals
from office.deciding import Eyes
from tests.matrix import rows
from tests.matrix.conftest import Make, Server
from tests.matrix.proposing import (
    APPROVER,
    EDITOR,
    PROPOSALS,
    decide,
    entries,
    one,
    propose,
)


@pytest.fixture(scope="module")
def server(make: Make) -> Iterator[Server]:
    made = make(rows.whole())
    yield made
    assert check.check(made.client.app.state.engine) == []  # type: ignore[attr-defined]


class Killed(BaseException):
    """The end of a process, without a word."""


def eyes(server: Server) -> Eyes:
    units = server.client.app.state.register.units  # type: ignore[attr-defined]
    restricted = Classification.RESTRICTED
    own = Sight(Classification.INTERNAL, restricted, units.territory(APPROVER.provinces))
    return Eyes(APPROVER, own, units, refused)


def die(*_args: Any, **_given: Any) -> Any:
    raise Killed


def accept(server: Server, made: Any) -> Any:
    app: Any = server.client.app
    look = {"revision": made["revision"], "note": "đúng"}
    return deciding.accept(app.state.engine, open_office(app), made["id"], eyes(server), **look)


def test_what_was_written_is_accepted_though_the_server_died_before_it_said_so(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, known = propose(server), len(entries(server))
    with monkeypatch.context() as patch:
        patch.setattr(proposals, "decide", die)
        with pytest.raises(Killed):
            accept(server, made)
    assert len(entries(server)) == known + 1
    for way, body in (("reject", {"note": "x"}), ("accept", {"revision": made["revision"] + 1})):
        answer = decide(server, APPROVER, made["id"], way, **body)
        assert (answer.status_code, answer.json()["code"]) == (409, "decided")
    answer = decide(server, EDITOR, made["id"], "withdraw")
    assert (answer.status_code, len(entries(server))) == (409, known + 1)
    told = one(server, EDITOR, made["id"])
    assert (told["state"], told["decision"]["by"]) == ("accepted", "minh")
    assert told["decision"]["note"] == "đúng"
    assert made["id"] not in server.ask(EDITOR, f"{PROPOSALS}?state=open").text


def test_what_was_not_written_waits_on_though_the_server_died(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, known = propose(server), len(entries(server))
    written = proposing.write

    def half(*args: Any, **given: Any) -> Any:
        written(*args, **given)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(proposing, "write", half)
        with pytest.raises(Killed):
            accept(server, made)
    told = one(server, APPROVER, made["id"])
    assert (told["state"], told["decision"], len(entries(server))) == ("open", None, known)
    assert decide(server, EDITOR, made["id"], "withdraw").status_code == 204
    assert one(server, EDITOR, made["id"])["decision"]["note"] is None


def test_a_private_database_that_fails_does_not_lose_an_acceptance(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = propose(server)

    def full(*_args: Any, **_given: Any) -> None:
        raise StoreError("full")

    with monkeypatch.context() as patch:
        patch.setattr(proposals, "decide", full)
        done = decide(server, APPROVER, made["id"], "accept", revision=made["revision"])
        assert done.status_code == 200
        assert one(server, EDITOR, made["id"])["state"] == "accepted"
    assert one(server, EDITOR, made["id"])["state"] == "accepted"
