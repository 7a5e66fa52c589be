"""What a client that writes sees (OGC API – Features – Part 4), on both stores."""

from collections.abc import Iterator
from typing import Any

import mapbox_vector_tile
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api import cli
from api.app import create_app
from api.settings import Settings
from geo import check
from geo.store import Target
from tests.conftest import Places
from tests.geo import build
from tests.geo.test_tiles import at

HOME = "http://127.0.0.1:8000"
MARKERS = "/api/collections/markers/items"
EVENTS = "/api/collections/marker_events/items"
FIRST = f"{MARKERS}/vn-kh.48.0.1"
PART4 = "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf"
GRID = "http://www.opengis.net/def/crs/EPSG/0/9218"


def local(settings: Settings) -> TestClient:
    """A client on the server's own machine."""
    return TestClient(
        create_app(settings),
        base_url=HOME,
        headers={"accept-encoding": "identity"},
        client=("127.0.0.1", 50_000),
        raise_server_exceptions=False,
    )


@pytest.fixture(scope="module")
def register(places: Places) -> Target:
    place = places()
    markers = [build.marker(f"vn-kh.{n}.0.1", 107.3 + n / 1000, 12.4) for n in range(48, 60)]
    build.register(place, markers=markers).engine.dispose()
    return place


@pytest.fixture(scope="module")
def writer(register: Target) -> Iterator[TestClient]:
    with local(Settings(store=register, allow_anonymous_writes=True)) as client:
        yield client
        assert check.check(client.app.state.engine) == []  # type: ignore[attr-defined]
        client.app.state.engine.dispose()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def reader(register: Target) -> Iterator[TestClient]:
    with local(Settings(store=register)) as client:
        yield client
        client.app.state.engine.dispose()  # type: ignore[attr-defined]


def feature(
    number: str = "99", lon: float = 107.5, lat: float = 12.5, **more: Any
) -> dict[str, Any]:
    shape = {"type": "Point", "coordinates": [lon, lat]}
    values = {"number": number, "province_origin_id": "vn.dak-nong", **more}
    return {"type": "Feature", "geometry": shape, "properties": values}


def post(writer: TestClient, body: Any, path: str = MARKERS, **headers: str) -> Any:
    return writer.post(path, json=body, headers=headers)


def made(writer: TestClient, **more: Any) -> tuple[str, str]:
    """Return path and tag of a new marker."""
    answer = post(writer, feature(**more))
    assert answer.status_code == 201, answer.text
    return answer.headers["location"].removeprefix(HOME), answer.headers["etag"]


def test_a_feature_from_its_making_to_its_end(writer: TestClient) -> None:
    answer = post(writer, feature("60(1)", border="VN-KH", main=60, k=1))
    assert answer.status_code == 201
    address = answer.headers["location"]
    assert address == f"{HOME}{MARKERS}/vn-kh.60.0.1"
    read = writer.get(address)
    assert read.headers["etag"] == answer.headers["etag"]
    whole = read.json()
    whole["properties"]["name_vi"] = "Mốc sáu mươi"
    put = writer.put(address, json=whole, headers={"if-match": read.headers["etag"]})
    assert (put.status_code, put.content) == (204, b"")
    assert writer.get(address).headers["etag"] == put.headers["etag"] != read.headers["etag"]
    note = {"properties": {"note": "leans", "name_vi": None}}
    patch = writer.patch(address, json=note, headers={"if-match": put.headers["etag"]})
    assert patch.status_code == 204
    held = writer.get(address).json()["properties"]
    assert (held["note"], held["name_vi"], held["revision"]) == ("leans", None, 3)
    gone = writer.delete(address, headers={"if-match": patch.headers["etag"]})
    assert gone.status_code == 204
    assert writer.get(address).status_code == 404
    assert writer.get(MARKERS, params={"id": "vn-kh.60.0.1"}).json()["numberMatched"] == 0


def test_an_answer_names_the_revision_for_the_next_read(writer: TestClient) -> None:
    answer = post(writer, feature())
    number = answer.headers["cotmoc-revision"]
    assert (
        answer.headers["set-cookie"]
        == f"cotmoc-revision={number}; HttpOnly; Path=/api; SameSite=lax"
    )
    later = post(writer, feature()).headers["cotmoc-revision"]
    assert int(later) > int(number)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_without_if_match_nothing_is_changed(writer: TestClient, method: str) -> None:
    before = writer.get(FIRST)
    body = None if method == "DELETE" else feature()
    answer = writer.request(method, FIRST, json=body)
    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")
    assert writer.get(FIRST).content == before.content


