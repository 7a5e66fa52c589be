"""What was restricted is opened by nobody alone, not by taking it out and making it anew either."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from geo import change, store
from geo.audience import EVERYTHING, PUBLIC, Sight
from geo.change import Edit
from geo.history.lens import look
from geo.history.undoing import undo
from geo.register import Register
from geo.schema import Layer
from geo.tables import history
from geo.types import Row
from tests.geo.edits import MARKERS, TODAY, do, feature

KEY = "vn-kh.49.0.1"
SHUT: dict[str, Any] = {"classification": "restricted"}
NUMBERED: dict[str, Any] = {"number": "49(1)", "border": "VN-KH", "main": 49, "k": 1}


class Alone(Exception):  # noqa: N818
    """It takes somebody else."""


def permit(_: Connection, _layer: Layer, _action: str, _rows: Sequence[Row], guarded: bool) -> None:
    if guarded:
        raise Alone


def editor(sight: Sight = EVERYTHING) -> Edit:
    return Edit("an editor", "to open it", sight, when=TODAY, permit=permit)


APPROVER = Edit("an approver", "agreed", EVERYTHING, when=TODAY)


def close(register: Register) -> None:
    do(register, change.update, MARKERS, KEY, {"properties": SHUT}, edit=APPROVER)


def make(register: Register, edit: Edit, key: str = KEY, **given: Any) -> None:
    do(
        register,
        change.create,
        MARKERS,
        feature(**{"number": "1"} | given) | {"id": key},
        edit=edit,
    )


def test_it_is_taken_out_by_two(changeable: Register) -> None:
    close(changeable)
    with pytest.raises(Alone):
        do(changeable, change.delete, MARKERS, KEY, edit=editor())
    do(changeable, change.delete, MARKERS, KEY, edit=APPROVER)


def test_what_was_taken_out_is_not_made_anew_as_open(changeable: Register) -> None:
    close(changeable)
    do(changeable, change.delete, MARKERS, KEY, edit=APPROVER)
    for given in ({}, {"classification": "internal"}, {"valid_to": "2000-01-01"}):
        with pytest.raises(Alone):
            make(changeable, editor(), **given)
    with pytest.raises(Alone):
        make(changeable, editor(), "another", **NUMBERED)
    numbered = {"properties": NUMBERED}
    with pytest.raises(Alone):
        do(changeable, change.update, MARKERS, "vn-kh.48.0.1", numbered, edit=editor())
    make(changeable, editor(), **SHUT)


def test_nor_beside_what_is_there(changeable: Register) -> None:
    close(changeable)
    with pytest.raises(Alone):
        make(changeable, editor(), "another", **NUMBERED)
    ended = {"properties": {"valid_from": "2020-01-01"}}
    do(changeable, change.update, MARKERS, KEY, ended, edit=APPROVER)
    with pytest.raises(Alone):
        make(changeable, editor(), valid_to="2020-01-01")


def test_once_it_was_opened_it_is_open(changeable: Register) -> None:
    close(changeable)
    do(changeable, change.delete, MARKERS, KEY, edit=APPROVER)
    make(changeable, APPROVER)
    do(changeable, change.delete, MARKERS, KEY, edit=APPROVER)
    make(changeable, editor())


def test_undoing_opens_nothing_either(changeable: Register) -> None:
    with store.writing(changeable.engine) as conn:
        made = change.create(conn, MARKERS, feature(number="7", **SHUT) | {"id": "x"}, editor())
        number = last(conn)
    assert made.id == "x"
    with pytest.raises(Alone), store.writing(changeable.engine) as conn:
        undo(conn, [number], editor(), look(conn, EVERYTHING))
    do(changeable, change.delete, MARKERS, KEY, edit=APPROVER)
    with store.writing(changeable.engine) as conn:
        number = last(conn)
    close_anew = feature(number="49(1)", **SHUT) | {"id": KEY}
    do(changeable, change.create, MARKERS, close_anew, edit=APPROVER)
    do(changeable, change.delete, MARKERS, KEY, edit=APPROVER)
    with pytest.raises(Alone), store.writing(changeable.engine) as conn:
        undo(conn, [number], editor(), look(conn, EVERYTHING))


def last(conn: Connection) -> int:
    found: int = conn.execute(select(func.max(history.c.seq))).scalar_one()
    return found


def test_who_does_not_see_it_is_not_told(changeable: Register) -> None:
    close(changeable)
    do(changeable, change.delete, MARKERS, KEY, edit=APPROVER)
    make(changeable, editor(PUBLIC))
