"""OGC API – Features Part 5 (23-058): schemas that every feature fits, as its suite reads them."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator, FormatChecker

from geo.layers import LAYERS
from tests.api.test_features import get

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# Of JSON Schema, what 23-058 recommends to keep to.
KEYWORDS = {
    "title", "description", "type", "format", "enum", "oneOf", "items", "readOnly",
    "x-cotmoc-guarded",
}  # fmt: skip
UCUM = {"m", "km", "%", "deg"}
TEMPORAL_ROLES = {
    "primary-instant", "primary-interval", "primary-interval-start", "primary-interval-end",
}  # fmt: skip
RESOURCES = [(layer, what) for layer in LAYERS for what in ("schema", "queryables")]


def of(client: TestClient, layer: str, what: str = "schema", **params: str) -> dict[str, Any]:
    return get(client, f"/api/collections/{layer}/{what}", **params)


def by_role(schema: dict[str, Any], role: str) -> list[str]:
    return [n for n, p in schema["properties"].items() if p.get("x-ogc-role") == role]


@pytest.mark.parametrize("layer", list(LAYERS))
def test_every_feature_of_a_layer_fits_its_schema(client: TestClient, layer: str) -> None:
    schema = of(client, layer)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    body = get(client, f"/api/collections/{layer}/items", limit=10_000, datetime="../..")
    assert body["numberReturned"] == body["numberMatched"]
    for feature in body["features"]:
        known = {k: v for k, v in feature["properties"].items() if v is not None}
        assert set(feature["properties"]) <= set(schema["properties"])
        errors = [e.message for e in validator.iter_errors({"id": feature["id"], **known})]
        assert errors == [], feature["id"]


@pytest.mark.parametrize(("layer", "what"), RESOURCES)
def test_a_schema_reads_as_the_standard_says(client: TestClient, layer: str, what: str) -> None:
    address = f"/api/collections/{layer}/{what}"
    answer = client.get(
        address, params={"lang": "en"}, headers={"accept": "application/schema+json"}
    )
    assert answer.headers["content-type"] == "application/schema+json"
    schema = answer.json()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert schema["$id"] == f"http://testserver{address}"
    assert schema["type"] == "object"
    assert schema["title"]
    assert schema["description"]
    for name, told in schema["properties"].items():
        assert told["title"], name
        assert ("type" in told) != told.get("format", "").startswith("geometry-"), name
        assert all(key in KEYWORDS or key.startswith("x-ogc-") for key in told), name
        if "x-ogc-unit" in told:
            assert told["type"] in ("number", "integer")
            assert told["x-ogc-unit"] in UCUM or told["x-ogc-unitLang"] == "QUDT"
    seqs = [p["x-ogc-propertySeq"] for p in schema["properties"].values() if what == "schema"]
    assert sorted(set(seqs)) == seqs


@pytest.mark.parametrize(("layer", "what"), RESOURCES)
def test_roles_are_given_once(client: TestClient, layer: str, what: str) -> None:
    schema = of(client, layer, what)
    assert by_role(schema, "id") == ["id"]
    assert schema["properties"]["id"]["type"] == "string"
    shapes = by_role(schema, "primary-geometry")
    assert shapes == (["geometry"] if LAYERS[layer].geometry else [])
    used = {role for role in TEMPORAL_ROLES if by_role(schema, role)}
    assert used == {"primary-interval-start", "primary-interval-end"}
    for role in used:
        [name] = by_role(schema, role)
        assert schema["properties"][name]["format"] == "date"


@pytest.mark.parametrize("layer", list(LAYERS))
def test_references_name_rows_of_a_layer(client: TestClient, layer: str) -> None:
    schema = of(client, layer)
    every = get(client, f"/api/collections/{layer}/items", limit=10_000, datetime="../..")
    for name in by_role(schema, "reference"):
        told = schema["properties"][name]
        target = told["x-ogc-collectionId"]
        assert of(client, target)["properties"]["id"]["type"] == told["type"]
        named = {f["properties"][name] for f in every["features"]} - {None}
        for key in sorted(named)[:3]:
            row = client.get(f"/api/collections/{target}/items/{key}", params={"datetime": "../.."})
            assert row.status_code == 200, (name, key)


@pytest.mark.parametrize("layer", list(LAYERS))
def test_the_collection_leads_to_its_schemas(client: TestClient, layer: str) -> None:
    links = get(client, f"/api/collections/{layer}")["links"]
    for what in ("schema", "queryables"):
        rel = f"http://www.opengis.net/def/rel/ogc/1.0/{what}"
        [one] = [link for link in links if link["rel"] == rel]
        assert one["href"] == f"http://testserver/api/collections/{layer}/{what}"
        assert one["type"] == "application/schema+json"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_codes_come_with_labels_and_derived_values_are_read_only(
    client: TestClient, lang: str
) -> None:
    stage = of(client, "markers", lang=lang)["properties"]["stage"]
    labels = {one["const"]: one["title"] for one in stage["oneOf"]}
    assert list(labels) == stage["enum"]
    assert labels["handed_over"] == {"vi": "đã bàn giao", "en": "handed over"}[lang]
    assert stage["description"]
    properties = of(client, "markers", lang=lang)["properties"]
    read_only = {name for name, told in properties.items() if told.get("readOnly")}
    assert read_only == {
        "province", "stage", "stage_as_of", "condition", "condition_as_of", "revision",
    }  # fmt: skip
    assert of(client, "markers")["required"] == ["number"]


SIMPLE = {"string", "number", "integer", "boolean"}


@pytest.mark.parametrize("layer", ["markers", "projects", "gates"])
def test_every_simple_queryable_is_a_parameter_of_items(client: TestClient, layer: str) -> None:
    rows = get(client, f"/api/collections/{layer}/items", limit=1_000)["features"]
    for name, told in of(client, layer, "queryables")["properties"].items():
        values = [f["id"] if name == "id" else f["properties"].get(name) for f in rows]
        value = next((v for v in values if v is not None), None)
        if (
            told.get("type") not in SIMPLE
            or value is None
            or name == "province"
            or "," in str(value)
        ):
            continue
        asked = str(value).lower() if isinstance(value, bool) else str(value)
        found = get(client, f"/api/collections/{layer}/items", limit=1_000, **{name: asked})
        assert found["numberMatched"] >= 1, name
        if name not in ("id", "border"):
            assert {f["properties"][name] for f in found["features"]} == {value}, name
