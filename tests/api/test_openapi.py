"""The OpenAPI document tells what the server takes and answers, and nothing else."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft4Validator, Draft202012Validator
from schemathesis.specs.openapi.definitions import OPENAPI_30

from api import openapi
from geo import exports, info


@pytest.fixture(scope="module")
def document(client: TestClient) -> Any:
    return client.get("/api/openapi.json").json()


def operations(document: Any) -> list[tuple[str, Any]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_answer_has_a_schema(document: Any) -> None:
    bare = [
        f"{name} {status} {media}"
        for name, operation in operations(document)
        for status, answer in operation["responses"].items()
        for media, content in answer.get("content", {}).items()
        if "json" in media.split("/")[1] and not content.get("schema") and "seq" not in media
    ]
    assert bare == []


def test_an_operation_by_itself_is_as_the_document_tells_it(
    client: TestClient, document: Any
) -> None:
    for name, told in operations(document):
        method, path = name.split()
        assert openapi.operation(client.app, path, method.upper()) == told  # type: ignore[arg-type]
    assert openapi.operation(client.app, "/api/collections", "DELETE") is None  # type: ignore[arg-type]


def test_every_operation_has_a_name_and_says_how_it_fails(document: Any) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(set(names)) == len(names)
    for _, operation in operations(document):
        assert "application/problem+json" in operation["responses"]["400"]["content"]
        unwritable = operation["responses"].get("422")  # not as FastAPI would tell it
        assert unwritable is None or "application/problem+json" in unwritable["content"]


def test_every_form_is_stated(document: Any) -> None:
    items = document["paths"]["/api/collections/{layer}/items"]["get"]
    (form,) = [one for one in items["parameters"] if one["name"] == "f"]
    assert set(exports.FORMATS) < set(form["schema"]["enum"])
    told = set(items["responses"]["200"]["content"])
    assert {form.media_type for form in exports.FORMATS.values()} <= told


@pytest.mark.parametrize("form", exports.FORMATS)
def test_every_form_can_be_asked_for(client: TestClient, document: Any, form: str) -> None:
    answer = client.get("/api/collections/gates/items", params={"f": form, "limit": 3})
    assert answer.status_code == 200
    items = document["paths"]["/api/collections/{layer}/items"]["get"]
    assert answer.headers["content-type"].partition(";")[0] in {
        media.partition(";")[0] for media in items["responses"]["200"]["content"]
    }


def test_a_parameter_is_given_once(client: TestClient) -> None:
    answer = client.get("/api/collections/gates/items?limit=1&limit=2")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "limit")
    both = client.get("/api/collections/markers/items?stage=built&stage=handed_over&limit=100")
    assert {f["properties"]["stage"] for f in both.json()["features"]} == {"built", "handed_over"}


@pytest.mark.parametrize("name", ["lang", "q"])
def test_no_text_that_is_told_to_be_good_is_refused(document: Any, name: str) -> None:
    """A NUL is refused everywhere, so no free text may be said to hold one."""
    schemas = [
        one["schema"]
        for _, operation in operations(document)
        for one in operation["parameters"]
        if one["name"] == name
    ]
    assert schemas
    for schema in schemas:
        assert Draft202012Validator(schema).is_valid("đá 石")
        assert not Draft202012Validator(schema).is_valid("a\0")


def test_the_older_definition_is_openapi_3_0(client: TestClient) -> None:
    """Judged by the JSON Schema of the specification that Schemathesis carries."""
    answer = client.get("/api/openapi-3.0.json")
    assert answer.headers["content-type"] == info.OPENAPI_3_0
    errors = Draft4Validator(OPENAPI_30).iter_errors(answer.json())
    assert [f"{list(error.absolute_path)}: {error.message[:200]}" for error in errors] == []


def test_the_older_definition_tells_the_same_answers(client: TestClient, document: Any) -> None:
    older = client.get("/api/openapi-3.0.json").json()["paths"]
    for path, methods in document["paths"].items():
        short = path.removeprefix("/api") or "/"
        if path.startswith("/api"):
            for method, operation in methods.items():
                told = older.get(short) or older[short.replace("{layer}", "markers")]
                assert told[method]["responses"].keys() == operation["responses"].keys()
