"""OWSLib, the client of Python scripts, finds its way by the links and reads the features."""

from collections.abc import Iterator
from typing import Any

import pytest
from owslib.ogcapi.features import Features

from geo.layers import LAYERS
from tests.clients.conftest import Truth


@pytest.fixture
def client(server: str) -> Features:
    return Features(f"{server}/api")


def pages(client: Features, layer: str, limit: int) -> Iterator[list[dict[str, Any]]]:
    """The features of each page, following `next`."""
    page = client.collection_items(layer, limit=limit)
    while True:
        yield page["features"]
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        if not following:
            return
        cursor = following[0].split("cursor=")[1].split("&")[0]
        page = client.collection_items(layer, limit=limit, cursor=cursor)


def test_it_lists_the_layers_and_their_conformance(client: Features) -> None:
    assert set(client.feature_collections()) == set(LAYERS)
    assert {uri.rsplit("/", 1)[1] for uri in client.conformance()["conformsTo"]} >= {
        "core",
        "geojson",
    }
    about = client.collection("markers")
    assert (about["id"], about["itemType"]) == ("markers", "feature")
    west, south, east, north = about["extent"]["spatial"]["bbox"][0]
    assert 102 < west < east < 110
    assert 8 < south < north < 24


@pytest.mark.parametrize(
    ("layer", "shape"),
    [("markers", "Point"), ("gates", "Point"), ("borders", "MultiLineString")],
)
def test_it_reads_every_feature_page_by_page(client: Features, layer: str, shape: str) -> None:
    sizes = [len(part) for part in pages(client, layer, 9)]
    features = [feature for part in pages(client, layer, 9) for feature in part]
    total = client.collection_items(layer, limit=1)["numberMatched"]
    assert set(sizes[:-1]) == {9}
    assert len(features) == len({feature["id"] for feature in features}) == total
    assert {f["geometry"]["type"] for f in features if f["geometry"]} == {shape}


@pytest.mark.parametrize("layer", LAYERS)
def test_it_reads_every_layer(either_server: str, truth: Truth, layer: str) -> None:
    client = Features(f"{either_server}/api")
    held = truth(layer)
    found = client.collection_items(layer, limit=10_000)
    assert found["numberMatched"] == found["numberReturned"] == len(held)
    read = [(one["id"], one["geometry"], one["properties"]) for one in found["features"]]
    assert read == [(one["id"], one["geometry"], one["properties"]) for one in held]
    schema = client.collection_schema(layer)["properties"]
    named = {"id", *(field.name for field in LAYERS[layer].fields)}
    assert named <= schema.keys()
    assert ("geometry" in schema) == (LAYERS[layer].geometry is not None)
    assert client.collection_queryables(layer)["properties"].keys() <= schema.keys()


def test_it_filters_by_cql2(client: Features) -> None:
    found = client.collection_items("markers", filter="main BETWEEN 48 AND 55", limit=100)
    assert {feature["properties"]["main"] for feature in found["features"]} == set(range(48, 56))


def test_it_reads_one_feature_and_filters(client: Features) -> None:
    one = client.collection_item("markers", "vn-kh.48.0.1")
    assert (one["id"], one["properties"]["number"]) == ("vn-kh.48.0.1", "48(1)")
    asked = {"datetime_": "2014-06-30", "limit": 100}
    found = client.collection_items("markers", bbox=[106.9, 11.9, 107.8, 13.1], **asked)
    stages = {f["properties"]["stage"] for f in found["features"] if f["id"].startswith("vn-kh.5")}
    assert stages == {"built"}


def test_a_layer_that_is_not_there_is_an_error(client: Features) -> None:
    with pytest.raises(RuntimeError, match="unknown_layer"):
        client.collection("nothing")
