"""CQL2 text of any size and shape is read quickly or refused, and never ends the process."""

import signal
import time
from collections.abc import Iterator

import cql2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import cql
from geo.cql.text import AT_ONCE, _Brackets
from geo.errors import BadInputError
from geo.functions import like_plain, like_text
from geo.layers import MARKERS

LARGE = {
    "brackets": "(" * 30_000 + "main = 1" + ")" * 30_000,
    "brackets around an error": "(" * 40 + "main = = 1" + ")" * 40,
    "open brackets": "main = " + "(" * 40 + "1",
    "open arrays": "main IN " + "(" * 40 + "1, 2, ",
    "lists in lists": "main IN (1, main IN " * 40 + "!" + ")" * 40,
    "calls": "CASEI(" * 9_000 + "number" + ")" * 9_000 + " = 1",
    "nots": "NOT " * 16_000 + "main = 1",
    "nots together": "not" * 20_000 + " main = 1",
    "minus signs": "main = " + "-" * 30_000 + "main",
    "a sum": "main" + "+1" * 30_000 + " = 2",
    "powers": "main" + "^2" * 30_000 + " = 2",
    "closed brackets": "main = 1" + ")" * 30_000,
    "conditions": " AND ".join(["main = 1"] * 6_000),
    "geometries": "S_INTERSECTS(geometry, " + "GEOMETRYCOLLECTION(" * 3_000 + "POINT(1 2)",
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE.keys())
def test_a_text_that_is_too_large_is_refused_at_once(text: str) -> None:
    start = time.process_time()
    with pytest.raises(BadInputError) as caught:
        cql.condition(MARKERS, cql.parse(text))
    assert caught.value.parameter == "filter"
    assert time.process_time() - start < 2  # seconds


def test_as_many_brackets_as_a_program_writes_are_read() -> None:
    """QGIS puts a bracket around each of several conditions joined by OR."""
    text = "main = 0"
    for number in range(1, 30):
        text = f"({text}) OR (main = {number})"
    assert _conditions(cql.parse(text)) == 30
    cql.condition(MARKERS, cql.parse(text))


def _conditions(node: object) -> int:
    if isinstance(node, dict) and node["op"] == "or":
        return sum(map(_conditions, node["args"]))
    return 1


NUMBERS = st.integers(0, 99).map(str)
TERMS = st.recursive(
    st.one_of(st.just("main"), NUMBERS, st.just("height_m")),
    lambda inner: st.builds(
        "({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/", "div", "%", "^"]), inner
    ),
    max_leaves=4,
)
SIMPLE = st.one_of(
    st.builds("{} {} {}".format, TERMS, st.sampled_from(["=", "<>", "<", ">="]), TERMS),
    st.builds("{} BETWEEN {} AND ({})".format, TERMS, TERMS, TERMS),
    st.builds("{} NOT IN ({}, ({}))".format, TERMS, TERMS, TERMS),
    st.sampled_from(
        [
            "number = ')) OR (('",
            "\"number\" LIKE '%(''(%'",
            "CASEI(ACCENTI(number)) = CASEI(('x'))",
            "S_WITHIN(geometry, POLYGON ((106 11, 108.5 11, 108.5 13.5, 106 11)))",
            "S_INTERSECTS(geometry, MULTIPOLYGON (((106 11, 108 -11, 108 13, 106 11))))",
            "S_EQUALS(POINT Z (1 2 3), (geometry))",
            "T_DURING(stage_as_of, INTERVAL('2013-01-01', '..'))",
            "A_CONTAINS(border_ids, ('vn-la', ('vn-kh')))",
            "number IS NOT NULL",
            "NOT(main = 1)",
            "main IN(1, 2)",
            "main IN (3)",
        ]
    ),
)
FILTERS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds("({}) AND ({})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("NOT ({})".format, inner),
    ),
    max_leaves=4,
)


@settings(max_examples=80, deadline=None)
@given(FILTERS)
def test_reading_by_brackets_means_what_the_library_means(text: str) -> None:
    assert _Brackets(text).read() == cql2.Expr(text).to_json()


def test_the_library_reads_brackets_quickly_up_to_the_limit() -> None:
    start = time.process_time()
    with pytest.raises(BadInputError):
        cql.parse("main = " + "(" * AT_ONCE + "1 ! 2" + ")" * AT_ONCE)
    assert time.process_time() - start < 0.2  # seconds


def fits(text: str, pattern: str) -> bool:
    """Say what the standard says of a pattern, letter by letter, trying every way."""
    if not pattern:
        return not text
    if pattern[0] == "%":
        return any(fits(text[start:], pattern[1:]) for start in range(len(text) + 1))
    escaped = pattern[0] == "\\"
    letter, rest = (pattern[1:2], pattern[2:]) if escaped else (pattern[0], pattern[1:])
    found = bool(text) and (text[0] == letter or (letter == "_" and not escaped))
    return found and fits(text[1:], rest)


LETTERS = st.sampled_from(["a", "b", "\n", "%", "_", "."])
PATTERNS = st.lists(st.sampled_from(["a", "b", ".", "%", "_", r"\%", r"\_", r"\\"]), max_size=7)


@settings(max_examples=150, deadline=None)
@given(st.text(LETTERS, max_size=8), PATTERNS.map("".join))
def test_a_pattern_fits_what_the_standard_says(text: str, pattern: str) -> None:
    assert like_text(text, pattern) is fits(text, pattern)


@pytest.fixture
def patience() -> Iterator[None]:
    """Ends what would take years after ten seconds of work."""

    def enough(*_: object) -> None:
        raise TimeoutError("ten seconds of work")

    before = signal.signal(signal.SIGVTALRM, enough)
    signal.setitimer(signal.ITIMER_VIRTUAL, 10)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("part", ["n%", "_n%", "%", "n%n_%"])
def test_a_pattern_of_many_parts_does_not_keep_the_server_busy(part: str) -> None:
    """Trying every way to share out one long note would take years, and stop every request."""
    note = "Nhân viên kiểm tra cột mốc, nền bê tông còn nguyên vẹn, sơn còn nhìn rõ. " * 50
    assert like_text(note, f"%{part * 40}€%") is False
    assert like_plain(note, f"%{part * 40}n%") is True
