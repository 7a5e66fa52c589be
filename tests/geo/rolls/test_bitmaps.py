"""Bits tell of rows what sets of their numbers do."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo import bitmaps
from geo.bitmaps import MOST_VALUES, Bitmaps, Chosen, Coded

COLUMNS = st.integers(1, 200).flatmap(
    lambda size: st.tuples(
        *(st.lists(st.sampled_from(["a", "b", None, ""]), min_size=size, max_size=size),) * 2
    )
)


def bits(**columns: Sequence[str | None]) -> Bitmaps:
    coded = {name: Coded() for name in columns}
    for name, column in columns.items():
        for part in (column[:5], column[5:]):
            coded[name].add(part)
    return Bitmaps(*bitmaps.made(coded))


@given(
    COLUMNS,
    st.sets(st.sampled_from("ab"), min_size=1),
    st.integers(0, 210),
    st.integers(1, 70),
    st.sets(st.integers(0, 199)),
)
def test_they_are_sets(
    columns: tuple[list[str | None], list[str | None]],
    texts: set[str],
    begin: int,
    count: int,
    others: set[int],
) -> None:
    one, two = columns
    known = texts <= set(one) and "a" in two
    words = bits(one=one, two=two).found({"one": sorted(texts), "two": ["a"]})
    assert (words is not None) == known
    if words is None:
        return
    wanted = [n for n in range(len(one)) if one[n] in texts and two[n] == "a"]
    chosen = Chosen(words)
    assert chosen.number == len(wanted)
    onward = [n for n in wanted if n >= begin]
    assert chosen.first(begin, count).tolist() == onward[:count]
    places = np.array(sorted(n for n in others if n < len(one)), np.int32)
    assert places[chosen.among(places)].tolist() == sorted(others & set(wanted))
    left = Chosen(bitmaps.without(words, places))
    assert left.first(0, 1_000).tolist() == sorted(set(wanted) - others)
    assert Chosen(words).number == len(wanted), "what is taken away is taken from a copy"


def test_what_stands_for_no_value_and_many_values_are_not_known() -> None:
    many = [f"v{n}" for n in range(MOST_VALUES + 1)]
    found = bits(one=["a", "", "null", None], many=many)
    assert found.found({"one": ["a"]}) is not None
    for wanted in (
        {"one": [""]},
        {"one": ["null"]},
        {"one": ["a", "x"]},
        {"many": ["v1"]},
        {"no": ["a"]},
    ):
        assert found.found(wanted) is None
    assert bits(many=many[:-1]).found({"many": ["v1"]}) is not None
    assert bits().found({"one": ["a"]}) is None
