"""The API guide names the addresses that the server has, and its examples answer."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

GUIDE = (Path(__file__).parents[2] / "docs/api-guide.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^curl 'http://127\.0\.0\.1:8000([^']+)'", GUIDE, re.MULTILINE)


def shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def test_the_guide_has_the_addresses_of_the_server(client: TestClient) -> None:
    served = {shape(path) for path in client.get("/api/openapi.json").json()["paths"]}
    told = {shape(path) for path in re.findall(r"`(/(?:api|health)[^`?]*)", GUIDE)}
    assert told == served


@pytest.mark.parametrize("address", EXAMPLES)
def test_every_example_answers(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content


def test_there_are_examples() -> None:
    assert EXAMPLES
