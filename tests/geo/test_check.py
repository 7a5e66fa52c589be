"""Each kind of damage to a register is found, and named by table and row."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from geo import check, store
from geo.register import Register
from geo.store import Target
from tests.geo import edits

FIRST, SECOND = "vn-kh.48.0.1", "vn-kh.49.0.1"
LATER = "2090-01-01T00:00:00.000+00:00"


@pytest.fixture
def register(place: Target) -> Iterator[Register]:
    yield from _edited(place)


@pytest.fixture
def in_a_file(tmp_path: Path) -> Iterator[Register]:
    yield from _edited(tmp_path / "r.gpkg")


def _edited(place: Target) -> Iterator[Register]:
    made = edits.make(place)
    edits.patch(made, FIRST, note="một")
    yield made
    made.engine.dispose()


def test_one_that_is_whole_has_no_damage(register: Register) -> None:
    """What is told of the damaged ones is therefore told of their damage."""
    assert check.check(register.engine) == []


# What tells that the event by which a marker was located is not that of the marker.
UNSTAGED = {
    f"markers {FIRST}: stage is 'located', what it follows from says None",
    f"markers {FIRST}: stage_as_of is '2010-01-01'",
    f"markers_view {FIRST}: ",
}
# Damage in the SQL of both stores, and the beginnings of all lines that tell of it.
DAMAGE = {
    "field": (
        f"UPDATE markers SET note = 'khác' WHERE id = '{FIRST}'",
        {f"markers_view {FIRST}: ", f"markers {FIRST}: note is not what the history says"},
    ),
    "stage": (
        f"UPDATE markers SET stage = 'built' WHERE id = '{FIRST}'",
        {f"markers {FIRST}: stage is 'built', what it follows from says 'located'"},
    ),
    "revision": (
        f"UPDATE markers SET revision = 7 WHERE id = '{FIRST}'",
        {f"markers {FIRST}: revision is not what the history says", f"markers_view {FIRST}: "},
    ),
    "record gone": (
        f"DELETE FROM markers WHERE id = '{SECOND}'",
        {
            f"markers_view {SECOND}: markers has no record",
            f"search_index {SECOND}: markers has no record",
            f"markers {SECOND}: the history has it, the layer does not",
        },
    ),
    "event gone": (
        "DELETE FROM marker_events",
        {
            f"marker_events {FIRST}.located.2010-01-01: the history has it",
            f"marker_events_view {FIRST}.located.2010-01-01: marker_events has no record",
            *UNSTAGED,
        },
    ),
    "reference": (
        "UPDATE marker_events SET marker_id = 'nobody'",
        {
            f"marker_events: {FIRST}.located.2010-01-01 names marker_id nobody",
            f"marker_events {FIRST}.located.2010-01-01: marker_id is not what the history says",
            f"marker_events_view {FIRST}.located.2010-01-01: ",
            *UNSTAGED,
        },
    ),
    "projection opened": (
        f"UPDATE markers_view SET audiences = 255 WHERE id = '{FIRST}'",
        {
            f"markers_view {FIRST}: audiences is not what its record gives",
            f"search_index {FIRST}: seq is not what its record gives",
            "markers_sums [",
        },
    ),
    "projection text": (
        f"UPDATE markers_view SET geojson = replace(geojson, '107', '108') WHERE id = '{SECOND}'",
        {f"markers_view {SECOND}: geojson is not what its record gives"},
    ),
    "projection gone": (
        f"DELETE FROM markers_view WHERE id = '{SECOND}'",
        {
            f"markers_view {SECOND}: a row is missing",
            f"search_index {SECOND}: seq is not what its record gives",
            "markers_box row ",
            "markers_sums [",
        },
    ),
    "box of the view": (
        f"UPDATE markers_view SET w = w - 1 WHERE id = '{SECOND}'",
        {f"markers_view {SECOND}: w is not", f"markers_box {SECOND}: its box"},
    ),
    "number": ("UPDATE markers_sums SET alike = alike + 1", {"markers_sums ["}),
    "what is counted": ("UPDATE markers_sums SET stage = 'built'", {"markers_sums ["}),
    "number gone": ("DELETE FROM markers_sums", {"markers_sums ["}),
    "number too many": (
        "INSERT INTO markers_sums (key, audiences, t_to, alike) VALUES ('[15]', 15, 'x', 1)",
        {"markers_sums ["},
    ),
    "search entry": (
        f"UPDATE search_index SET folded = 'khac' WHERE id = '{SECOND}'",
        {f"search_index {SECOND}: folded is not what its record gives"},
    ),
    "search entry gone": (
        f"DELETE FROM search_index WHERE id = '{SECOND}'",
        {f"search_index {SECOND}: a row is missing"},
    ),
    "counter": (
        "UPDATE revisions SET revision = 0 WHERE layer = 'markers'",
        {"revisions markers: 0, fewer than the layer had changes"},
    ),
    "chain": (
        "UPDATE history SET reason = 'khác' WHERE seq = 2",
        {"history 2: edited"},
    ),
    "cut history": (
        "DELETE FROM history WHERE seq = (SELECT max(seq) FROM history)",
        {f"markers {FIRST}: note is not", f"markers {FIRST}: revision is not"},
    ),
}
# Damage that only a file can have: PostgreSQL keeps its own indexes and needs no such tables.
OF_A_FILE = {
    "box gone": (
        f"DELETE FROM markers_box WHERE vid = (SELECT vid FROM markers_view WHERE id = '{SECOND}')",
        {f"markers_box {SECOND}: its box (row "},
    ),
    "box moved": (
        "UPDATE markers_box SET w = w - 1"
        f" WHERE vid = (SELECT vid FROM markers_view WHERE id = '{SECOND}')",
        {f"markers_box {SECOND}: its box (row "},
    ),
    "box too many": (
        "INSERT INTO markers_box VALUES (999, 1, 1, 1, 1, 1, 1)",
        {"markers_box row 999: a box without a view"},
    ),
    "extent": (
        "UPDATE gpkg_contents SET max_x = 100 WHERE table_name = 'markers'",
        {"gpkg_contents markers: its extent leaves out "},
    ),
    "layer not told": (
        "DELETE FROM gpkg_contents WHERE table_name = 'sources'",
        {"gpkg_contents sources: it is not told to be attributes"},
    ),
    "geometry not told": (
        "UPDATE gpkg_geometry_columns SET geometry_type_name = 'POLYGON'"
        " WHERE table_name = 'markers'",
        {"gpkg_geometry_columns markers: not "},
    ),
    "header": ("PRAGMA user_version = 1", {"file: user_version is 1, not 10300"}),
}


def damaged(register: Register, sql: str, told: set[str]) -> None:
    with store.writing(register.engine) as conn:
        conn.exec_driver_sql(sql.replace("%", "%%"))
    found = check.check(register.engine)
    file = register.engine.dialect.name == "sqlite"
    told = {line for line in told if file or "_box" not in line}
    unheard = [line for line in found if not any(line.startswith(one) for one in told)]
    assert unheard == []
    assert [one for one in told if not any(line.startswith(one) for line in found)] == []


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_named_by_table_and_row(register: Register, kind: str) -> None:
    damaged(register, *DAMAGE[kind])


@pytest.mark.parametrize("kind", OF_A_FILE)
def test_damage_to_a_file_is_named(in_a_file: Register, kind: str) -> None:
    damaged(in_a_file, *OF_A_FILE[kind])


def test_a_date_after_the_clock_is_told(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.history.chain._not_before", lambda _last: LATER)
    edits.patch(register, FIRST, note="hai")
    assert check.check(register.engine) == [
        f"history: the last change is dated {LATER}, after what this machine's clock says"
    ]
