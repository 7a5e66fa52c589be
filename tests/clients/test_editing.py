"""What QGIS sends when it edits a layer of OGC API – Features, replayed over HTTP.

Read from the source of QGIS (master of 2026; the provider has written since 3.32, June 2023):
qgsoapifprovider.cpp asks OPTIONS of the items and of the first item and reads `Allow`;
qgsoapifcreatefeaturerequest.cpp, -patchfeaturerequest.cpp and -deletefeaturerequest.cpp send what
is below; none of them sends If-Match. Only where `Allow` has no PATCH does QGIS send PUT. GDAL's
OAPIF driver (ogroapifdriver.cpp) has no operation that writes.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests import once
from tests.server import running

GRID = "http://www.opengis.net/def/crs/EPSG/0/9218"  # northing and easting as its axes say
ITEMS = "/api/collections/places/items"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once.embedded(tmp_path_factory)


WRITES = {"COTMOC_ALLOW_ANONYMOUS_WRITES": "true"}


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[str]:
    with running(store, env=WRITES) as url:
        yield url


@pytest.fixture(scope="module")
def lenient(store: Path) -> Iterator[str]:
    """A server whose operator does not ask for If-Match."""
    with running(store, env=WRITES | {"COTMOC_REQUIRE_IF_MATCH": "false"}) as url:
        yield url


def send(method: str, url: str, body: Any = None, **headers: str) -> Answer:
    data = None if body is None else json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = urllib.request.Request(url, data, names, method=method)
    try:
        with urllib.request.urlopen(asked) as answer:
            told = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status, told, answer.read())
    except urllib.error.HTTPError as error:
        told = {name.lower(): value for name, value in error.headers.items()}
        return Answer(error.code, told, error.read())


def allowed(url: str) -> set[str]:
    """As QGIS reads it: the value of Allow, cut at the commas."""
    return {part.strip() for part in send("OPTIONS", url).headers["allow"].split(",")}


def added(items: str) -> str:
    """Add a point as QgsOapifCreateFeatureRequest does and return its id as QGIS reads it."""
    empty = dict.fromkeys(
        ("name_en", "name_local", "population", "valid_from", "valid_to", "source", "revision")
    )
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [107.612346, 12.412346]},
        "properties": {"name_vi": "Bu Mới", "classification": None, **empty},
    }
    answer = send("POST", items, feature, Content_Type="application/geo+json")
    assert answer.status == 201, answer.body
    return answer.headers["location"].rpartition("/items/")[2]


def read(url: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(send("GET", url).body)
    return body


def test_qgis_sees_that_it_may_edit_and_adds(server: str) -> None:
    items = server + ITEMS
    assert "POST" in allowed(items)
    assert {"PUT", "PATCH", "DELETE"} <= allowed(f"{items}/unknown_id")
    key = added(items)
    held = read(f"{items}/{key}")
    assert held["id"] == key
    assert held["geometry"]["coordinates"] == [107.612346, 12.412346]
    assert held["properties"]["name_vi"] == "Bu Mới"


def test_qgis_cannot_overwrite_while_if_match_is_wanted(server: str) -> None:
    """It says so to its user: "Patch Feature request failed" with the reason."""
    url = f"{server}{ITEMS}/{added(server + ITEMS)}"
    patch = {"properties": {"name_vi": "Bu Khác"}}
    kept = send("PATCH", url, patch, Content_Type="application/merge-patch+json")
    assert (kept.status, send("DELETE", url).status) == (428, 428)
    assert read(url)["properties"]["name_vi"] == "Bu Mới"


def test_qgis_edits_where_the_operator_leaves_if_match_out(lenient: str) -> None:
    items = lenient + ITEMS
    url = f"{items}/{added(items)}"
    merge = "application/merge-patch+json"
    named = {"properties": {"name_vi": "Bu Khác", "population": 420}}
    assert send("PATCH", url, named, Content_Type=merge).status == 204
    moved = {"geometry": {"type": "Point", "coordinates": [107.7, 12.5]}}
    assert send("PATCH", url, moved, Content_Type=merge).status == 204
    held = read(url)
    assert held["geometry"]["coordinates"] == [107.7, 12.5]
    assert (held["properties"]["name_vi"], held["properties"]["population"]) == ("Bu Khác", 420)
    shown = read(f"{url}?crs={GRID}")["geometry"]["coordinates"]
    shifted = {"geometry": {"type": "Point", "coordinates": [shown[0] + 100, shown[1]]}}
    assert send("PATCH", url, shifted, Content_Type=merge, Content_Crs=GRID).status == 204
    now = read(f"{url}?crs={GRID}")["geometry"]["coordinates"]
    assert now == pytest.approx([shown[0] + 100, shown[1]], abs=0.02)
    assert send("DELETE", url).status == 204
    assert send("GET", url).status == 404


def test_a_put_of_all_that_qgis_holds_changes_what_was_changed(lenient: str) -> None:
    """As QGIS does for a server without PATCH: every property, the id, six decimals."""
    url = f"{lenient}/api/collections/markers/items/vn-kh.48.0.1"
    whole = read(url)
    before = dict(whole["properties"])
    point = [round(c, 6) for c in whole["geometry"]["coordinates"]]
    sent = {
        "type": "Feature",
        "id": whole["id"],
        "geometry": {"type": "Point", "coordinates": point},
        "properties": {**before, "locality": "Quảng Trực"},
    }
    assert send("PUT", url, sent, Content_Type="application/geo+json").status == 204
    after = read(url)
    assert after["geometry"] == whole["geometry"]
    changed = {name for name in before if before[name] != after["properties"][name]}
    assert changed == {"locality", "revision"}
    late = send("PUT", url, sent, Content_Type="application/geo+json")
    assert (late.status, json.loads(late.body)["code"]) == (412, "stale")
