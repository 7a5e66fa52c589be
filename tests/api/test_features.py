"""What a client of the features API sees."""

import csv
import io
from typing import Any

import pyogrio
import pytest
from fastapi.testclient import TestClient

MARKERS = "/api/collections/markers/items"
NUMBERS = [f"{main}({k})" for main in range(48, 56) for k in (1, 2)]


def get(client: TestClient, path: str, **params: Any) -> dict[str, Any]:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize("name", ["Đắk Nông", "Đăk Nông", "Dak Nong", "dak nong"])
@pytest.mark.parametrize("when", [None, "2014-06-30"])
def test_dak_nong_has_16_markers_at_8_positions(
    client: TestClient, name: str, when: str | None
) -> None:
    params: dict[str, Any] = {"province": name, "limit": 100}
    params |= {"datetime": when} if when else {}
    body = get(client, MARKERS, **params)
    found = [feature["properties"] for feature in body["features"]]
    assert [p["number"] for p in found] == NUMBERS
    assert len({p["position_id"] for p in found}) == 8
    assert body["numberMatched"] == body["numberReturned"] == 16
    assert {p["position_quality"] for p in found} == {"indicative"}


def test_lam_dong_holds_them_today(client: TestClient) -> None:
    body = get(client, MARKERS, province="Lâm Đồng", limit=100)
    assert [f["properties"]["number"] for f in body["features"]] == NUMBERS
    assert {f["properties"]["province"] for f in body["features"]} == {"Lâm Đồng"}


def test_the_stage_is_that_of_the_date(client: TestClient) -> None:
    then = get(client, f"{MARKERS}/vn-kh.48.0.1", datetime="2014-06-30")["properties"]
    now = get(client, f"{MARKERS}/vn-kh.48.0.1")["properties"]
    assert (then["stage"], then["province"]) == ("built", "Đắk Nông")
    assert (now["stage"], now["province"]) == ("handed_over", "Lâm Đồng")


def test_next_links_lead_through_every_place_once(client: TestClient) -> None:
    url: str | None = "/api/collections/places/items?limit=1000"
    seen: list[str] = []
    while url:
        body = client.get(url).json()
        seen += [feature["id"] for feature in body["features"]]
        url = next((link["href"] for link in body["links"] if link["rel"] == "next"), None)
    assert len(seen) == len(set(seen)) == body["numberMatched"] > 3_000


def test_prev_links_lead_back_the_way_that_next_links_came(client: TestClient) -> None:
    def step(body: dict[str, Any], rel: str) -> dict[str, Any] | None:
        href = next((link["href"] for link in body["links"] if link["rel"] == rel), None)
        return client.get(href).json() if href else None

    page: dict[str, Any] | None = get(client, MARKERS, limit=10)
    there: list[list[str]] = []
    while page:
        there.append([f["id"] for f in page["features"]])
        last, page = page, step(page, "next")
    back: list[list[str]] = []
    page = last
    while page:
        back.append([f["id"] for f in page["features"]])
        page = step(page, "prev")
    assert len(there) > 5
    assert back == there[::-1]


def test_only_the_asked_properties_come(client: TestClient) -> None:
    body = get(client, MARKERS, properties="number,stage", limit=1)
    assert list(body["features"][0]["properties"]) == ["number", "stage"]


def test_a_limit_too_large_is_clamped(client: TestClient) -> None:
    assert get(client, MARKERS, limit=999_999)["numberReturned"] > 20


def test_counts_group_and_add_up(client: TestClient) -> None:
    params = {"by": "stage,condition", "province": "Đắk Nông", "distinct": "position_id"}
    body = get(client, "/api/collections/markers/counts", **params)
    assert body["total"] == 16
    assert body["distinct"] == {"position_id": 8}
    assert body["counts"] == [{"stage": "handed_over", "condition": "unknown", "count": 16}]
    alone = get(client, "/api/collections/markers/counts", by="", province="Đắk Nông")
    assert alone["counts"] == [{"count": 16}]


@pytest.mark.parametrize(
    ("path", "params", "parameter", "status"),
    [
        ("/api/collections/nothing/items", {}, "layer", 404),
        (f"{MARKERS}/vn-kh.999.0.1", {}, "id", 404),
        (MARKERS, {"bbox": "null"}, "bbox", 400),
        (MARKERS, {"bbox": "1,2,3,4,5"}, "bbox", 400),
        (MARKERS, {"bbox": "nan,1,2,3"}, "bbox", 400),
        (MARKERS, {"bbox": "1,9,2,3"}, "bbox", 400),
        (MARKERS, {"datetime": "30/06/2014"}, "datetime", 400),
        (MARKERS, {"datetime": "2015-01-01/2014-01-01"}, "datetime", 400),
        (MARKERS, {"limit": "0"}, "limit", 400),
        (MARKERS, {"limit": "-1"}, "limit", 400),
        (MARKERS, {"limit": "many"}, "limit", 400),
        (MARKERS, {"colour": "red"}, "colour", 400),
        (MARKERS, {"stage": "finished"}, "stage", 400),
        (MARKERS, {"properties": "number,colour"}, "properties", 400),
        (MARKERS, {"province": "Atlantis"}, "province", 400),
        (MARKERS, {"f": "dwg"}, "f", 400),
        (MARKERS, {"cursor": "x"}, "cursor", 400),
        ("/api/collections/markers/counts", {"by": "colour"}, "by", 400),
        ("/api/collections/markers/counts", {"by": ","}, "by", 400),
        (MARKERS, {"by": "stage"}, "by", 400),
        ("/api/collections", {"colour": "red"}, "colour", 400),
        ("/api/conformance", {"f": "dwg"}, "f", 400),
        ("/api/collections/markers/counts", {"by": "stage", "distinct": "x"}, "distinct", 400),
        ("/api/progress", {"as_of": "soon"}, "as_of", 400),
        ("/api/progress", {"border": "VN-XX"}, "border", 400),
        ("/api/partners/XX-YY", {}, "code", 404),
        ("/api/corridors/nowhere", {}, "corridor_id", 404),
        ("/api/corridors/ewec/projects", {"within_km": "-1"}, "within_km", 400),
        ("/api/terrain", {"lon": "0", "lat": "0"}, "lon,lat", 404),
    ],
)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_bad_input_is_named(
    client: TestClient, path: str, params: dict[str, str], parameter: str, status: int, lang: str
) -> None:
    answer = client.get(path, params={**params, "lang": lang})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["parameter"] == parameter
    assert body["code"]
    assert body["title"] != ""
    assert ("tham số" in body["detail"]) == (lang == "vi")