def test_a_stale_edit_is_told_both_revisions_and_the_way_on(writer: TestClient) -> None:
    path, tag = made(writer)
    theirs = {"properties": {"note": "theirs"}}
    assert writer.patch(path, json=theirs, headers={"if-match": tag}).status_code == 204
    for method, body in (("PUT", feature()), ("PATCH", theirs), ("DELETE", None)):
        stale = writer.request(method, path, json=body, headers={"if-match": tag})
        assert stale.status_code == 412
        told = stale.json()
        assert (told["code"], told["base_revision"], told["revision"]) == ("stale", 1, 2)
        assert told["etag"] == writer.get(path).headers["etag"]
    yours = {"properties": {"locality": "yours"}}
    again = writer.patch(path, json=yours, headers={"if-match": told["etag"]})
    assert again.status_code == 204
    held = writer.get(path).json()["properties"]
    assert (held["note"], held["locality"]) == ("theirs", "yours")


def test_a_tag_of_another_form_of_the_same_state_will_do(writer: TestClient) -> None:
    path, _ = made(writer)
    grid = writer.get(path, params={"crs": GRID})
    assert grid.headers["etag"] != writer.get(path).headers["etag"]
    body = {"properties": {"note": "x"}}
    assert writer.patch(path, json=body, headers={"if-match": grid.headers["etag"]}).is_success


@pytest.mark.parametrize("tag", ['W/"1-0.0"', '"1-0000000000000000.0"', "nonsense", '""', ","])
def test_a_tag_that_is_not_of_this_state_is_stale(writer: TestClient, tag: str) -> None:
    answer = writer.patch(FIRST, json={"properties": {}}, headers={"if-match": tag})
    assert answer.status_code == 412


def test_a_star_takes_any_state_and_a_list_any_of_its_tags(writer: TestClient) -> None:
    path, tag = made(writer)
    for given in (f'"0-0.0", {tag}', "*"):
        change = {"properties": {"note": given}}
        assert writer.patch(path, json=change, headers={"if-match": given}).status_code == 204
    assert writer.get(path).json()["properties"]["note"] == "*"


def test_what_is_not_there_cannot_be_changed(writer: TestClient) -> None:
    for method in ("PUT", "PATCH", "DELETE"):
        assert writer.request(method, f"{MARKERS}/none", json={}).status_code == 404
    for method, status in (("PUT", 412), ("PATCH", 412), ("DELETE", 404)):
        asked = writer.request(method, f"{MARKERS}/none", json={}, headers={"if-match": '"1-a.b"'})
        assert asked.status_code == status


def test_what_a_marker_owes_to_its_events_changes_its_tag(writer: TestClient) -> None:
    path, tag = made(writer)
    key = path.rpartition("/")[2]
    step = {"marker_id": key, "event": "built", "date": "2020-01-01"}
    answer = post(writer, {"type": "Feature", "geometry": None, "properties": step}, EVENTS)
    assert answer.status_code == 201
    assert writer.get(path).json()["properties"]["stage"] == "built"
    late = writer.patch(path, json={"properties": {"note": "x"}}, headers={"if-match": tag})
    assert late.status_code == 412
    still = writer.delete(path, headers={"if-match": "*"})
    assert (still.status_code, still.json()["code"]) == (409, "conflict")


def test_a_date_chooses_the_version(writer: TestClient) -> None:
    ended = feature(valid_to="2014-01-01") | {"id": "v.1"}
    assert post(writer, ended).headers.get("etag") is None
    assert post(writer, feature(valid_from="2014-01-01") | {"id": "v.1"}).status_code == 201
    assert post(writer, feature() | {"id": "v.1"}).status_code == 409
    then = {"datetime": "2010-01-01"}
    tag = writer.get(f"{MARKERS}/v.1", params=then).headers["etag"]
    body = {"properties": {"note": "then"}}
    done = writer.patch(f"{MARKERS}/v.1", json=body, params=then, headers={"if-match": tag})
    assert done.status_code == 204
    assert writer.get(f"{MARKERS}/v.1").json()["properties"]["note"] is None
    assert writer.get(f"{MARKERS}/v.1", params=then).json()["properties"]["note"] == "then"


