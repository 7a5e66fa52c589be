"""The API guide names the addresses that the server has, and its examples answer."""

import re
import shlex
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.conftest import Places
from tests.geo import build

GUIDE = (Path(__file__).parents[2] / "docs/api-guide.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^curl 'http://127\.0\.0\.1:8000([^']+)'", GUIDE, re.MULTILINE)

_FILTERS = GUIDE[GUIDE.index("| what is asked | filter |") : GUIDE.index("curl -G 'http")]
FILTERS = re.findall(r"^\| [^|`]+ \| `(.+)` \|$", _FILTERS, re.MULTILINE)

WRITES = re.findall(r"^curl -i -X .+$", GUIDE, re.MULTILINE)


def shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def test_the_guide_has_the_addresses_of_the_server(client: TestClient) -> None:
    served = {shape(path) for path in client.get("/api/openapi.json").json()["paths"]}
    told = {shape(path) for path in re.findall(r"`(/(?:api|health|metrics)[^`?]*)", GUIDE)}
    assert told == served


@pytest.mark.parametrize("address", EXAMPLES)
def test_every_example_answers(client: TestClient, address: str) -> None:
    assert address.isascii()  # as curl would send it; our client would encode the rest
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content


@pytest.mark.parametrize("condition", FILTERS)
def test_every_filter_of_the_guide_finds_markers(client: TestClient, condition: str) -> None:
    answer = client.get("/api/collections/markers/items", params={"filter": condition, "limit": 1})
    assert answer.json()["numberMatched"] > 0


def test_there_are_examples() -> None:
    assert EXAMPLES
    assert len(FILTERS) == 8
    assert len(WRITES) == 4


def test_the_examples_of_writing_follow_each_other(places: Places) -> None:
    place = places()
    build.register(place).engine.dispose()
    app = create_app(Settings(store=place, allow_anonymous_writes=True))
    with TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 5)) as client:
        for line in WRITES:
            _, _, _, method, address, *rest = shlex.split(line)
            given = dict(pairs(rest))
            headers = dict(one.split(": ", 1) for flag, one in pairs(rest) if flag == "-H")
            if headers.get("If-Match") == "$tag":
                headers["If-Match"] = client.get(address).headers["etag"]
            content = given.get("-d", "").encode()
            answer = client.request(method, address, headers=headers, content=content)
            assert answer.status_code == (201 if method == "POST" else 204), answer.text
    app.state.engine.dispose()


def pairs(words: list[str]) -> list[tuple[str, str]]:
    return list(zip(words[::2], words[1::2], strict=True))
