"""Vector tiles over HTTP, as map programs ask for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pyogrio
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from geo.layers import LAYERS, MARKERS
from geo.store import Target
from geo.tiles.about import MEDIA_TYPE
from geo.tiles.grid import metres_per_unit
from tests.geo import build
from tests.geo.test_tiles import at
from tests.geo.test_tiles_cache import add, ids
from tests.server import until

GRID = "WebMercatorQuad"
HERE = (107.0, 16.8)  # Quảng Trị
SPATIAL = [layer.name for layer in LAYERS.values() if layer.geometry]


def address(lon: float, lat: float, z: int, layer: str | None = None) -> str:
    tile = at(z, lon, lat)
    under = f"/collections/{layer}" if layer else ""
    return f"/api{under}/tiles/{GRID}/{tile.z}/{tile.y}/{tile.x}"


def get(client: TestClient, path: str, **params: Any) -> Any:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def features(client: TestClient, path: str, **params: Any) -> dict[str, list[dict[str, Any]]]:
    answer = client.get(path, params=params)
    if answer.status_code == 204:
        return {}
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    found = mapbox_vector_tile.decode(answer.content)
    return {name: layer["features"] for name, layer in found.items()}


def test_one_layer_comes_alone(client: TestClient) -> None:
    found = features(client, address(*HERE, 6, "admin_units"))
    assert list(found) == ["admin_units"]
    assert "Quảng Trị" in {f["properties"]["label"] for f in found["admin_units"]}


def test_every_spatial_layer_comes_unless_chosen(client: TestClient) -> None:
    path = address(*HERE, 5)
    every = features(client, path)
    assert {"admin_units", "borders", "markers", "gates", "places"} <= set(every) <= set(SPATIAL)
    assert set(features(client, path, collections="gates,borders")) == {"gates", "borders"}


def test_an_empty_tile_has_no_content(client: TestClient) -> None:
    answer = client.get(address(-150.0, -40.0, 8))
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("place", ["2/4/0", "2/0/4", "25/0/0", "-1/0/0", "3/-1/0"])
def test_a_tile_that_the_grid_lacks_is_not_found(client: TestClient, place: str) -> None:
    answer = client.get(f"/api/tiles/{GRID}/{place}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("place", ["a/0/0", "2/1.5/0", "2/1/x"])
def test_a_place_that_is_no_number_is_an_error(client: TestClient, place: str) -> None:
    answer = client.get(f"/api/collections/gates/tiles/{GRID}/{place}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_layer_without_geometry_has_no_tiles(client: TestClient) -> None:
    assert client.get(f"/api/collections/sources/tiles/{GRID}/0/0/0").status_code == 404
    assert client.get(f"/api/tiles/{GRID}/0/0/0?collections=sources").status_code == 400
    assert client.get(f"/api/tiles/{GRID}/0/0/0?collections=dragons").status_code == 400


@pytest.mark.parametrize(
    "params",
    [
        {"stage": "handed_over"},
        {"filter": "main BETWEEN 48 AND 50 AND border = 'VN-KH'"},
        {"province": "Đắk Nông"},
        {"datetime": "2010-01-01"},
        {"border": "VN-KH", "datetime": "../.."},
    ],
)
def test_filters_are_those_of_items(client: TestClient, params: dict[str, str]) -> None:
    items = get(client, "/api/collections/markers/items", limit=10_000, **params)
    placed = [f for f in items["features"] if f["geometry"]]
    [count] = [
        sum(f["properties"]["count"] for f in found.get("markers", []))
        for found in [features(client, address(0, 0, 0, "markers"), **params)]
    ]
    assert count == len(placed) > 0


def test_a_filter_on_what_a_layer_lacks_is_named(client: TestClient) -> None:
    answer = client.get(address(*HERE, 5), params={"collections": "gates,borders", "stage": "x"})
    assert (answer.status_code, answer.json()["parameter"]) == (400, "stage")
    answer = client.get(address(*HERE, 5, "gates"), params={"filter": "colour = 'red'"})
    assert (answer.status_code, answer.json()["value"]) == (400, "colour")


def test_a_tile_that_is_still_true_is_not_sent_again(client: TestClient) -> None:
    path = address(*HERE, 7, "borders")
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = client.get(path, params={"datetime": "2014-06-30"})
    assert other.headers["etag"] != first.headers["etag"]
    narrow = client.get(path, params={"border": "VN-LA"})
    assert narrow.headers["etag"] != first.headers["etag"]


def test_tiles_survive_a_restart(embedded_place: Target) -> None:
    path = address(*HERE, 8)
    with TestClient(create_app(Settings(store=embedded_place))) as client:
        first = client.get(path)
        assert first.status_code == 200
    app = create_app(Settings(store=embedded_place))
    app.state.tiles.maker = None  # nothing can be made
    with TestClient(app) as restarted:
        assert restarted.get(path).content == first.content


@pytest.mark.parametrize("z", [6, 14])
def test_who_wrote_is_shown_it_before_the_server_has_heard(
    place: Target, monkeypatch: pytest.MonkeyPatch, z: int
) -> None:
    register = build.register(place, markers=[build.marker("old", *HERE)])
    path = address(*HERE, z, "markers")
    with TestClient(create_app(Settings(store=place))) as client:
        watch = client.app.state.watch  # type: ignore[attr-defined]
        until(lambda: watch.revision() is not None)
        heard = watch.revision()

        def shown(**headers: str) -> set[str]:
            return ids(client.get(path, headers=headers).content)

        assert shown() == {"old"}
        monkeypatch.setattr(type(watch), "revision", lambda _: heard)
        add(register, MARKERS, build.marker("new", *HERE))
        assert shown(**{"cotmoc-revision": str(heard + 1)}) == {"old", "new"}
        monkeypatch.undo()
        until(lambda: shown() == {"old", "new"})
    register.engine.dispose()


def test_gdal_opens_a_tile(client: TestClient, tmp_path: Path) -> None:
    z, lon, lat = 12, 107.5566083, 14.6860556
    tile = at(z, lon, lat)
    path = tmp_path / "tile.pbf"
    path.write_bytes(client.get(address(lon, lat, z)).content)
    assert "markers" in {name for name, _ in pyogrio.list_layers(path)}
    table = pyogrio.read_dataframe(path, layer="markers", X=tile.x, Y=tile.y, Z=tile.z)
    assert table.crs.to_epsg() == 3857
    crs = "http://www.opengis.net/def/crs/EPSG/0/3857"
    items = get(client, "/api/collections/markers/items", limit=10_000, crs=crs)["features"]
    truth = {f["id"]: f["geometry"]["coordinates"] for f in items if f["geometry"]}
    assert len(table) > 0
    for row in table.itertuples():
        drawn = (row.geometry.x, row.geometry.y)
        assert drawn == pytest.approx(truth[row.id], abs=metres_per_unit(z) / 2 + 0.01)


def test_the_grid_is_told(client: TestClient) -> None:
    [known] = get(client, "/api/tileMatrixSets")["tileMatrixSets"]
    assert known["id"] == GRID
    matrices = get(client, f"/api/tileMatrixSets/{GRID}")["tileMatrices"]
    first = matrices[0]
    # OGC 17-083r4, annex D.1.
    assert first["scaleDenominator"] == pytest.approx(559082264.028717, rel=1e-9)
    assert first["cellSize"] == pytest.approx(156543.033928041, rel=1e-9)
    assert first["pointOfOrigin"] == pytest.approx([-20037508.3427892, 20037508.3427892])
    assert matrices[6]["matrixWidth"] == 64


@pytest.mark.parametrize("under", ["/api", "/api/collections/markers"])
def test_tilesets_lead_to_tiles(client: TestClient, under: str) -> None:
    [listed] = get(client, f"{under}/tiles")["tilesets"]
    [own] = [link["href"] for link in listed["links"] if link["rel"] == "self"]
    tileset = get(client, own, lang="en")
    [item] = [link for link in tileset["links"] if link["rel"] == "item"]
    assert (item["templated"], item["type"]) == (True, MEDIA_TYPE)
    template = item["href"]
    for name, value in zip(("tileMatrix", "tileRow", "tileCol"), at(5, *HERE), strict=True):
        template = template.replace(f"{{{name}}}", str(value))
    told = {layer["id"]: layer["propertiesSchema"]["properties"] for layer in tileset["layers"]}
    for name, found in features(client, template).items():
        for feature in found:
            assert set(feature["properties"]) <= set(told[name])


@pytest.mark.parametrize("under", ["/api", "/api/collections/gates"])
def test_tilejson_leads_to_tiles(client: TestClient, under: str) -> None:
    said = get(client, f"{under}/tiles/{GRID}", f="tilejson")
    assert said["tilejson"] == "3.0.0"
    west, south, east, north = said["bounds"]
    assert west < HERE[0] < east
    assert south < HERE[1] < north
    z, y, x = at(5, *HERE)
    path = said["tiles"][0].format(z=z, y=y, x=x)
    told = {layer["id"]: layer["fields"] for layer in said["vector_layers"]}
    found = features(client, path)
    assert found
    for name, some in found.items():
        assert all(set(feature["properties"]) <= set(told[name]) for feature in some)
    assert said["attribution"]


def test_chosen_layers_stay_chosen_in_tilejson(client: TestClient) -> None:
    said = get(client, f"/api/tiles/{GRID}", f="tilejson", collections="gates,places")
    assert [layer["id"] for layer in said["vector_layers"]] == ["gates", "places"]
    assert said["tiles"][0].endswith("?collections=gates,places")
    assert client.get(f"/api/tiles/{GRID}", params={"f": "xml"}).status_code == 400


def test_collections_and_landing_page_link_to_tiles(client: TestClient) -> None:
    rel = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
    for layer in get(client, "/api/collections")["collections"]:
        hrefs = [link["href"] for link in layer["links"] if link["rel"] == rel]
        assert len(hrefs) == (layer["id"] in SPATIAL)
        assert all(client.get(href).status_code == 200 for href in hrefs)
    assert rel in {link["rel"] for link in get(client, "/api")["links"]}
    classes = get(client, "/api/conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt" in classes


def test_a_zipped_tile_has_a_tag_of_its_own_and_both_are_known(client: TestClient) -> None:
    path = address(*HERE, 6)
    plain = client.get(path, headers={"accept-encoding": "identity"})
    zipped = client.get(path, headers={"accept-encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.content == plain.content  # as the client unpacks it
    assert "content-encoding" not in plain.headers
    assert zipped.headers["etag"] != plain.headers["etag"]
    for tag in (zipped.headers["etag"], plain.headers["etag"], f"W/{plain.headers['etag']}"):
        assert client.get(path, headers={"if-none-match": tag}).status_code == 304
    assert "accept-encoding" in plain.headers["vary"].lower()


def test_head_tells_what_get_would_send(client: TestClient) -> None:
    path = address(*HERE, 6)
    got, head = client.get(path), client.head(path)
    assert head.content == b""
    for name in ("etag", "content-type", "content-length", "cache-control", "vary"):
        assert head.headers[name] == got.headers[name]


def test_plain_tiles_and_those_of_the_routes_are_the_same(client: TestClient) -> None:
    """A parameter that changes nothing takes the long way."""
    for z in (3, 6, 9, 12):
        plain = client.get(address(107.5566083, 14.6860556, z, "markers"))
        long = client.get(address(107.5566083, 14.6860556, z, "markers"), params={"filter": "1=1"})
        assert plain.status_code == long.status_code
        found = [mapbox_vector_tile.decode(one.content)["markers"] for one in (plain, long)]
        key = str
        assert sorted(found[0]["features"], key=key) == sorted(found[1]["features"], key=key)