def test_coordinates_in_another_system(writer: TestClient) -> None:
    body = feature(lon=410_000.25, lat=1_350_000.5)
    answer = post(writer, body, **{"content-crs": f"<{GRID}>"})
    held = writer.get(answer.headers["location"], params={"crs": GRID}).json()
    assert held["geometry"]["coordinates"] == pytest.approx([410_000.25, 1_350_000.5], abs=0.01)
    assert held["properties"]["surveyed_crs"] == "EPSG:9218"
    unknown = post(writer, body, **{"content-crs": "<http://www.opengis.net/def/crs/EPSG/0/1>"})
    assert (unknown.status_code, unknown.json()["parameter"]) == (400, "Content-Crs")
    lost = post(writer, feature(lon=12.5, lat=107.5))
    assert (lost.status_code, lost.json()["parameter"]) == (422, "geometry")


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"{", "application/geo+json", 400),
        (b"", "application/geo+json", 400),
        (b'{"a": NaN}', "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 2_000, "application/json", 400),
        (b"[" * 500 + b"]" * 500, "application/json", 422),
        (b"{}", "text/plain", 415),
        (b"{}", "application/x-www-form-urlencoded", 415),
        (b"{}", "", 415),
        (b"{}", "application/merge-patch+json", 415),
        (b"null", "application/json", 422),
        (b"{}", "application/geo+json; charset=utf-8", 422),
        (b" " * 10_485_761, "application/geo+json", 413),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read(
    writer: TestClient, content: bytes, media: str, status: int
) -> None:
    answer = writer.post(MARKERS, content=content, headers={"content-type": media})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    if status == 415:
        assert answer.json()["allowed"] == ["application/geo+json", "application/json"]


@pytest.mark.parametrize(
    ("layer", "changes", "named"),
    [
        ("sources", {"properties": None}, "properties"),
        ("sources", {"bbox": [{}]}, "bbox, links"),
        ("sources", {"properties": {"valid_to": ""}}, "valid_to"),
        ("corridors", {"properties": {"corridor_id": "r9", "seq": ""}}, "seq"),
    ],
)
def test_what_the_schema_of_a_feature_forbids_is_refused(
    writer: TestClient, layer: str, changes: dict[str, Any], named: str
) -> None:
    sent = {"type": "Feature", "geometry": None, "properties": {}} | changes
    sent = {name: value for name, value in sent.items() if value is not None or name == "geometry"}
    answer = writer.post(f"/api/collections/{layer}/items", json=sent)
    assert (answer.status_code, answer.json()["parameter"]) == (422, named)


def test_a_revision_that_is_no_number_is_refused(writer: TestClient) -> None:
    wrong = {"revision": False}
    answer = writer.patch(FIRST, json={"properties": wrong}, headers={"if-match": "*"})
    assert (answer.status_code, answer.json()["parameter"]) == (422, "revision")


def test_what_is_nested_too_deep_is_refused(writer: TestClient) -> None:
    deep = b'{"properties":{"amounts":' + b"[" * 900 + b"]" * 900 + b"}}"
    headers = {"content-type": "application/geo+json"}
    answer = writer.post("/api/collections/projects/items", content=deep, headers=headers)
    assert answer.status_code == 422


def test_an_error_names_the_property_in_the_language_asked_for(writer: TestClient) -> None:
    wrong = {"properties": {"kind": "tall"}}
    headers = {"if-match": "*"}
    vi = writer.patch(FIRST, json=wrong, headers=headers).json()
    en = writer.patch(FIRST, json=wrong, headers={**headers, "accept-language": "en"}).json()
    for told in (vi, en):
        assert (told["code"], told["reason"]) == ("bad_feature", "vocabulary")
        assert (told["parameter"], told["value"]) == ("kind", "tall")
        assert told["allowed"] == ["main", "auxiliary", "post", "tripoint"]
    assert "không có trong danh mục" in vi["detail"]
    assert en["detail"].startswith("kind is not in the list of values")


def test_options_say_what_may_be_done(writer: TestClient, reader: TestClient) -> None:
    items, item = writer.options(MARKERS), writer.options(f"{MARKERS}/unknown_id")
    assert (items.status_code, item.status_code) == (200, 200)
    assert items.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert item.headers["allow"] == "GET, HEAD, OPTIONS, PUT, PATCH, DELETE"
    assert items.headers["accept-post"] == "application/geo+json, application/json"
    assert item.headers["accept-patch"].startswith("application/merge-patch+json")
    assert reader.options(MARKERS).headers["allow"] == "GET, HEAD, OPTIONS"
    assert reader.options(FIRST).headers["allow"] == "GET, HEAD, OPTIONS"
    assert writer.options("/api/collections/none/items").status_code == 404


def test_what_is_claimed_is_what_may_be_done(writer: TestClient, reader: TestClient) -> None:
    claims = {f"{PART4}/{name}" for name in (
        "create-replace-delete", "update", "optimistic-locking-etags", "features",
    )}  # fmt: skip
    claimed = [set(c.get("/api/conformance").json()["conformsTo"]) for c in (writer, reader)]
    assert claims <= claimed[0]
    assert not claims & claimed[1]


def everything(client: TestClient, **headers: str) -> set[int]:
    """The answers to every way to write."""
    headers |= {"if-match": "*"}
    found = {client.delete(FIRST, headers=headers).status_code}
    ways = [("POST", MARKERS), ("PUT", FIRST), ("PATCH", FIRST)]
    ways += [("POST", f"/api/{one}") for one in ("imports?name=a.csv", "evidence", "jobs")]
    told = (client.request(*way, json=feature(), headers=headers) for way in ways)
    return found | {one.status_code for one in told}


def test_nobody_writes_unless_the_operator_says_so(reader: TestClient) -> None:
    assert everything(reader) == {401}


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9000"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"host": "evil.example:8000", "origin": "http://evil.example:8000"},
        {"x-forwarded-for": "192.0.2.7"},
        {"forwarded": "for=192.0.2.7"},
    ],
)
def test_a_page_of_another_site_or_machine_writes_nothing(
    writer: TestClient, headers: dict[str, str]
) -> None:
    assert everything(writer, **headers) == {403}


