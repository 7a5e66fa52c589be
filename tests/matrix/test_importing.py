"""A preview tells nothing of what is hidden: it is the same over a register without that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest

from geo.audience import EVERYTHING
from geo.imports import dated, matching
from geo.imports.rights import Ground
from geo.layers import LAYERS
from geo.query import Filter
from geo.schema import Layer
from geo.types import Row
from office.actor import Role
from tests.matrix import rows
from tests.matrix.conftest import Make, Server
from tests.matrix.proposing import PROPOSALS
from tests.matrix.rows import READERS, Made, Reader

Known = Callable[[Reader], Server]
Way = Callable[[Made, int], Iterator[dict[str, Any]]]
IMPORTS = "/api/imports"
EDITOR = next(one for one in READERS if one.name == "editor of another province")
# Layers of every kind: known by number or name, exact for few, dated by marker, held by nobody.
TRIED = ("markers", "gates", "inspections", "sources", "projects")
ON_BOTH = ("markers",)
COLUMNS = (
    "@id", "number", "name_vi", "border", "province", "province_origin_id", "note",
    "locality", "marker_id", "at", "condition", "@condition", "@checked", "@accepted",
    "classification", "position_id",
)  # fmt: skip
CHANCE = re.compile(
    rb'n[0-9a-f]{24}|"id":"[0-9a-f]{32}"|"(base_)?revision":\d+|/imports/[0-9a-f]{32}'
    rb'|"made_at":"[^"]+"'
)
Line = dict[str, Any]


def by_itself(one: Made, number: int) -> Iterator[Line]:
    """Yield a row by its identifier, as it is but for what is hidden from some."""
    same = {name: one.row.properties.get(name) for name in COLUMNS}
    yield same | at(one) | {"@id": one.row.id, "number": number, "note": None}


def with_secrets(one: Made, number: int) -> Iterator[Line]:
    yield {"@id": one.row.id, "number": number, "note": one.row.properties.get("note")}


def with_steps(one: Made, _number: int) -> Iterator[Line]:
    """Yield a step and an inspection that the register holds as restricted."""
    steps = {"@accepted": "01/01/2001", "@condition": "missing", "@checked": "02/02/2001"}
    yield {"@id": one.row.id} | steps


def by_others(one: Made, number: int) -> Iterator[Line]:
    """Yield rows by the name of a row, at its place, and naming it."""
    yield {"name_vi": one.row.properties.get("name_vi"), "number": 300 + number} | at(one)
    own = {"border": "VN-LA", "province": "Quảng Trị"}
    yield {"name_vi": f"của {number}", "number": 500 + number, "marker_id": one.row.id} | own
    yield {"name_vi": f"tại {number}", "number": 700 + number, "position_id": one.row.id} | own
    yield {"name_vi": f"tỉnh {number}", "number": 900 + number, "province": f"Tên {one.row.id}"}


def at(one: Made) -> Line:
    return {"@geometry": one.row.geometry}


WAYS = (by_itself, with_secrets, with_steps, by_others)


def header(name: str) -> str:
    return "id" if name == "@id" else f"cột {name.strip('@')}"


def sheet(layer: Layer, way: Way) -> tuple[bytes, dict[str, str | None]]:
    """Return a file that asks of each row of the register, and what its columns hold."""
    fields = {field.name for field in layer.fields} | {"@id"}
    if layer.name == "markers":
        fields = {*fields, "@condition", "@checked", "@accepted"} - {"condition"}
    known = [name for name in COLUMNS if name in fields]
    others = rows.everything()["admin_units"] if way is by_others else []
    features = [
        {
            "type": "Feature",
            "properties": {header(name): one.get(name) for name in known},
            "geometry": shape.__geo_interface__ if (shape := one.get("@geometry")) else None,
        }
        for number, made in enumerate([*rows.everything()[layer.name], *others])
        for one in way(made, number + 1)
    ]
    mapping: dict[str, str | None] = {header(name): name for name in known}
    return orjson.dumps({"type": "FeatureCollection", "features": features}), mapping


def heard(server: Server, reader: Reader, layer: Layer) -> list[tuple[str, int, bytes]]:
    """Return all that previews tell, but what is by chance."""
    return [one for way in WAYS for one in previewed(server, reader, layer, way)]


def previewed(
    server: Server, reader: Reader, layer: Layer, way: Way
) -> Iterator[tuple[str, int, bytes]]:
    def ask(path: str, method: str = "GET", **given: Any) -> tuple[str, int, bytes]:
        answer = server.ask(reader.actor, f"{address}{path}", method, **given)
        return f"{way.__name__}{path}", answer.status_code, CHANCE.sub(b"", answer.content)

    body, mapping = sheet(layer, way)
    given = {"name": "t.geojson", "into": layer.name}
    sent = server.ask(reader.actor, IMPORTS, "POST", params=given, content=body)
    assert sent.status_code == 201, sent.text
    address = f"{IMPORTS}/{sent.json()['id']}"
    kind = {"content-type": "application/json"}
    yield ask("", "PATCH", json={"mapping": mapping, "as_of": "2020-01-01"}, headers=kind)
    for path in ("/rows?limit=1000", "/map", "/faults.csv"):
        yield ask(path)
    server.ask(reader.actor, address, "DELETE")


@pytest.mark.parametrize("name", TRIED)
def test_a_preview(whole: Server, known: Known, back_end: str, name: str) -> None:
    if back_end == "file" or name in ON_BOTH:
        expected = heard(known(EDITOR), EDITOR, LAYERS[name])
        for told, wanted in zip(heard(whole, EDITOR, LAYERS[name]), expected, strict=True):
            assert told == wanted
            assert told[1] == 200


def test_a_preview_says_something(whole: Server) -> None:
    """Else nothing could be told from nothing."""
    told = b"".join(body for _, _, body in heard(whole, EDITOR, LAYERS["markers"])).decode()
    for word in ('"create"', '"change"', '"same"', '"province"', '"hidden"', '"near_other"'):
        assert word in told, word


def claiming(server: Server) -> tuple[bytes, dict[str, str]]:
    """Return a file that names each marker that the editor is not shown, and changes one of his."""
    ids = [made.row.id for made in rows.everything()["markers"]]
    items = "/api/collections/markers/items"
    gone = [key for key in ids if server.ask(EDITOR.actor, f"{items}/{key}").status_code == 404]
    own: dict[str, str | int] = {"border": "VN-LA", "province": "Quảng Trị"}
    lines = [own | {"@id": key, "number": 800 + n} for n, key in enumerate(gone)]
    lines += [own | {"number": 900 + n} for n, _ in enumerate(gone)]  # known by number alone
    lines.append(own | {"@id": "markers-other-public", "number": 999})
    mapping = {header(name): name for name in lines[0]}
    features = [
        {"type": "Feature", "geometry": None,
         "properties": {header(name): value for name, value in line.items()}}
        for line in lines
    ]  # fmt: skip
    assert len(gone) == 3
    return orjson.dumps({"type": "FeatureCollection", "features": features}), mapping


def proposed(server: Server, body: bytes, mapping: dict[str, str]) -> Iterator[tuple[int, bytes]]:
    """Yield what an editor and an approver of his province are told of a file that he proposes."""
    given = {"name": "t.geojson", "into": "markers"}
    made = server.ask(EDITOR.actor, IMPORTS, "POST", params=given, content=body).json()
    address = f"{IMPORTS}/{made['id']}"
    kind = {"content-type": "application/json"}
    server.ask(EDITOR.actor, address, "PATCH", json={"mapping": mapping}, headers=kind)
    sent = server.ask(EDITOR.actor, f"{address}/propose", "POST")
    yield sent.status_code, CHANCE.sub(b"", sent.content)
    at = f"{PROPOSALS}/{sent.json()['id']}"
    for actor in (EDITOR.actor, rows.somebody(Role.APPROVER, "vn.quang-tri", id="minh")):
        for path in ("", "/rows?limit=100", "/rows?changed=true"):
            answer = server.ask(actor, f"{at}{path}")
            yield answer.status_code, CHANCE.sub(b"", answer.content)
    server.ask(EDITOR.actor, f"{at}/withdraw", "POST")


def test_a_file_that_is_proposed_tells_nothing_of_what_is_hidden(
    whole: Server, known: Known
) -> None:
    sent = claiming(whole)
    told = list(proposed(whole, *sent))
    assert [status for status, _ in told] == [201] + [200] * 6
    assert b'"number":"999"' in told[2][1]
    assert told == list(proposed(known(EDITOR), *sent))


# Each lets a preview look at what is hidden; the matrix has to find it.
def _all_held(conn: Any, layer: Layer, asked: Filter) -> Any:
    return _held(conn, layer, Filter(asked.when, sight=EVERYTHING))


def _all_dated(ground: Ground, layer: Layer, ids: Any) -> Any:
    return _dated(Ground(ground.conn, ground.layer, ground.known, EVERYTHING), layer, ids)


def _all_seen(_self: Ground, _layer: Layer, _row: Row) -> bool:
    return True


_held, _dated = matching.held, dated._seen
MUTATIONS = {
    "hidden rows are known again": (matching, "held", _all_held),
    "hidden events are known again": (dated, "_seen", _all_dated),
    "hidden identifiers are taken": (Ground, "sees", _all_seen),
    "hidden fields are compared": (Ground, "shown", lambda _, row: row),
}


@pytest.mark.parametrize("broken", MUTATIONS)
def test_the_matrix_finds_a_broken_rule(
    make: Make, known: Known, back_end: str, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if back_end != "file":
        pytest.skip("the rules are the same code for both stores")
    expected = heard(known(EDITOR), EDITOR, LAYERS["markers"])
    owner, name, rule = MUTATIONS[broken]
    monkeypatch.setattr(owner, name, rule)
    assert heard(make(rows.whole()), EDITOR, LAYERS["markers"]) != expected
