"""Forms and languages, chosen as RFC 9110 (12.4.2, 12.5.1, 12.5.4) says."""

import pytest
from fastapi import Request

from api import negotiate
from geo.errors import BadInputError

OFFERED = {
    "geojson": "application/geo+json",
    "html": "text/html",
    "csv": "text/csv",
    "openapi": "application/vnd.oai.openapi+json;version=3.1",
}
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def asking(query: str = "", **headers: str) -> Request:
    lines = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    return Request({"type": "http", "query_string": query.encode(), "headers": lines})


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "geojson"),
        ("*/*", "geojson"),
        (FIREFOX, "html"),
        ("application/geo+json, text/html;q=0.9", "geojson"),
        ("text/html;q=0.5, text/csv", "csv"),
        ("TEXT/HTML", "html"),
        ("text/*", "html"),
        ("text/*;q=1, text/html;q=0.1", "csv"),
        ("text/html, */*", "html"),
        ("*/*, text/html;q=0, application/geo+json;q=0, application/*;q=0", "csv"),
        ("application/vnd.oai.openapi+json;version=3.0", "openapi"),
        ("image/png", "geojson"),
        ("text/html;q=many", "geojson"),
        ("text/html;q=7", "geojson"),
        (",;,q=1", "geojson"),
    ],
)
def test_the_accept_header_chooses_the_form(accept: str, form: str) -> None:
    assert negotiate.form(asking(accept=accept), OFFERED, "geojson") == form


def test_the_address_goes_before_the_header() -> None:
    assert negotiate.form(asking("f=csv", accept="text/html"), OFFERED, "geojson") == "csv"


@pytest.mark.parametrize("query", ["f=dwg", "f=", "f=HTML"])
def test_an_unknown_form_is_refused_with_the_known(query: str) -> None:
    with pytest.raises(BadInputError) as caught:
        negotiate.form(asking(query, accept="text/html"), OFFERED, "geojson")
    assert caught.value.parameter == "f"
    assert caught.value.allowed == list(OFFERED)


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("", "", "vi"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "vi;q=0.5, en;q=0.8", "en"),
        ("", "fr, en;q=0.3, vi;q=0.7", "vi"),
        ("", "lo, km;q=0.9", "vi"),
        ("", "en;q=0", "vi"),
        ("", "*", "vi"),
        ("", "english", "vi"),
        ("lang=en", "vi", "en"),
        ("lang=vi", "en", "vi"),
        ("lang=EN-us", "vi", "en"),
        ("lang=th", "en", "vi"),
    ],
)
def test_the_language_is_the_one_liked_best(query: str, header: str, language: str) -> None:
    assert negotiate.language(asking(query, accept_language=header)) == language