def test_the_own_page_may_write(writer: TestClient) -> None:
    own = {"origin": HOME, "sec-fetch-site": "same-origin"}
    assert post(writer, feature(), **own).status_code == 201


def test_a_site_that_the_operator_names_may_write(register: Target) -> None:
    named = "https://gis.example"
    settings = Settings(store=register, allow_anonymous_writes=True, cors_origins=(named,))
    with local(settings) as client:
        page = {"origin": named, "sec-fetch-site": "cross-site"}
        assert post(client, feature(), **page).status_code == 201
        assert everything(client, origin="https://gis.example.evil") == {403}
        client.app.state.engine.dispose()  # type: ignore[attr-defined]


def test_a_client_elsewhere_writes_nothing(register: Target) -> None:
    app = create_app(Settings(store=register, allow_anonymous_writes=True))
    with TestClient(app, base_url=HOME, client=("192.0.2.7", 50_000)) as far:
        assert everything(far) == {403}
    app.state.engine.dispose()


def test_serving_to_others_and_anonymous_writes_exclude_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = ["serve", "--host", "0.0.0.0", "--port", "8199"]
    plain = CliRunner().invoke(cli.app, [*asked, "--allow-anonymous-writes"])
    monkeypatch.setenv("COTMOC_ALLOW_ANONYMOUS_WRITES", "true")
    by_setting = CliRunner().invoke(cli.app, asked)
    assert (plain.exit_code, by_setting.exit_code) == (1, 1)
    assert "only this machine may write" in plain.stderr


def test_if_match_can_be_left_out_where_the_operator_says_so(register: Target) -> None:
    settings = Settings(store=register, allow_anonymous_writes=True, require_if_match=False)
    with local(settings) as client:
        path, tag = made(client)
        assert client.patch(path, json={"properties": {"note": "x"}}).status_code == 204
        old = client.patch(path, json={"properties": {"note": "y"}}, headers={"if-match": tag})
        assert old.status_code == 412
        assert client.delete(path).status_code == 204
        client.app.state.engine.dispose()  # type: ignore[attr-defined]


def test_a_write_makes_stale_just_the_tiles_that_it_touches(writer: TestClient) -> None:
    path, tag = made(writer, lon=107.9, lat=13.9)
    here, far = at(12, 107.9, 13.9), at(12, 107.348, 12.4)
    tiles = [
        f"/api/collections/markers/tiles/WebMercatorQuad/{t.z}/{t.y}/{t.x}" for t in (here, far)
    ]
    before = [writer.get(tile) for tile in tiles]
    change = {"properties": {"number": "changed"}}
    assert writer.patch(path, json=change, headers={"if-match": tag}).is_success
    after = [writer.get(tile) for tile in tiles]
    assert before[0].headers["etag"] != after[0].headers["etag"]
    assert before[1].headers["etag"] == after[1].headers["etag"]
    [shown] = mapbox_vector_tile.decode(after[0].content)["markers"]["features"]
    assert shown["properties"]["number"] == "changed"


def test_the_schema_tells_what_may_be_sent(writer: TestClient) -> None:
    schema = writer.get("/api/collections/markers/schema").json()
    assert schema["additionalProperties"] is False
    fixed = {name for name, one in schema["properties"].items() if one.get("readOnly")}
    assert fixed >= {"revision", "stage", "stage_as_of", "condition", "condition_as_of"}
