"""Files over HTTP: every format, what asks for it, and what it says of itself."""

import os
from typing import Any

import pytest
from fastapi.testclient import TestClient

from geo import exports
from tests.api.test_features import MARKERS, get
from tests.geo.reading import read

ASKED = {"province": "Đắk Nông", "datetime": "2014-06-30"}
SYSTEM = "http://www.opengis.net/def/crs/EPSG/0/9218"


@pytest.mark.parametrize("name", exports.FORMATS)
def test_a_file_holds_what_the_page_shows(client: TestClient, tmp_path: Any, name: str) -> None:
    page = get(client, MARKERS, limit=100, **ASKED)
    answer = client.get(MARKERS, params={"f": name, "download": "", **ASKED})
    assert answer.headers["content-type"] == exports.FORMATS[name].media_type
    path = tmp_path / answer.headers["content-disposition"].split('"')[1]
    path.write_bytes(answer.content)
    table = read(path)
    assert sorted(table["number"]) == sorted(f["properties"]["number"] for f in page["features"])
    assert set(table["province"]) == {"Đắk Nông"}


@pytest.mark.parametrize("name", exports.FORMATS)
def test_a_file_is_asked_for_by_its_media_type(client: TestClient, name: str) -> None:
    media = exports.FORMATS[name].media_type
    accept = {"accept": media.partition(";")[0]}
    answer = client.get(MARKERS, params={"limit": 1, "download": 1}, headers=accept)
    assert answer.headers["content-type"] == media


def test_only_kml_stays_in_crs84(client: TestClient) -> None:
    for name in exports.FORMATS:
        answer = client.get(MARKERS, params={"f": name, "download": 1, "crs": SYSTEM, "limit": 1})
        if name == "kml":
            assert (answer.status_code, answer.json()["parameter"]) == (400, "crs")
        else:
            assert answer.status_code == 200
            assert answer.headers["content-crs"] == f"<{SYSTEM}>"


def test_a_download_in_another_system_is_as_its_page(client: TestClient) -> None:
    asked: dict[str, Any] = {"crs": SYSTEM, "limit": 100, "properties": "number", **ASKED}
    page = get(client, MARKERS, **asked)
    file = client.get(MARKERS, params={"download": 1, **asked}).json()
    assert file["features"] == page["features"]
    assert file["coordRefSys"] == SYSTEM


def test_the_metadata_are_one_link_away(client: TestClient) -> None:
    answer = client.get(MARKERS, params={"f": "csv", "limit": 3, "border": "VN-KH"})
    address = answer.headers["link"].split(">")[0].strip("<")
    facts = client.get(address).json()
    assert facts["filter"]["border"] == "VN-KH"
    assert (facts["count"], facts["classification"]) == (3, "public")
    assert "© OpenStreetMap contributors" in " ".join(facts["attribution"])
    linked = {link["rel"]: link["href"] for link in get(client, MARKERS, limit=3)["links"]}
    assert client.get(linked["describedby"]).json()["layer"] == "markers"


def test_a_format_that_is_not_there_is_told(client: TestClient) -> None:
    answer = client.get(MARKERS, params={"f": "dwg"})
    assert answer.status_code == 400
    assert set(exports.FORMATS) < set(answer.json()["allowed"])


def test_properties_narrow_a_file(client: TestClient) -> None:
    head = client.get(MARKERS, params={"f": "csv", "properties": "stage,number", "limit": 1}).text
    assert head.splitlines()[0].lstrip("\ufeff") == "id,number,stage,lon,lat,crs"


def test_a_file_over_http_leaves_nothing_behind(
    client: TestClient, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in exports.FORMATS:
        assert client.get(MARKERS, params={"f": name, "download": 1, "limit": 5}).content
    assert os.listdir(tmp_path) == []  # noqa: PTH208
