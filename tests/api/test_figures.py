"""Progress, corridors, partners, search and the rest, as a user asks for them."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.test_features import get

FIVE = {  # Sở Ngoại vụ Đắk Nông, 22/12/2014: state at the end of 30/6/2014
    "positions_located": (248, 314),
    "markers_located": (300, 371),
    "positions_built": (233, 314),
    "markers_built": (282, 371),
    "km_demarcated": (866, 1137),
}


def reported(body: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {r["measure"]: (r["numerator"], r["denominator"]) for r in body["reported"]}


def test_the_line_wide_figures_of_2014(client: TestClient) -> None:
    body = get(client, "/api/progress", border="VN-KH", as_of="2014-06-30")
    assert reported(body) == FIVE
    assert {r["as_of"] for r in body["reported"]} == {"2014-06-30"}
    assert all(r["source"] and r["source_id"] == "seed-003" for r in body["reported"])
    assert {r["basis"] for r in body["reported"]} == {"reported"}


def test_dak_nongs_own_figures(client: TestClient) -> None:
    params = {"border": "VN-KH", "as_of": "2014-06-30", "province": "Đăk Nông"}
    body = get(client, "/api/progress", **params)
    counts = {r["measure"]: r["numerator"] for r in body["reported"]}
    assert counts == {
        "positions_located": 8,
        "positions_built": 8,
        "markers_located": 16,
        "markers_built": 16,
    }
    assert {(r["measure"], r["denominator"]) for r in body["plans"]} == {
        ("positions_built", 13),
        ("markers_built", 24),
        ("positions_built", 14),
        ("markers_built", 26),
    }
    register = {r["measure"]: (r["numerator"], r["difference"]) for r in body["register"]}
    assert register["markers_built"] == (16, 0)
    assert register["positions_built"] == (8, 0)


def test_the_merged_province_answers_for_its_part(client: TestClient) -> None:
    now = get(client, "/api/progress", border="VN-KH", province="Lâm Đồng")
    then = get(client, "/api/progress", border="VN-KH", province="Lâm Đồng", as_of="2014-12-31")
    assert {r["province"] for r in now["reported"]} == {"Đắk Nông"}
    assert {r["measure"]: r["numerator"] for r in now["register"]}["markers_built"] == 16
    assert then["reported"] == []
    assert {r["measure"]: r["numerator"] for r in then["register"]}["markers_built"] == 0


def test_before_the_report_nothing_is_reported(client: TestClient) -> None:
    assert get(client, "/api/progress", border="VN-KH", as_of="2013-01-01")["reported"] == []


def test_ewec_within_20_km(client: TestClient) -> None:
    near = get(client, "/api/corridors/ewec/projects", within_km=20)
    far = get(client, "/api/corridors/ewec/projects", within_km=100)
    certain = [f["properties"] for f in near["features"] if not f["properties"]["possible"]]
    assert near["total"] == len(certain) == sum(t["count"] for t in near["totals"])
    assert near["possible"] == len(near["features"]) - len(certain)
    assert 0 < near["total"] < far["total"]
    assert all(p["distance_km"] <= 20 for p in certain)
    assert any("Lao Bảo" in f["properties"]["name_vi"] for f in near["features"])


def test_the_corridors_are_there(client: TestClient) -> None:
    found = {c["id"]: c for c in get(client, "/api/corridors")["corridors"]}
    assert {"ewec", "para-ewec"} <= set(found)
    assert found["ewec"]["length_measured_km"] == pytest.approx(1271.3, rel=0.01)
    one = get(client, "/api/corridors/ewec")
    assert len(one["segments"]["features"]) == one["segments_count"] == 32


@pytest.mark.parametrize("code", ["LA-SV", "LA-SL", "LA-XE", "KH-11", "TH-49", "TH-34"])
def test_a_partner_page_has_its_province(client: TestClient, code: str) -> None:
    body = get(client, f"/api/partners/{code}")
    assert body["code"] == code
    assert body["name_local"]
    assert body["bbox"]
    listed = {p["code"] for p in get(client, "/api/partners")["partners"]}
    assert code in listed


def test_savannakhet_faces_quang_tri_at_lao_bao_on_ewec(client: TestClient) -> None:
    body = get(client, "/api/partners/LA-SV")
    faces = {f["name_vi"]: f for f in body["faces"] if f["country"] == "VN"}
    assert set(faces) == {"Quảng Trị"}
    gates = {g["properties"]["name_vi"] for g in body["gates"]["features"]}
    assert "Lao Bảo" in gates
    assert {s["properties"]["corridor_id"] for s in body["corridors"]["features"]} >= {"ewec"}
    assert body["agreements"]
    assert {s["id"] for s in body["sources"]} >= {a["source_id"] for a in body["agreements"]}


def test_mondulkiri_faced_dak_nong_in_2014(client: TestClient) -> None:
    then = get(client, "/api/partners/KH-11", datetime="2014-06-30")
    now = get(client, "/api/partners/KH-11")
    assert "Đắk Nông" in {f["name_vi"] for f in then["faces"]}
    assert "Lâm Đồng" in {f["name_vi"] for f in now["faces"]}
    assert "Đắk Nông" not in {f["name_vi"] for f in now["faces"]}


def test_la_lay_was_national_in_2007_and_is_international(client: TestClient) -> None:
    url = "/api/collections/gates/items/g-la-14"
    assert get(client, url, datetime="2007-10-17")["properties"]["gate_class"] == "national"
    assert get(client, url, datetime="2014-06-25")["properties"]["gate_class"] == "international"


@pytest.mark.parametrize(
    ("words", "layer", "key"),
    [
        ("dak nong", "admin_units", "vn.dak-nong"),
        ("Đăk Nông", "admin_units", "vn.dak-nong"),
        ("lao bao", "gates", "g-la-13"),
        ("48(1)", "markers", "vn-kh.48.0.1"),
        ("ສະຫວັນນະເຂດ", "admin_units", "la.savannakhet"),
    ],
)
def test_search_folds_accents(client: TestClient, words: str, layer: str, key: str) -> None:
    found = get(client, "/api/search", q=words)["results"]
    assert (layer, key) in {(r["layer"], r["id"]) for r in found[:3]}


def test_wildcards_are_only_letters(client: TestClient) -> None:
    assert get(client, "/api/search", q="%")["results"] == []


@pytest.mark.parametrize("layers", ["roads", "gates,", ",gates", ""])
def test_a_search_of_a_layer_that_is_not_there_is_refused(client: TestClient, layers: str) -> None:
    answer = client.get("/api/search", params={"q": "lao bao", "layers": layers})
    assert (answer.status_code, answer.json()["parameter"]) == (400, "layers")
    assert "gates" in answer.json()["allowed"]


def test_vocabularies_have_both_languages(client: TestClient) -> None:
    body = get(client, "/api/vocabularies")
    assert {"stage", "condition", "gate_class", "finance_kind"} <= set(body)
    assert all(w["vi"] and w["en"] for words in body.values() for w in words)
    built = next(w for w in body["stage"] if w["value"] == "built")
    assert built["vi"] == "đã xây dựng"


def test_the_viewpoint_is_stated(client: TestClient) -> None:
    body = get(client, "/api/info")
    assert body["viewpoint"] == "vn"
    assert "Hoàng Sa" in body["viewpoint_statement"]["vi"]
    assert body["exercise"] is False
    assert any("OpenStreetMap" in a["text"] for a in body["attribution"])


def test_a_mountain_is_high_and_the_delta_low(client: TestClient) -> None:
    fansipan = get(client, "/api/terrain", lon=103.775, lat=22.303)
    delta = get(client, "/api/terrain", lon=105.5, lat=10.3)
    assert fansipan["height_m"] > 2_000
    assert delta["height_m"] < 20
    assert fansipan["accuracy_m"] >= 50


def test_openapi_describes_what_is_served(client: TestClient) -> None:
    body = get(client, "/api/openapi.json")
    assert body["openapi"].startswith("3.1")
    assert "/api/collections/{layer}/items" in body["paths"]


def test_health(client: TestClient) -> None:
    assert get(client, "/health/live") == {"status": "ok"}
    assert get(client, "/health/ready") == {"status": "ok"}


def test_a_page_may_only_load_from_its_own_host(client: TestClient) -> None:
    policy = client.get("/partners/LA-SV").headers["content-security-policy"]
    assert policy.startswith("default-src 'self'")
    assert "frame-ancestors 'self'" in policy
    assert "frame-ancestors *" in client.get("/partners/LA-SV/embed").headers[
        "content-security-policy"
    ]  # fmt: skip


def test_figures_cannot_be_written(client: TestClient) -> None:
    answer = client.post("/api/progress", json={})
    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", ["/nothing", f"/{'a' * 3000}", "/%2e%2e/pyproject.toml", "/%00"])
def test_a_file_that_is_not_there_is_a_404(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
