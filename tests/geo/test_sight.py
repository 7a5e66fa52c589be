"""Of each row a reader sees one projection, chosen by where the row lies; on both stores."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from shapely.geometry import LineString, MultiLineString, Point

from geo import query, search
from geo.audience import PUBLIC, Sight, everywhere
from geo.errors import BadInputError
from geo.layers import LAYERS
from geo.period import parse
from geo.query import Filter
from geo.register import Register
from geo.schema import Layer
from geo.scope import STRETCH, STRETCHES, UNIT, UNITS
from geo.vocabulary import Classification
from tests.conftest import Places
from tests.geo import build

INTERNAL, RESTRICTED = Classification.INTERNAL, Classification.RESTRICTED
STRETCH_ID = "vn-la.quang-tri.savannakhet"
ABROAD = [
    build.unit("vn.quang-tri", "Quảng Trị"),
    build.unit("la.savannakhet", "Savannakhet", country="LA"),
]


def marker(key: str, *, origin: str | None = "vn.dak-nong", **given: Any) -> Any:
    return build.marker(key, 107.5, 12.5, province_origin_id=origin, **given)


def visit(key: str, marker_id: str, **given: Any) -> Any:
    known = {"at": "2020-01-01T00:00:00Z", "condition": "intact", "inspector": "Đại úy A"}
    return build.row("inspections", key, Point(107.5, 12.5), marker_id=marker_id, **known, **given)


@pytest.fixture(scope="module")
def register(places: Places) -> Iterator[Register]:
    line = MultiLineString([LineString([(106, 16), (106.5, 16.5)])])
    made = build.register(
        places(),
        admin_units=[*build.UNITS, *ABROAD],
        borders=[
            build.row("borders", STRETCH_ID, line, level="stretch", border="VN-LA",
                      province_id="vn.quang-tri", partner_id="la.savannakhet"),
        ],
        markers=[
            marker("own", classification="restricted"),
            marker("merged", origin="vn.lam-dong", classification="restricted"),
            marker("other", origin="vn.quang-tri", classification="restricted"),
            marker("staff", origin="vn.quang-tri", classification="internal"),
            marker("shared", origin="vn.quang-tri", classification="partner",
                   border_ids=[STRETCH_ID]),
            marker("elsewhere", origin="vn.quang-tri", classification="partner"),
            marker("nowhere", origin=None, classification="restricted"),
            marker("open"),
        ],
        inspections=[
            visit("own-visit", "own", classification="restricted"),
            visit("other-visit", "other", classification="restricted"),
            visit("open-visit", "open"),
        ],
    )  # fmt: skip
    yield made
    made.engine.dispose()


def seen(register: Register, layer: str, sight: Sight) -> set[str]:
    with register.engine.connect() as conn:
        found = list(query.every(conn, LAYERS[layer], Filter(parse("2026-01-01"), sight=sight)))
    keys = [orjson.loads(text)["id"] for text in found]
    assert len(keys) == len(set(keys))  # one projection of each row
    return set(keys)


def of(register: Register, *provinces: str) -> Sight:
    return Sight(INTERNAL, RESTRICTED, register.units.territory(provinces))


@pytest.mark.parametrize("province", ["vn.dak-nong", "vn.lam-dong", "vn.lam-dong.2025"])
def test_a_province_is_its_territory_of_all_times(register: Register, province: str) -> None:
    sight = of(register, province)
    assert sight.units == {"vn.dak-nong", "vn.lam-dong", "vn.lam-dong.2025"}
    found = seen(register, "markers", sight)
    assert found == {"own", "merged", "staff", "shared", "elsewhere", "open"}


def test_an_inspection_lies_where_its_marker_does(register: Register) -> None:
    sight = of(register, "vn.dak-nong")
    assert seen(register, "inspections", sight) == {"own-visit", "open-visit"}


def test_what_lies_nowhere_is_seen_as_outside(register: Register) -> None:
    assert "nowhere" not in seen(register, "markers", of(register, "vn.quang-tri"))
    assert "nowhere" in seen(register, "markers", everywhere(RESTRICTED))


def test_a_partner_sees_what_is_shared_where_it_faces_his_province(register: Register) -> None:
    partner = Sight(
        Classification.PUBLIC, Classification.PARTNER,
        frozenset(["la.savannakhet"]), frozenset([STRETCH_ID]),
    )  # fmt: skip
    assert seen(register, "markers", partner) == {"shared", "open"}


def test_search_finds_what_the_reader_sees(register: Register) -> None:
    def found(sight: Sight) -> set[str]:
        with register.engine.connect() as conn:
            rows = search.search(conn, "cot moc", sight=sight, limit=50, layers=["markers"])
        return {row["id"] for row in rows}

    for sight in (PUBLIC, everywhere(INTERNAL), of(register, "vn.dak-nong")):
        assert found(sight) == seen(register, "markers", sight)


def test_a_province_that_a_reader_may_not_see_has_no_name(places: Places) -> None:
    secret = build.unit("vn.mat", "Tỉnh Mật", classification="internal")
    made = build.register(places(), admin_units=[*build.UNITS, secret])
    for name in ("Tỉnh Mật", "Tỉnh Mất"):
        with pytest.raises(BadInputError) as caught:
            made.filter(when=None, province=name)
        assert "Tỉnh Mật" not in (caught.value.allowed or ())
    assert made.filter(when=None, province="Tỉnh Mật", sight=everywhere(INTERNAL)).units
    made.engine.dispose()


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.name)
def test_everybody_is_told_where_a_row_lies(layer: Layer) -> None:
    """Else a row could be inside in one projection and outside in another, and be seen twice."""
    for name in (*UNIT, *UNITS, *STRETCH, *STRETCHES, "marker_id"):
        field = layer.field(name)
        assert field is None or field.audience == Classification.PUBLIC
