"""The short name of a feature's state."""

from geo.state import revision, state

FEATURE = '{"type":"Feature","id":"a","geometry":null,"properties":{"name":"é","revision":12}}'


def test_it_begins_with_the_revision_of_the_row() -> None:
    assert revision(state(FEATURE)) == 12


def test_whatever_differs_has_another_name() -> None:
    stages = {state(FEATURE.replace('"name":"é"', f'"stage":"{stage}"')) for stage in ("a", "b")}
    assert len({*stages, state(FEATURE)}) == 3


def test_a_text_inside_is_not_taken_for_the_revision() -> None:
    named = FEATURE.replace("é", '\\"revision\\":99')
    assert revision(state(named)) == 12


def test_a_tag_of_somebody_else_names_no_revision() -> None:
    assert [revision(text) for text in ("", "abc", "*", "-1", "9" * 30)] == [None] * 5
