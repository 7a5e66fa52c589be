"""The search finds what a look at every entry finds, in any language, and reads few of them."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from geo import check, search, store
from geo.audience import PUBLIC, Sight, bit, everywhere
from geo.names import fold
from geo.register import Register
from geo.search_text import START
from geo.tables import search_index
from geo.vocabulary import Classification
from tests.conftest import Places
from tests.geo import edits
from tests.geo.build import marker, register, row

INTERNAL, RESTRICTED = Classification.INTERNAL, Classification.RESTRICTED
NAMES = [
    "Cửa khẩu Lao Bảo", "ລາວບາວ", "Ấp 1", "Ấp 10", "ព្រំដែន", "ชายแดน", "界碑", "Đá", "a", "ab",
    "abc", "Lao Bảo", "lao·bao", 'nói "gì"', "100%", "a_b", "bản a·b", "c·", "ßtraße", "Ⅻ", None,
]  # fmt: skip
CLASSES = ["public", "public", "partner", "internal", "restricted"]
MANY = 90


@pytest.fixture(scope="module")
def made(places: Places) -> Iterator[Register]:
    """Many markers and positions with names of every sort, and a few of other layers."""
    markers, positions = [], []
    for n in range(MANY):
        known = {
            "number": f"{n // 3}/{n % 3}",
            "name_vi": NAMES[n % len(NAMES)],
            "classification": CLASSES[n % len(CLASSES)],
            "valid_to": "2020-01-01" if n % 11 == 7 else None,
        }
        markers.append(marker(f"m{n}", 107 + n / 100, 12.5, **known))
        named = {"number": f"{n}", "border": "VN-KH", "classification": known["classification"]}
        positions.append(row("positions", f"p{n}", **named))
    gates = [row("gates", f"g{n}", name_vi=name, country="VN") for n, name in enumerate(NAMES[:-1])]
    yield (every := register(places(), markers=markers, positions=positions, gates=gates))
    every.engine.dispose()


def looked_up(made: Register, words: str, sight: Sight, layers: list[str] | None) -> list[Any]:
    """Rank every entry by hand."""
    folded, found = fold(words), []
    with made.engine.connect() as conn:
        entries = conn.execute(select(search_index)).all()
    for one in entries:
        held = one.folded.removeprefix(START).replace("  ", " ")
        seen = one.audiences & bit(sight.outside) and (layers is None or one.layer in layers)
        if not folded or not seen or not all(part in held for part in folded.split()[:6]):
            continue
        rank = (
            4 if held.startswith(f"{folded} ·")
            else 3 if f"· {folded} ·" in held
            else 2 if held.startswith(folded)
            else 1 if f" {folded}" in held
            else 0
        )  # fmt: skip
        found.append((-4 * rank - one.weight, one.seq, one.layer, one.id))
    return [(layer, key) for *_, layer, key in sorted(found)]


PARTS = ["cot", "moc", "marker", "mar", "1", "10", "1/", "m1", "lao bao", "lao", "·", "· a ·", "ấp"]
LETTERS = st.text(st.sampled_from('abclmo19/ ·"%_đảລາพ界\\'), max_size=5)
ASKED = st.one_of(
    LETTERS,
    st.sampled_from([name for name in NAMES if name]),
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).map(" ".join),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    words=ASKED,
    limit=st.sampled_from([1, 3, 10, 50]),
    sight=st.sampled_from([PUBLIC, everywhere(INTERNAL), everywhere(RESTRICTED)]),
    layers=st.sampled_from([None, None, ["markers"], ["positions", "gates"], ["sources"]]),
)
def test_what_is_found_is_what_a_look_at_every_entry_finds(
    made: Register, words: str, limit: int, sight: Sight, layers: list[str] | None
) -> None:
    with made.engine.connect() as conn:
        rows = search.search(conn, words, sight=sight, limit=limit, layers=layers)
    found = [(one["layer"], one["id"]) for one in rows]
    assert found == looked_up(made, words, sight, layers)[:limit]


@pytest.mark.parametrize("words", ["ລາວ", "界碑", "ព្រំ", "ชาย", "LAO BAO", "Ấp 10", 'nói "gì"'])
def test_names_in_any_language_are_found(made: Register, words: str) -> None:
    with made.engine.connect() as conn:
        rows = search.search(conn, words, sight=PUBLIC, limit=5)
    assert all(fold(words) in fold(one["title_vi"]) for one in rows)
    assert rows


def test_a_database_without_the_extension_finds_the_same(made: Register) -> None:
    if store.is_file(made.engine):
        pytest.skip("a file always has its index")
    with made.engine.connect() as conn:
        assert store.has_words(conn)
        asked = [(words, search.search(conn, words, sight=PUBLIC, limit=5)) for words in PARTS]
        conn.execute(text("DROP INDEX search_index_words"))
        assert not store.has_words(conn)
        for words, found in asked:
            assert search.search(conn, words, sight=PUBLIC, limit=5) == found
        conn.rollback()


def test_entries_follow_every_write(place: Any) -> None:
    register = edits.make(place)
    key = "vn-kh.48.0.1"
    edits.patch(register, key, name_vi="Cột mốc Bản Xưa")

    def found(words: str) -> list[str]:
        with register.engine.connect() as conn:
            return [one["id"] for one in search.search(conn, words, sight=PUBLIC, limit=5)]

    assert found("ban xua") == [key]
    edits.patch(register, key, name_vi="Cột mốc Bản Nay")
    assert (found("ban xua"), found("ban nay")) == ([], [key])
    assert check.check(register.engine) == []
    register.engine.dispose()


def test_an_index_that_is_not_that_of_the_texts_is_told(tmp_path: Any) -> None:
    register = edits.make(tmp_path / "r.gpkg")
    with store.writing(register.engine) as conn:
        conn.execute(text("INSERT INTO search_words (search_words) VALUES ('delete-all')"))
    assert any(line.startswith("search_words: ") for line in check.check(register.engine))
    with store.writing(register.engine) as conn:
        store.drop_indexes(conn)
        store.create_indexes(conn)
    assert check.check(register.engine) == []
    register.engine.dispose()


def test_common_words_cost_no_more_where_there_are_more_rows(tmp_path: Any) -> None:
    """Steps of SQLite's machine, as one search takes them over 200 and over 1,500 markers."""
    spent = [_steps(tmp_path / f"{count}.gpkg", count) for count in (200, 1_500)]
    for few, many in zip(*spent, strict=True):
        assert many < 1.25 * few + 2_000


def _steps(path: Any, count: int) -> list[int]:
    rows = [marker(f"m{n:04}", 107 + n / 9999, 12.5, number=str(n)) for n in range(count)]
    made, found = register(path, markers=rows), []
    with made.engine.connect() as conn:
        for words in ("marker", "cot moc", "m", "dak nong", "199", "khong co"):
            calls = [0]

            def count_steps(calls: list[int] = calls) -> int:
                calls[0] += 1
                return 0

            db: Any = conn.connection.driver_connection
            search.search(conn, words, sight=PUBLIC, limit=10)
            db.set_progress_handler(count_steps, 100)
            search.search(conn, words, sight=PUBLIC, limit=10)
            db.set_progress_handler(None, 0)
            found.append(calls[0] * 100)
    made.engine.dispose()
    return found
