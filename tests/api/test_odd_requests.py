"""Requests that nobody means: each is answered, and alike on both stores."""

import pytest
from fastapi.testclient import TestClient

MARKERS = "/api/collections/markers/items"
READ = (
    "/api",
    "/api/collections",
    MARKERS,
    f"{MARKERS}/vn-kh.48.0.1",
    "/api/openapi.json",
    "/health/live",
)


@pytest.mark.parametrize("name", ["number", "border", "province", "filter", "datetime", "lang"])
def test_a_nul_in_a_parameter_is_refused(client: TestClient, name: str) -> None:
    answer = client.get(MARKERS, params={name: "'a\0'"})
    assert (answer.status_code, answer.json()["parameter"]) == (400, name)


@pytest.mark.parametrize(
    "path",
    [f"{MARKERS}/a%00", "/api/collections/%00", "/api/partners/%00", "/api/corridors/%00/projects"],
)
def test_a_nul_in_an_address_is_nothing(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "condition",
    [
        "main = number",
        "id = 5",
        "1 < 'a'",
        "CASEI(main) = 'x'",
        "ACCENTI(number) = ACCENTI(5)",
        "main + 'a' > 3",
        "main LIKE 'a%'",
        "main BETWEEN 1 AND 'b'",
        "number IN ('a', 5)",
        " OR ".join(f"main = {n}" for n in range(1_500)),
        "(" * 60 + "main = 48" + ")" * 60 + " AND (((((NOT main = 'a')))))",
    ],
)
def test_a_filter_that_cannot_be_is_refused(client: TestClient, condition: str) -> None:
    answer = client.get(MARKERS, params={"filter": condition})
    assert (answer.status_code, answer.json()["parameter"]) == (400, "filter")


@pytest.mark.parametrize("name", ["main", "number", "id", "stage"])
def test_many_values_of_a_property(client: TestClient, name: str) -> None:
    values = {"stage": "built", "main": "48"}.get(name, "x" * 9)
    answer = client.get(MARKERS, params={name: ",".join([values] * 1_500)})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("layer", "params"),
    [
        ("sources", {"bbox": "107,12,108,13"}),
        ("progress", {"bbox": "107,12,108,13", "datetime": "2014-06-30"}),
        ("sources", {"province": "Đắk Nông"}),
        ("markers", {"filter": "FALSE"}),
        ("markers", {"filter": "FALSE", "bbox": "107,12,108,13", "stage": "built"}),
        ("borders", {"filter": "FALSE AND id = 'x'", "datetime": "../.."}),
        ("gates", {"filter": "S_WITHIN(POINT(1 2), POINT(3 4))"}),
    ],
)
@pytest.mark.parametrize("what", ["items", "counts", "items?f=csv"])
def test_what_can_find_nothing_finds_nothing(
    client: TestClient, layer: str, params: dict[str, str], what: str
) -> None:
    path, _, form = what.partition("?f=")
    more = {"by": "classification"} if path == "counts" else {"f": form} if form else {}
    answer = client.get(f"/api/collections/{layer}/{path}", params={**params, **more})
    assert answer.status_code == 200
    if not form:
        body = answer.json()
        assert body.get("numberMatched", body.get("total")) == 0


def test_very_long_values_are_answered(client: TestClient) -> None:
    long = "đ" * 5_000
    assert client.get(f"{MARKERS}/{long}").status_code == 404
    assert client.get(MARKERS, params={"number": long}).json()["numberMatched"] == 0
    assert client.get(MARKERS, params={"filter": f"number = '{long}'"}).status_code == 200
    assert client.get(MARKERS, params={"limit": "9" * 5_000}).status_code == 400
    assert client.get(MARKERS, params={"main": "9" * 5_000}).status_code == 400


def test_letters_may_be_encoded_or_not(client: TestClient) -> None:
    plain = client.get(f"{MARKERS}/vn-kh.48.0.1").json()["id"]
    assert client.get(f"{MARKERS}/%76n%2Dkh%2E48.0.1").json()["id"] == plain
    assert client.get(f"{MARKERS}?%6Cimit=1").json()["numberReturned"] == 1
    assert client.get(f"{MARKERS}/%FF%FE").status_code == 404
    assert client.get(f"{MARKERS}?number=%FF").json()["numberMatched"] == 0


@pytest.mark.parametrize("path", READ)
def test_head_is_get_without_a_body(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize("path", READ)
def test_a_browser_may_ask_from_elsewhere(client: TestClient, path: str) -> None:
    asked = {"origin": "https://example.org", "access-control-request-method": "GET"}
    answer = client.options(path, headers=asked)
    assert answer.status_code == 200
    assert "GET" in answer.headers["access-control-allow-methods"]
