"""Links of pages: written fast, they are those that are made one by one."""

from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request

from api import forms, links
from api.cursors import Cursors
from api.links import PREFIX


class Shown(NamedTuple):
    next_after: int | None
    prev_before: int | None


def request(query: str, path: str = "/api/collections/markers/items") -> Request:
    app = Starlette()
    app.state.cursors = Cursors("secret")
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "query_string": query.encode(),
        "headers": [(b"host", b"moc.example:8000")],
        "app": app,
        PREFIX: "/moc",
    }
    return Request(scope)


@pytest.mark.parametrize("shown", [Shown(None, None), Shown(7, None), Shown(None, 3), Shown(8, 4)])
@pytest.mark.parametrize(
    "query",
    [
        "", "limit=2", "cursor=12&limit=100", "limit=100&cursor=12", "cursor=12",
        "stage=built&cursor=9&limit=5&f=json", "bbox=1,2,3,4&cursor=5", "cursor=1&cursor=2",
        "cursor=", "number=%22&cursor=3", "xcursor=4&limit=1", "note={cursor}&cursor=1",
    ],
)  # fmt: skip
def test_the_text_of_the_links_is_that_of_the_links(query: str, shown: Shown) -> None:
    for path in ("/api/collections/markers/items", "/api/collections/gates/items"):
        asked = request(query, path)
        for _ in range(2):
            text = links.page_text(asked, shown, forms.ITEMS)
            assert orjson.loads(text) == links.page(asked, shown, forms.ITEMS)


def test_the_cursors_of_one_page_are_not_those_of_another() -> None:
    pages = [Shown(n, n - 5) for n in (10, 20)]
    told = [
        {one["rel"]: one["href"] for one in orjson.loads(text)}
        for text in (links.page_text(request("cursor=1"), one, forms.ITEMS) for one in pages)
    ]
    shown = Cursors("secret").shown
    base = "http://moc.example:8000/moc/api/collections/markers/items"
    assert [one["next"] for one in told] == [f"{base}?cursor={shown(n)}" for n in (10, 20)]
    assert [one["prev"] for one in told] == [f"{base}?before={shown(n)}" for n in (4, 14)]
    assert {one["self"] for one in told} == {f"{base}?cursor=1"}


@given(st.text("ab=&,.~-_1%+:", max_size=14))
def test_parameters_are_written_as_the_standard_library_writes_them(query: str) -> None:
    pairs = parse_qsl(query, keep_blank_values=True)
    assert links._pairs(query) == [(name, urlencode([(name, value)])) for name, value in pairs]
