"""What is hidden cannot be told from what is absent, by whoever asks, in whatever way.

Each answer over the register with its secrets is compared with that over the register without what
the reader may not know. They are the same bytes but for revisions, tags and times.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from geo import audience, derived, register, scope
from geo.audience import EVERYTHING, Sight
from geo.layers import LAYERS
from geo.schema import Layer
from geo.tiles import fields
from office.actor import Actor
from tests.matrix import rows
from tests.matrix.conftest import Make, Server, forget_projections
from tests.matrix.rows import ALIKE, READERS, Reader

Known = Callable[[Reader], Server]
TILED = {layer.name for layer in fields.spatial()}
ALL = "datetime=../.."
WEST, STEP = 105.5, 3.0  # degrees, of the halves that are asked for one by one
# What tells of time and of the number of changes alone, see the decision on who sees what; cursors
# are other numbers in each register, see tests/api/test_cursors.py.
TOLD = re.compile(
    rb'"timeStamp":"[^"]*"|"created":"[^"]*"|"register":"\w*"|"revision":\d+|(cursor|before)=\d+'
    rb'|"(seq|at|hash|recorded_at)":[^,}]*'
)
TILES = ["0/0/0", "8/119/204", "12/1909/3257"]  # z/row/column
READER = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
ON_BOTH = ("inspector before the merger", "partner")  # whose statements ask where a row lies


def ways(layer: Layer) -> Iterator[str]:
    """Yield every way to read a layer."""
    here = f"/api/collections/{layer.name}"
    items = f"{here}/items"
    yield from (here, f"{items}?{ALL}&limit=1000", f"{items}?limit=1")
    yield from (f"{items}?f={form}" for form in ("csv", "html", "metadata"))
    for hidden in ("own-restricted", "other-restricted", "facing-partner", "nowhere-internal"):
        yield f"{items}/{layer.name}-{hidden}"
    yield f"{items}/{layer.name}-nowhere-restricted?f=html"
    yield f"{items}?{ALL}&note=" + quote(f"mật {layer.name}-own-public")
    yield f"{items}?{ALL}&filter=" + quote("note IS NULL")
    yield f"{items}?{ALL}&filter=" + quote("note LIKE 'mật%' OR classification <> 'public'")
    yield f"{items}?{ALL}&province=" + quote("Đắk Nông")
    yield f"{here}/counts?{ALL}&by=classification,note&distinct=source_id,id"
    past = f"/api/history/layers/{layer.name}"
    yield from (f"{past}?limit=1000", f"{past}?limit=2&{ALL}", f"/api/history?layer={layer.name}")
    yield f"{items}/{layer.name}-own-public/history"
    yield f"{items}/{layer.name}-other-restricted/history"
    if layer.geometry:
        for west in (WEST, WEST + STEP):
            yield f"{items}?{ALL}&limit=1&bbox={west},11,{west + STEP},14"
        exact = quote("S_INTERSECTS(geometry, POINT(106.04 12.04))")
        yield f"{items}?{ALL}&filter={exact}"
    if layer.name in TILED:
        yield f"{here}/tiles/WebMercatorQuad"
        yield from (f"{here}/tiles/WebMercatorQuad/{tile}" for tile in TILES)


def ways_together() -> Iterator[str]:
    """Yield every way to read several layers at once."""
    yield from ("/api/info", "/api/collections", "/api/collections?f=html", "/api/corridors")
    yield from (f"/api/corridors/{key}" for key in ("c", "c-corridors-nowhere-partner"))
    yield "/api/corridors/c/projects?within_km=500"
    yield from ("/api/partners", "/api/partners/LA-SV", "/api/partners?datetime=2014-01-01")
    for word in ("restricted", "internal public", "cot moc", "ten", "dai uy", "mat", "nguon"):
        yield f"/api/search?limit=50&q={word}"
    for border in ("", "border=VN-LA&", "province=" + quote("Quảng Trị") + "&"):
        yield f"/api/progress?{border}as_of=2025-01-01"
    yield "/api/tiles/WebMercatorQuad"
    yield f"/api/tiles/WebMercatorQuad/{TILES[1]}"
    for unit in ("restricted", "internal"):
        name = quote(f"Tên admin_units-nowhere-{unit}")
        yield f"/api/progress?province={name}"
        yield f"/api/collections/markers/items?province={name}"


def heard(server: Server, actor: Actor, path: str) -> tuple[Any, ...]:
    """Return all of an answer but revisions, tags and times."""
    answer = server.ask(actor, path)
    kept = {k: v for k, v in answer.headers.items() if k not in ("etag", "content-length", "date")}
    kept["link"] = TOLD.sub(b"", kept.get("link", "").encode()).decode()
    return answer.status_code, kept, TOLD.sub(b"", answer.content)


def differences(whole: Server, known: Server, reader: Reader, paths: Iterator[str]) -> list[str]:
    """Return the ways in which a reader learns what he may not know."""
    found = []
    for path in paths:
        answers = [heard(server, reader.actor, path) for server in (whole, known)]
        assert answers[1][0] < 500, path
        if answers[0] != answers[1]:
            found.append(path)
    return found


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.name)
def test_a_layer(whole: Server, known: Known, back_end: str, layer: Layer) -> None:
    for reader in READERS[:-1]:  # from the administrator nothing is hidden
        if back_end == "file" or reader.name in ON_BOTH:
            found = differences(whole, known(reader), reader, ways(layer))
            assert found == [], reader.name


@READER
def test_layers_together(whole: Server, known: Known, reader: Reader) -> None:
    assert differences(whole, known(reader), reader, ways_together()) == []


@READER
def test_each_reader_sees_what_is_for_him(whole: Server, reader: Reader) -> None:
    """Else nothing could be told from nothing."""
    for name, made in rows.everything().items():
        path = f"/api/collections/{name}/items?{ALL}&limit=1000"
        for actor in (reader.actor, *ALIKE.get(reader.name, ())):
            answer = whole.ask(actor, path).json()
            expected = {one.row.id for one in made if rows.sees(LAYERS[name], one, reader)}
            assert {feature["id"] for feature in answer["features"]} == expected, (name, actor)
            assert answer["numberMatched"] == len(answer["features"])


# Each breaks one rule of what is shown; the matrix has to find it.
def _all_inside(layer: Layer, sight: Sight) -> Any:
    return audience.bit(sight.widest)


def _all_fields(*_: object) -> frozenset[str]:
    return frozenset()


def _one_history(self: derived.Dated) -> Any:
    return [(audience.ANYBODY, self.steps())]


def _all_units(self: register.Register, _sight: Sight) -> Any:
    return _units_of(self, EVERYTHING)


_units_of = register.Register.units_of
_all_fields.cache_clear = lambda: None  # type: ignore[attr-defined]
INSPECTOR, ANYBODY = READERS[2], READERS[0]
MUTATIONS = {
    "where a row lies is not asked": (scope, "mask", _all_inside, INSPECTOR),
    "no field is hidden": (audience, "_hidden", _all_fields, ANYBODY),
    "every place is exact": (audience, "is_exact", lambda *_: True, ANYBODY),
    "a marker tells of hidden events": (derived.Dated, "apart", _one_history, ANYBODY),
    "a hidden province has a name": (register.Register, "units_of", _all_units, ANYBODY),
}


@pytest.mark.parametrize("broken", MUTATIONS)
def test_the_matrix_finds_a_broken_rule(
    make: Make, known: Known, back_end: str, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if back_end != "file":
        pytest.skip("the rules are the same code for both stores")
    owner, name, rule, reader = MUTATIONS[broken]
    expected = known(reader)
    expected.ask(reader.actor, "/api/info")  # made before anything is broken
    monkeypatch.setattr(owner, name, rule)
    forget_projections()
    paths = [*ways(LAYERS["markers"]), *ways_together()]
    try:
        assert differences(make(rows.whole()), expected, reader, iter(paths))
    finally:
        monkeypatch.undo()
        forget_projections()
