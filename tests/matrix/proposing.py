"""People who propose and decide, and how they ask; what the tests of proposals share."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from office.actor import Actor, Role
from tests.matrix.conftest import Server
from tests.matrix.rows import somebody

PROPOSALS = "/api/proposals"
MARKERS = "/api/collections/markers/items"
OWN = "markers-own-internal"
ANY = {"if-match": "*"}
ABSENT = "0123456789abcdef0123456789abcdef"


def person(name: str, role: Role, *provinces: str, **more: Any) -> Actor:
    return replace(somebody(role, *provinces, **more), id=name, name=name)


EDITOR = person("lan", Role.EDITOR, "vn.dak-nong")
APPROVER = person("minh", Role.APPROVER, "vn.lam-dong.2025")  # of what Đắk Nông became
numbers = itertools.count(1)


def note() -> dict[str, Any]:
    """A change to the field that is restricted here, another one each time."""
    return {"properties": {"note": f"đo lại lần {next(numbers)}"}}


def propose(server: Server, actor: Actor = EDITOR, row: str = OWN, **given: Any) -> Any:
    body = {"layer": "markers", "id": row, "feature": note(), "reason": "biên bản 12"} | given
    answer = server.ask(actor, PROPOSALS, "POST", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def decide(server: Server, actor: Actor, key: str, what: str, **body: Any) -> Any:
    return server.ask(actor, f"{PROPOSALS}/{key}/{what}", "POST", json=body)


def one(server: Server, actor: Actor, key: str) -> Any:
    return server.ask(actor, f"{PROPOSALS}/{key}").json()


def feature(server: Server, row: str = OWN) -> Any:
    return server.ask(APPROVER, f"{MARKERS}/{row}").json()


def entries(server: Server, row: str = OWN) -> list[Any]:
    told = server.ask(APPROVER, f"{MARKERS}/{row}/history?limit=100").json()
    return list(told["versions"])


def said(answer: Any, key: str) -> tuple[int, str]:
    return answer.status_code, answer.text.replace(key, "ID").replace(ABSENT, "ID")
