"""OGC API – Features Parts 2 (CRS), 3 (filtering) and 5 (schemas), as their clients use them."""

import json
import math
from typing import Any

import pytest
from fastapi.testclient import TestClient

from geo import reproject
from tests.api.test_features import MARKERS, get

EPSG = "http://www.opengis.net/def/crs/EPSG/0"


def point(client: TestClient, key: str, **params: Any) -> list[float]:
    coordinates: list[float] = get(client, f"{MARKERS}/{key}", **params)["geometry"]["coordinates"]
    return coordinates


@pytest.fixture(scope="module")
def tripoint(client: TestClient) -> str:
    found = get(client, MARKERS, kind="tripoint", border="VN-KH")["features"]
    key: str = found[0]["id"]
    return key


def test_epsg_4326_states_latitude_first(client: TestClient, tripoint: str) -> None:
    lon, lat = point(client, tripoint)
    assert (lon, lat) == pytest.approx((107.5566083, 14.6860556), abs=1e-6)
    assert point(client, tripoint, crs=f"{EPSG}/4326") == [lat, lon]


def test_web_mercator_follows_its_formula(client: TestClient, tripoint: str) -> None:
    lon, lat = point(client, tripoint)
    x, y = point(client, tripoint, crs=f"{EPSG}/3857")
    radius = 6378137.0
    assert x == pytest.approx(radius * math.radians(lon), abs=0.01)
    assert y == pytest.approx(
        radius * math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)), abs=0.01
    )


def test_the_answer_names_its_system(client: TestClient) -> None:
    plain = client.get(MARKERS, params={"limit": 1})
    assert plain.headers["content-crs"] == f"<{reproject.CRS84_URI}>"
    moved = client.get(MARKERS, params={"limit": 1, "crs": f"{EPSG}/9218"})
    assert moved.headers["content-crs"] == f"<{EPSG}/9218>"


@pytest.mark.parametrize("code", [4326, 3857, 4756, 3405, 3406, 5899, 9216, 9218])
def test_a_box_in_any_system_finds_what_lies_there(
    client: TestClient, tripoint: str, code: int
) -> None:
    a, b = point(client, tripoint, crs=f"{EPSG}/{code}")
    near = 0.001 if code in (4326, 4756) else 100  # degrees, metres
    box = f"{a - near},{b - near},{a + near},{b + near}"
    found = get(client, MARKERS, bbox=box, **{"bbox-crs": f"{EPSG}/{code}"})
    assert [f["id"] for f in found["features"]] == [tripoint]


def test_every_system_offered_works(client: TestClient, tripoint: str) -> None:
    for system in get(client, "/api/collections/markers")["crs"]:
        assert all(map(math.isfinite, point(client, tripoint, crs=system)))


@pytest.mark.parametrize("parameter", ["crs", "bbox-crs"])
def test_an_unknown_system_is_named(client: TestClient, parameter: str) -> None:
    params = {parameter: f"{EPSG}/27700", "bbox": "1,2,3,4"}
    answer = client.get(MARKERS, params=params)
    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)
    assert f"{EPSG}/9218" in answer.json()["allowed"]


def numbers(client: TestClient, **params: Any) -> list[str]:
    body = get(client, MARKERS, limit=1000, **params)
    return [feature["properties"]["number"] for feature in body["features"]]


def test_a_filter_narrows_items_counts_and_exports(client: TestClient) -> None:
    text = "main BETWEEN 48 AND 50 AND border = 'VN-KH' AND stage IS NOT NULL"
    assert numbers(client, filter=text) == ["48(1)", "48(2)", "49(1)", "49(2)", "50(1)", "50(2)"]
    counts = get(client, "/api/collections/markers/counts", by="stage", filter=text)
    assert counts["total"] == 6
    rows = client.get(MARKERS, params={"f": "csv", "filter": text}).text.splitlines()
    assert len(rows) == 7


def test_filters_join_with_other_parameters(client: TestClient) -> None:
    assert numbers(client, filter="k = 1", province="Dak Nong", stage="handed_over") == [
        f"{main}(1)" for main in range(48, 56)
    ]


def test_json_means_the_same_as_text(client: TestClient) -> None:
    condition = {"op": "=", "args": [{"property": "number"}, "48(1)"]}
    params = {"filter": json.dumps(condition), "filter-lang": "cql2-json"}
    assert numbers(client, **params) == ["48(1)"]


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({"filter": "stage = = 1"}, "filter"),
        ({"filter": "colour = 'red'"}, "filter"),
        ({"filter": "main = 'one'"}, "filter"),
        ({"filter": "main = 1", "filter-lang": "ecql"}, "filter-lang"),
        ({"filter": "{", "filter-lang": "cql2-json"}, "filter"),
        ({"filter": "main = 1", "filter-crs": f"{EPSG}/3857"}, "filter-crs"),
    ],
)
def test_a_filter_that_cannot_be_used_is_named(
    client: TestClient, params: dict[str, str], parameter: str
) -> None:
    answer = client.get(MARKERS, params=params)
    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)


@pytest.mark.parametrize(
    ("text", "language", "where"),
    [
        ("name_vi = 'Mốc' và", "cql2-text", "dòng 1, cột 17: name_vi = 'Mốc'  ▶ và."),
        ("main =\n= 1", "cql2-text", "dòng 2, cột 1:  ▶ = 1."),
        ('{"op": }', "cql2-json", "dòng 1, cột 8."),
        ("main = 1)", "cql2-text", "dòng 1, cột 9: main = 1 ▶ )."),
        ("(((((((main = 1", "cql2-text", "bộ lọc thiếu dấu đóng ngoặc."),
    ],
)
def test_where_a_filter_cannot_be_read_is_said_in_vietnamese_too(
    client: TestClient, text: str, language: str, where: str
) -> None:
    asked = {"filter": text, "filter-lang": language, "lang": "vi"}
    problem = client.get(MARKERS, params=asked).json()
    assert (problem["status"], problem["parameter"]) == (400, "filter")
    assert problem["detail"].startswith("Giá trị không hợp lệ: ")
    assert problem["detail"].endswith(where)


def test_an_unknown_property_lists_the_known(client: TestClient) -> None:
    body = client.get(MARKERS, params={"filter": "colour = 'red'"}).json()
    assert body["value"] == "colour"
    assert "stage" in body["allowed"]


@pytest.mark.parametrize(("lang", "title"), [("vi", "giai đoạn"), ("en", "stage")])
def test_a_schema_speaks_the_language_asked_for(client: TestClient, lang: str, title: str) -> None:
    schema = get(client, "/api/collections/markers/schema", lang=lang)
    stage = schema["properties"]["stage"]
    assert stage["title"] == title
    assert "handed_over" in stage["enum"]
    assert schema["properties"]["id"]["x-ogc-role"] == "id"
    assert schema["properties"]["geometry"]["x-ogc-role"] == "primary-geometry"
    assert schema["properties"]["height_m"]["x-ogc-unit"] == "m"


def test_every_queryable_can_be_asked(client: TestClient) -> None:
    queryables = get(client, "/api/collections/projects/queryables")
    assert queryables["additionalProperties"] is False
    for name in queryables["properties"]:
        get(client, "/api/collections/projects/items", filter=f"{name} IS NOT NULL")
