"""A cursor tells nothing of the key that it stands for."""

import itertools

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
