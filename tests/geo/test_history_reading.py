"""What was changed, by whom, and what the register said at a time; undoing it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from geo import change, check, history, layers, store
from geo.audience import EVERYTHING, PUBLIC, Sight, project
from geo.change import Edit
from geo.errors import ConflictError, NotFoundError
from geo.history import reading, states, undoing
from geo.history.imports import of_import
from geo.history.lens import look
from geo.history.reading import Asked, Entry
from geo.period import parse
from geo.register import Register
from geo.store import Target
from geo.tables import history as entries
from tests.geo import edits
from tests.geo.edits import EVENTS, MARKERS, do, feature, make, patch

INSPECTIONS = layers.INSPECTIONS
FIRST = "vn-kh.48.0.1"
ALL = Edit("a steward", "to undo", EVERYTHING)
INSIDE = Edit("an insider", "secret", EVERYTHING, when=edits.TODAY)


@pytest.fixture
def register(place: Target) -> Iterator[Register]:
    made = make(place)
    yield made
    found = check.check(made.engine)
    assert [line for line in found if "this machine's clock" not in line] == []
    made.engine.dispose()


def read(register: Register, asked: Asked, sight: Sight = EVERYTHING) -> list[Entry]:
    with register.engine.connect() as conn:
        return reading.page(conn, asked, look(conn, sight), limit=100).entries


def undo(register: Register, *numbers: int, sight: Sight = EVERYTHING) -> None:
    with store.writing(register.engine) as conn:
        undoing.undo(conn, numbers, ALL, look(conn, sight))


def last(register: Register) -> int:
    return read(register, Asked())[0].seq


def test_versions_of_a_feature_tell_what_changed(register: Register) -> None:
    patch(register, FIRST, note="một", name_vi="Mốc")
    patch(register, FIRST, note="hai")
    versions = read(register, Asked(layer=MARKERS, feature_id=FIRST))
    assert [(one.action, one.revision) for one in versions] == [
        ("edit", 3), ("edit", 2), ("create", 1)
    ]  # fmt: skip
    assert [tuple(c) for c in versions[0].changes] == [("note", "một", "hai")]
    assert {tuple(c) for c in versions[1].changes} == {
        ("note", None, "một"), ("name_vi", None, "Mốc")
    }  # fmt: skip
    assert (versions[0].actor, versions[0].reason) == (edits.EDIT.actor, edits.EDIT.reason)


def test_who_changed_what_in_a_period(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in (1, 2, 3):
        monkeypatch.setattr(
            history.chain, "_not_before", lambda _, d=day: f"2090-01-0{d}T12:00:00Z"
        )
        someone = Edit(f"editor {day % 2}", "to see", when=edits.TODAY)
        patch(register, FIRST, note=f"day {day}", edit=someone)
    found = read(register, Asked(since="2090-01-02T00:00:00Z", until="2090-01-03T00:00:00Z"))
    assert [one.at for one in found] == ["2090-01-02T12:00:00Z"]
    found = read(register, Asked(actor="editor 1"))
    assert [one.after.properties["note"] for one in found if one.after] == ["day 3", "day 1"]


def test_pages_follow_each_other(register: Register) -> None:
    everything = [one.seq for one in read(register, Asked())]
    found: list[int] = []
    before = None
    with register.engine.connect() as conn:
        while True:
            part = reading.page(conn, Asked(before=before), look(conn, EVERYTHING), limit=3)
            found += [one.seq for one in part.entries]
            before = part.next_before
            if before is None:
                break
    assert found == everything == sorted(everything, reverse=True)


def test_a_reader_sees_of_a_change_what_he_sees_of_the_row(register: Register) -> None:
    body = edits.fact(
        marker_id=FIRST, at="2020-01-01T08:00:00Z", condition="intact", inspector="một"
    )
    key = do(register, change.create, INSPECTIONS, body | {"id": "i1"}, edit=INSIDE).id
    start = last(register)
    seen = read(register, Asked(feature_id=key), PUBLIC)[0]
    assert "inspector" not in {one.field for one in seen.changes}
    assert (seen.actor, seen.reason, seen.hash) == (None, None, None)
    inspect(register, inspector="hai")
    assert [one.seq for one in read(register, Asked(), PUBLIC) if one.seq > start] == []
    inspect(register, inspector="ba", note="công khai")
    [seen] = [one for one in read(register, Asked(), PUBLIC) if one.seq > start]
    assert [one.field for one in seen.changes] == ["note"]
    assert (seen.actor, seen.reason, seen.hash) == (None, None, None)
    inspect(register, note="công khai hơn")
    # Else it could be told from the others whether they touched what is hidden.
    assert read(register, Asked(), PUBLIC)[0].actor is None
    assert read(register, Asked(actor="an insider", feature_id=key), PUBLIC) == []
    for hidden in start, last(register) - 1:
        with register.engine.connect() as conn, pytest.raises(NotFoundError):
            undoing.undo(conn, [hidden], ALL, look(conn, PUBLIC))


def inspect(register: Register, **values: str) -> None:
    do(register, change.update, INSPECTIONS, "i1", {"properties": values}, edit=INSIDE)


def test_of_a_row_that_is_hidden_now_nothing_is_told(register: Register) -> None:
    """Neither of what it was while it was shown, nor of a row that was hidden when it went."""
    assert read(register, Asked(feature_id=FIRST), PUBLIC) != []
    patch(register, FIRST, edit=INSIDE, classification="restricted")
    assert read(register, Asked(feature_id=FIRST), PUBLIC) == []
    assert len(read(register, Asked(feature_id=FIRST))) == 2
    with register.engine.connect() as conn, pytest.raises(NotFoundError):
        reading.one(conn, last(register), look(conn, PUBLIC))
    do(register, change.delete, EVENTS, f"{FIRST}.located.2010-01-01", edit=INSIDE)
    do(register, change.delete, MARKERS, FIRST, edit=INSIDE)
    assert read(register, Asked(feature_id=FIRST), PUBLIC) == []


def test_a_layer_as_it_was_recorded_at_a_time(register: Register) -> None:
    start = last(register)
    do(register, change.create, MARKERS, feature(number="mới") | {"id": "new"})
    do(register, change.delete, MARKERS, "vn-kh.49.0.1")
    event = edits.fact(marker_id=FIRST, event="built", date="2012-01-01")
    do(register, change.create, EVENTS, event)
    end = last(register)

    def stages(number: int, day: str) -> dict[str, str]:
        when = parse(day)
        assert when
        with register.engine.connect() as conn:
            rows, _ = states.recorded(conn, MARKERS, number=number, when=when)
        return {row.id: row.properties["stage"] for row in rows}

    assert stages(start, "2026-01-01") == {FIRST: "located", "vn-kh.49.0.1": None}
    assert stages(end, "2026-01-01") == {FIRST: "built", "new": None}
    assert stages(end, "2011-01-01") == {FIRST: "located", "new": None}
    assert stages(0, "2026-01-01") == {}


def test_the_layer_as_recorded_now_is_the_layer(register: Register) -> None:
    patch(register, FIRST, note="một")
    with register.engine.connect() as conn:
        for layer in layers.LAYERS.values():
            when = parse("2026-01-01")
            assert when
            rows, _ = states.recorded(conn, layer, number=10**6, when=when)
            now = [edits.read(register, layer, row.id) for row in rows]
            for row, shown in zip(rows, now, strict=True):
                seen = project(layer, row, PUBLIC.outside)
                assert seen is not None
                assert seen.properties | {"revision": 0} == shown["properties"] | {"revision": 0}


def test_an_edit_is_undone_by_a_new_change(register: Register) -> None:
    before = edits.read(register, MARKERS, FIRST)
    shape = {"type": "Point", "coordinates": [107.5, 12.5]}
    body = {"geometry": shape, "properties": {"note": "sai"}}
    do(register, change.update, MARKERS, FIRST, body)
    wrong = last(register)
    patch(register, FIRST, name_vi="sau đó")  # another field may change
    undo(register, wrong)
    after = edits.read(register, MARKERS, FIRST)
    assert after["geometry"] == before["geometry"]
    assert after["properties"]["note"] is None
    assert after["properties"]["name_vi"] == "sau đó"
    entry = read(register, Asked())[0]
    assert (entry.action, entry.actor, entry.reason) == ("edit", "a steward", "to undo")
    undo(register, last(register))  # the undo is undone
    assert edits.read(register, MARKERS, FIRST)["properties"]["note"] == "sai"


def test_what_changed_since_is_named(register: Register) -> None:
    patch(register, FIRST, note="một", name_vi="Mốc")
    number = last(register)
    patch(register, FIRST, note="hai")
    with pytest.raises(undoing.ChangedSinceError, match="note changed since") as refused:
        undo(register, number)
    assert refused.value.allowed == ["note"]
    do(register, change.delete, MARKERS, "vn-kh.49.0.1")
    retired = last(register)
    do(register, change.create, MARKERS, feature(number="khác") | {"id": "vn-kh.49.0.1"})
    with pytest.raises(ConflictError):
        undo(register, retired)


def test_a_new_and_a_retired_row_are_undone(register: Register) -> None:
    before = edits.read(register, MARKERS, "vn-kh.49.0.1")
    do(register, change.delete, MARKERS, "vn-kh.49.0.1")
    undo(register, last(register))
    back = edits.read(register, MARKERS, "vn-kh.49.0.1")
    assert back["properties"] | {"revision": 1} == before["properties"]
    do(register, change.create, MARKERS, feature(number="mới") | {"id": "new"})
    undo(register, last(register))
    with pytest.raises(NotFoundError):
        edits.read(register, MARKERS, "new")


def test_many_changes_are_undone_together_or_not_at_all(register: Register) -> None:
    begun = last(register)
    for number in range(3):
        do(register, change.create, MARKERS, feature(number="x") | {"id": f"n{number}"})
    patch(register, "n1", note="của n1")
    made = list(range(begun + 1, begun + 5))
    patch(register, "n2", note="sau đó")
    with pytest.raises(undoing.ChangedSinceError):
        undo(register, *made)
    assert edits.read(register, MARKERS, "n0")
    undo(register, last(register), *made)
    for number in range(3):
        with pytest.raises(NotFoundError):
            edits.read(register, MARKERS, f"n{number}")


def test_what_an_import_wrote_is_found_by_an_index(register: Register) -> None:
    """The history grows for ever; an import is taken back, and told, without reading all of it."""
    key = "n" + "0" * 24
    said = Edit("a steward", f"import {key}: biên bản 12", EVERYTHING, when=edits.TODAY)
    with store.writing(register.engine) as conn:
        change.update(conn, MARKERS, FIRST, {"properties": {"note": "nhập"}}, said)
    assert [entry.id for entry in read(register, Asked(of_import=key))] == [FIRST]
    assert read(register, Asked(of_import="n" + "0" * 23)) == []
    statement = select(entries.c.seq).where(of_import(key))
    with register.engine.connect() as conn:
        words = "EXPLAIN QUERY PLAN"
        if conn.dialect.name != "sqlite":
            conn.exec_driver_sql("SET LOCAL enable_seqscan = off")  # the table is small here
            words = "EXPLAIN"
        made = statement.compile(conn, compile_kwargs={"literal_binds": True})
        plan = conn.exec_driver_sql(f"{words} {str(made).replace('%', '%%')}").all()
    assert "history_import" in str(plan)
