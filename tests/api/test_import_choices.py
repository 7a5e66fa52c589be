"""What the import tells a screen: choices, names of rows, double rows, and its own history."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.geo.build import register
from tests.geo.imports import messy

HEAD = "Số hiệu;Kinh độ;Vĩ độ;Loại mốc\n"
SHEET = HEAD + "64;107,3;12,1;chính\n65;107,3;12,1;chính\n66;107,4;12,2;vuông\n"
HERE = ("127.0.0.1", 1)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[TestClient]:
    place = tmp_path / "r.gpkg"
    register(place, admin_units=messy.units()).engine.dispose()
    app = create_app(Settings(store=place, allow_anonymous_writes=True))
    with TestClient(app, "http://127.0.0.1", client=HERE) as made:
        yield made


def send(web: TestClient, text: str) -> Any:
    given = {"name": "moc.csv", "into": "markers"}
    told = web.post("/api/imports", params=given, content=text.encode()).json()
    at = f"/api/imports/{told['id']}"
    return web.patch(at, json={"constants": {"border": "VN-KH"}}).json()


def test_a_preview_tells_what_can_be_chosen(web: TestClient) -> None:
    told = send(web, SHEET)
    assert {"number", "border", "@lon", "@north", "@checked"} <= set(told["targets"])
    zones = {zone["crs"]: zone for zone in told["zones"]}
    assert "108°30′" in zones["EPSG:9218"]["vi"]
    assert {"EPSG:4326", "EPSG:3405", "EPSG:9205", "EPSG:5899", "EPSG:3148"} <= zones.keys()
    assert all(zone["vi"] and zone["en"] for zone in zones.values())
    for one in told["targets"][:3]:
        mapped = {"mapping": {"D": one}}
        assert web.patch(f"/api/imports/{told['id']}", json=mapped).status_code == 200
    for crs in zones:
        changed = web.patch(f"/api/imports/{told['id']}", json={"crs": crs})
        assert changed.status_code == 200, crs


def test_rows_are_named_filtered_and_double_ones_counted(web: TestClient) -> None:
    told = send(web, SHEET)
    assert (told["counts"]["error"], told["counts"]["duplicates"]) == (1, 1)
    rows = f"/api/imports/{told['id']}/rows"
    assert [row["label"] for row in web.get(rows).json()["rows"]] == ["64", "65", "66"]
    for level, labels in (("error", ["66"]), ("warning", ["65", "66"])):
        page = web.get(rows, params={"level": level}).json()
        assert (page["total"], [row["label"] for row in page["rows"]]) == (len(labels), labels)
        last = web.get(rows, params={"level": level, "start": 1, "limit": 5}).json()
        assert [row["label"] for row in last["rows"]] == labels[1:]


def test_the_history_tells_the_changes_of_one_import(web: TestClient) -> None:
    told = send(web, HEAD + "64;107,3;12,1;chính\n65;107,4;12,1;chính\n")
    done = web.post(f"/api/imports/{told['id']}/commit").json()
    other = send(web, HEAD + "70;107,5;12,1;chính\n")
    web.post(f"/api/imports/{other['id']}/commit")

    def ids(key: str) -> set[str]:
        changes = web.get("/api/history", params={"import": key, "limit": 50}).json()["changes"]
        return {change["id"] for change in changes}

    assert ids(done["import"]) == {"vn-kh.64.0.0", "vn-kh.65.0.0"}
    assert ids("n" + "0" * 24) == set()
    assert ids("%") == set()


def test_the_session_tells_what_one_may_do(web: TestClient) -> None:
    assert "import" in web.get("/api/session").json()["may"]
    away = TestClient(web.app, "http://moc.example", client=("192.0.2.7", 1))
    assert away.get("/api/session").json()["may"] == ["export", "read"]
