"""What is hidden cannot be told from what is absent, by whoever asks, in whatever way.

Each answer over the register with its secrets is compared with that over the register without what
the reader may not know. They are the same bytes but for revisions, tags and times.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from api import askers
from api.routes import jobs as job_routes
from geo import audience, derived, register, scope, search
from geo.audience import ANYBODY, EVERYTHING, Sight
from geo.evidence import register as evidence
from geo.exports import metadata
from geo.history.lens import Lens
from geo.layers import LAYERS
from geo.schema import FILES, Layer
from geo.tiles import fields
from geo.vocabulary import Classification
from office import jobs
from office.actor import Actor
from office.deciding import Eyes
from tests.kinds import AGAIN
from tests.matrix import rows
from tests.matrix.conftest import JOB, PROPOSAL, Make, Server, forget_projections
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
CHANGING = ("etag", "content-length", "date", "x-request-id")  # headers
TILES = ["0/0/0", "8/119/204", "12/1909/3257"]  # z/row/column
READER = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
ON_BOTH = ("inspector before the merger", "partner")  # whose statements ask where a row lies
# Layers by what such a statement asks: for each shape, and for each way to belong to a place.
BY_KIND = {
    "sources", "admin_units", "borders", "markers", "inspections", "corridors", "agreements",
}  # fmt: skip


WRONG = ("limit=0", "nosuch=1", "filter=nosuch%20=%201")


def ways(layer: Layer) -> Iterator[str]:
    """Yield every way to read a layer."""
    here = f"/api/collections/{layer.name}"
    items = f"{here}/items"
    yield from (here, f"{items}?{ALL}&limit=1000", f"{items}?limit=1")
    yield from (f"{items}?f={form}" for form in ("csv", "html", "metadata"))
    yield f"{items}?{ALL}&f=metadata"
    yield from (f"{items}?{ALL}&{wrong}" for wrong in WRONG)
    for hidden in ("own-restricted", "other-restricted", "facing-partner", "nowhere-internal"):
        yield f"{items}/{layer.name}-{hidden}"
    yield f"{items}/{layer.name}-nowhere-restricted?f=html"
    yield f"{items}?{ALL}&note=" + quote(f"mật {layer.name}-own-public")
    yield f"{items}?{ALL}&filter=" + quote("note IS NULL")
    yield f"{items}?{ALL}&filter=" + quote("note LIKE 'mật%' OR classification <> 'public'")
    yield f"{items}?{ALL}&province=" + quote("Đắk Nông")
    yield f"{here}/counts?{ALL}&by=classification,note&distinct=source_id,source"
    past = f"/api/history/layers/{layer.name}"
    yield from (f"{past}?limit=1000", f"{past}?limit=2&{ALL}", f"/api/history?layer={layer.name}")
    yield f"{items}/{layer.name}-own-public/history"
    yield f"{items}/{layer.name}-other-restricted/history"
    if layer.geometry:
        for west in (WEST, WEST + STEP):
            yield f"{items}?{ALL}&limit=1&bbox={west},11,{west + STEP},14"
        exact = quote("S_INTERSECTS(geometry, POINT(106.04 12.04))")
        yield f"{items}?{ALL}&filter={exact}"
    if FILES in layer.fields:
        yield from files(layer)
    if layer.name in TILED:
        yield f"{here}/tiles/WebMercatorQuad"
        yield from (f"{here}/tiles/WebMercatorQuad/{tile}" for tile in TILES)


def files(layer: Layer) -> Iterator[str]:
    """Yield the ways to the photos of a layer's rows, and to those that no such row shows."""
    for level, sha256 in rows.SHA256.items():
        for place in ("own", "facing", "nowhere"):
            yield f"/api/evidence/{sha256}?row={layer.name}/{layer.name}-{place}-{level.value}"
        own = f"row={layer.name}/{layer.name}-own-{level.value}"
        yield f"/api/evidence/{sha256}?{own}&size=small"
    for place in ("own", "facing", "nowhere"):
        for level in rows.SHA256:
            yield f"/api/evidence?row={layer.name}/{layer.name}-{place}-{level.value}"
    yield f"/api/evidence/{sha256}?row={layer.name}/{layer.name}-nowhere-public"
    yield f"/api/evidence/{sha256}"


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


def work_of_others() -> tuple[str, ...]:
    """Return the ways to what an administrator does, and to the audit; he himself sees it all."""
    audit = ("", "/changes", "/reads", "/reads?f=csv", "/events", "/verification")
    return (
        "/api/jobs", f"/api/jobs/{JOB}", f"/api/jobs/{JOB}/result",
        "/api/proposals", f"/api/proposals/{PROPOSAL}", f"/api/proposals?before={PROPOSAL}",
        *(f"/api/audit{part}" for part in audit),
    )  # fmt: skip