def test_csv_opens_in_a_spreadsheet_with_its_vietnamese(client: TestClient) -> None:
    answer = client.get(MARKERS, params={"f": "csv", "province": "Đắk Nông"})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["number"] for row in rows] == NUMBERS
    assert rows[0]["position_quality"] == "indicative"
    assert float(rows[0]["lat"]) == pytest.approx(12.5, abs=1)


def test_gpkg_opens_in_gdal(client: TestClient, tmp_path: Any) -> None:
    path = tmp_path / "markers.gpkg"
    path.write_bytes(client.get(MARKERS, params={"f": "gpkg", "province": "Đắk Nông"}).content)
    table = pyogrio.read_dataframe(path)
    assert sorted(table["number"]) == sorted(NUMBERS)
    assert table.crs.to_epsg() == 4326
    assert set(table["source"]) == {p["source"] for p in _properties(client)}


def _properties(client: TestClient) -> list[dict[str, Any]]:
    body = get(client, MARKERS, province="Đắk Nông", limit=100)
    return [feature["properties"] for feature in body["features"]]


def test_gdal_reads_an_exported_geojson(client: TestClient, tmp_path: Any) -> None:
    path = tmp_path / "markers.geojson"
    params: dict[str, Any] = {"province": "Đắk Nông", "limit": 100, "download": 1}
    answer = client.get(MARKERS, params=params)
    assert 'filename="markers.geojson"' in answer.headers["content-disposition"]
    path.write_bytes(answer.content)
    assert len(pyogrio.read_dataframe(path)) == 16


def test_an_answer_that_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    first = client.get(MARKERS, params={"limit": 1})
    tag = first.headers["etag"]
    again = client.get(MARKERS, params={"limit": 1}, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(MARKERS, params={"limit": 2}, headers={"if-none-match": tag})
    assert other.status_code == 200


def test_other_sites_may_read(client: TestClient) -> None:
    answer = client.get(MARKERS, headers={"origin": "https://savannakhet.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    for method in ("POST", "PUT", "PATCH", "DELETE"):  # and nothing else
        asked = {"origin": "https://savannakhet.example", "access-control-request-method": method}
        answer = client.options(MARKERS, headers=asked)
        assert answer.status_code == 400
        assert method not in answer.headers.get("access-control-allow-methods", "")


def test_every_layer_answers(client: TestClient) -> None:
    body = get(client, "/api/collections")
    for one in body["collections"]:
        found = get(client, f"/api/collections/{one['id']}/items", limit=1)
        assert found["type"] == "FeatureCollection"
        assert get(client, f"/api/collections/{one['id']}")["id"] == one["id"]


@pytest.mark.parametrize("path", [MARKERS, "/api", "/health/ready", "/partners/LA-SV"])
def test_head_answers_with_the_headers_of_get(client: TestClient, path: str) -> None:
    head, full = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (full.status_code, b"")
    assert head.headers["content-type"] == full.headers["content-type"]
    assert head.headers.get("etag") == full.headers.get("etag")


@pytest.mark.parametrize(
    "asked",
    [
        {"name_vi": "a\0b"},
        {"main": "99999999999999999999"},
        {"filter": "main = 99999999999999999999"},
        {"filter": "name_vi = 'a\0b'"},
        {"filter": "main / 0 = 1"},
        {"filter": "name_vi LIKE 'a\\'"},
        {"filter": "height_m > 1e308 * 10"},
        {"province": "a\0b"},
        {"cursor": "4611686018427387904"},
    ],
)
def test_odd_values_are_no_fault_of_the_server(client: TestClient, asked: dict[str, str]) -> None:
    answer = client.get("/api/collections/markers/items", params=asked)
    assert answer.status_code in (200, 400)


def test_a_download_without_limit_is_the_whole_layer(client: TestClient) -> None:
    whole = client.get("/api/collections/admin_units/items", params={"download": 1})
    assert "attachment" in whole.headers["content-disposition"]
    total = get(client, "/api/collections/admin_units/items", limit=1)["numberMatched"]
    assert whole.json()["numberReturned"] == len(whole.json()["features"]) == total > 100
    some = client.get("/api/collections/admin_units/items", params={"download": 1, "limit": 42})
    assert len(some.json()["features"]) == 42
