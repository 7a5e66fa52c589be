"""A hidden row is looked for by the same statements as one that is not there; on both stores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from api.actors import open_office
from geo.layers import LAYERS
from geo.schema import FILES
from office.actor import Actor, Role
from tests.matrix import rows
from tests.matrix.conftest import Make, Server
from tests.matrix.rows import SHA256, somebody
from tests.matrix.test_matrix import TOLD

HIDDEN, ABSENT = "other-restricted", "other-nosuch-thing"
INSPECTOR = somebody(Role.INSPECTOR, "vn.dak-nong")  # whose statements ask where a row lies
EDITOR = somebody(Role.EDITOR, "vn.dak-nong")
SAID = {"type": "Feature", "geometry": None, "properties": {"note": "x"}}
ANY = {"if-match": "*"}


@pytest.fixture(scope="module")
def server(make: Make) -> Server:
    return make(rows.whole())


@contextmanager
def statements(server: Server) -> Iterator[list[str]]:
    """Give the statements that are sent to the register and to the private database."""
    app: Any = server.client.app
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    engines = (app.state.engine, open_office(app))
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield sent
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def work(server: Server, actor: Actor, method: str, path: str, **given: Any) -> Any:
    """Return what is answered, and what was asked of the stores for it."""
    server.ask(actor, path, method, **given)  # so that what is kept is kept for both
    with statements(server) as sent:
        answer = server.ask(actor, path, method, **given)
    said = TOLD.sub(b"", answer.content).decode()
    return answer.status_code, said.replace(HIDDEN, "ID").replace(ABSENT, "ID"), sent


def ways(layer: str, key: str) -> Iterator[str]:
    here = f"/api/collections/{layer}/items"
    row = f"{layer}-{key}"
    yield from (f"{here}/{row}", f"{here}/{row}?f=html", f"{here}/{row}?datetime=../..")
    yield from (f"{here}/{row}/history", f"/api/history?layer={layer}&feature={row}")
    yield from (f"{here}?id={row}", f"{here}?f=metadata&id={row}")
    yield f"/api/evidence?row={layer}/{row}"
    if FILES in LAYERS[layer].fields:
        for sha256 in (SHA256[rows.RESTRICTED], "0" * 64):
            yield f"/api/evidence/{sha256}?row={layer}/{row}"
            yield f"/api/evidence/{sha256}?row={layer}/{row}&size=small"


@pytest.mark.parametrize("layer", ["markers", "inspections"])
def test_reading(server: Server, layer: str) -> None:
    for hidden, absent in zip(ways(layer, HIDDEN), ways(layer, ABSENT), strict=True):
        one, other = (work(server, INSPECTOR, "GET", path) for path in (hidden, absent))
        assert one == other, hidden
        assert one[2], hidden


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_writing(server: Server, method: str) -> None:
    body = None if method == "DELETE" else SAID
    here = "/api/collections/markers/items/markers"
    one, other = (
        work(server, EDITOR, method, f"{here}-{key}", json=body, headers=ANY)
        for key in (HIDDEN, ABSENT)
    )
    assert one == other
    assert one[2]


def test_proposing(server: Server) -> None:
    given = {"layer": "markers", "reason": "x", "feature": {"properties": {"note": "x"}}}
    for action in ("edit", "retire"):
        one, other = (
            work(
                server, EDITOR, "POST", "/api/proposals",
                json=given | {"action": action, "id": f"markers-{key}"},
            )
            for key in (HIDDEN, ABSENT)
        )  # fmt: skip
        assert one == other, action
        assert one[0] == 404
