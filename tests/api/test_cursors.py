"""A cursor tells nothing of the key that it stands for."""

import itertools
import re
from html import unescape

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.cursors import Cursors

KEYS = st.integers(0, 2**62)
SECRETS = st.text(min_size=1, max_size=40)


@given(SECRETS, KEYS)
def test_a_cursor_leads_back_to_its_key(secret: str, key: int) -> None:
    cursors = Cursors(secret)
    assert cursors.key(cursors.shown(key)) == key
    assert cursors.shown(cursors.key(key)) == key


@given(SECRETS)
def test_neighbours_have_nothing_in_common(secret: str) -> None:
    """Of 200 keys in a row no two differences of their cursors are alike."""
    shown = [Cursors(secret).shown(key) for key in range(1, 201)]
    steps = {two - one for one, two in itertools.pairwise(shown)}
    assert len(steps) == 199


def test_each_register_has_its_own() -> None:
    assert Cursors("a").shown(1) != Cursors("b").shown(1)


@pytest.mark.parametrize(
    "more", ["", "&datetime=..%2F..", "&filter=main%20BETWEEN%2048%20AND%2055"]
)
def test_a_cursor_of_one_form_leads_on_in_every_other(client: TestClient, more: str) -> None:
    """Two forms may give two cursors: whatever lies between the two is for nobody who asks so."""
    here, pages = f"/api/collections/markers/items?limit=3{more}", 0
    while pages < 3:
        document, page = client.get(here).json(), client.get(f"{here}&f=html").text
        [of_json] = [one["href"] for one in document["links"] if one["rel"] == "next"]
        of_html = re.search(r'href="([^"]*&amp;cursor=\d+)"', page)
        assert of_html
        found = [client.get(of_json).json()]
        found += [client.get(unescape(of_html[1]).replace("f=html", "f=json")).json()]
        first, second = (answer["features"] for answer in found)
        assert first == second
        assert not any(one in document["features"] for one in first)
        here, pages = of_json, pages + 1