def heard(server: Server, actor: Actor, path: str) -> tuple[Any, ...]:
    """Return all of an answer but revisions, tags and times."""
    answer = server.ask(actor, path)
    kept = {k: v for k, v in answer.headers.items() if k not in CHANGING}
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
    if back_end != "file" and layer.name not in BY_KIND:
        pytest.skip(AGAIN)
    for reader in READERS[:-1]:  # from the administrator nothing is hidden
        if back_end == "file" or reader.name in ON_BOTH:
            found = differences(whole, known(reader), reader, ways(layer))
            assert found == [], reader.name


@READER
def test_layers_together(whole: Server, known: Known, reader: Reader) -> None:
    paths = [*ways_together(), *(() if reader is READERS[-1] else work_of_others())]
    assert differences(whole, known(reader), reader, iter(paths)) == []


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


def test_every_way_leads_somewhere(whole: Server) -> None:
    """Else two refusals would be found alike."""
    admin = READERS[-1].actor
    shown = (*ways(LAYERS["markers"]), *ways(LAYERS["inspections"]), *ways_together())
    for path in (*shown, *work_of_others()):
        refused = whole.ask(admin, path).status_code not in (200, 204, 404)
        assert refused is path.endswith(WRONG), path


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
INSPECTOR, NOBODY = READERS[2], READERS[0]
MUTATIONS = {
    "where a row lies is not asked": (scope, "mask", _all_inside, INSPECTOR),
    "no field is hidden": (audience, "_hidden", _all_fields, NOBODY),
    "every place is exact": (audience, "is_exact", lambda *_: True, NOBODY),
    "a marker tells of hidden events": (derived.Dated, "apart", _one_history, NOBODY),
    "a hidden province has a name": (register.Register, "units_of", _all_units, NOBODY),
}
# Where the first of them has to be seen.
EVERYWHERE = ("limit=1000", "/counts", "bbox=", "/tiles/", "f=csv", "f=html", "f=metadata",
              "markers-other-restricted", "/api/evidence/", "/api/progress")  # fmt: skip


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
        if broken == next(iter(MUTATIONS)):
            paths += files(LAYERS["inspections"])
            found = differences(make(rows.whole()), expected, reader, iter(paths))
            assert [way for way in EVERYWHERE if not any(way in path for path in found)] == []
        else:
            assert differences(make(rows.whole()), expected, reader, iter(paths))
    finally:
        monkeypatch.undo()
        forget_projections()


# What is judged while it is read, each in its own way: the rule, and where breaking it is seen.
_told_sources = metadata._sources


def _all_sources(conn: Any, order: Any) -> Any:
    return _told_sources(conn, replace(order, asked=replace(order.asked, sight=EVERYTHING)))


def _all_files(*_: object) -> Any:
    return [(audience.bit(Classification.RESTRICTED), [*rows.SHA256.values()])]


ASIDE = {
    "whose files are shown": (evidence, "_seen", _all_files, "/api/evidence/"),
    "whose files are listed": (evidence, "_seen", _all_files, "/api/evidence?"),
    "whose proposals there are": (Eyes, "refusal", lambda *_: None, "/api/proposals"),
    "who audits": (askers, "can", lambda *_: None, "/api/audit"),
    "whose jobs are listed": (job_routes, "_owner", lambda _: None, "/api/jobs"),
    "whose job it is": (jobs, "_named", lambda key, _: jobs.jobs.c.id == key, f"/api/jobs/{JOB}"),
    "which sources there are": (metadata, "_sources", _all_sources, "f=metadata"),
    "whose past it is": (Lens, "audience", lambda *_: Classification.RESTRICTED, "/history"),
    "what is found": (search, "_mask", lambda _: ANYBODY, "/api/search"),
    "which words are told": (register.Register, "units_of", _all_units, "province="),
}


@pytest.mark.parametrize("broken", ASIDE)
def test_the_matrix_finds_a_rule_broken_aside(
    whole: Server, known: Known, back_end: str, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if back_end != "file":
        pytest.skip("the rules are the same code for both stores")
    owner, name, rule, way = ASIDE[broken]
    expected = known(INSPECTOR)
    every = {*ways(LAYERS["inspections"]), *ways(LAYERS["sources"]), *ways_together()}
    paths = sorted(path for path in {*every, *work_of_others()} if way in path)
    assert differences(whole, expected, INSPECTOR, iter(paths)) == []
    told = {path: heard(expected, INSPECTOR.actor, path) for path in paths}
    monkeypatch.setattr(owner, name, rule)
    assert any(heard(whole, INSPECTOR.actor, path) != told[path] for path in paths)
