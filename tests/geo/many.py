"""Large registers of plain markers, made a part at a time."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, insert, select

from geo import load, store
from geo.layers import LAYERS
from geo.store import Target
from geo.tables import VIEWS
from geo.types import Row
from tests.geo.build import UNITS, marker

PART = 20_000  # rows held at once
NOTE = "Mốc đặt trên bờ suối, cách đường tuần tra khoảng 120 m về phía tây bắc. " * 5


def make(target: Target, count: int) -> None:
    """Make a register of so many markers, with texts about as long as real ones."""
    load.make(target, _parts(count))


def _parts(count: int) -> Iterator[dict[str, list[Row]]]:
    for first in range(0, count, PART):
        rows = [_marker(n) for n in range(first, min(first + PART, count))]
        part = {name: list[Row]() for name in LAYERS} | {"markers": rows}
        yield part | {"admin_units": UNITS} if first == 0 else part


def _marker(number: int) -> Row:
    lon, lat = 102 + number % 997 / 100, 9 + number // 997 % 1301 / 100
    return marker(f"m{number}", lon, lat, main=number, note_vi=NOTE)


def multiply(target: Path, times: int) -> None:
    """Repeat the views of a file's markers: much faster than making as many, and read the same."""
    engine = store.open_store(target)
    view = VIEWS["markers"]
    with store.writing(engine) as conn:
        count = int(conn.execute(select(func.max(view.c.vid))).scalar_one())
        for n in range(1, times):
            fresh = {"vid": view.c.vid + n * count, "id": view.c.id + f".{n}"}
            columns = [fresh.get(column.name, column) for column in view.c]
            rows = select(*columns).where(view.c.vid <= count)
            conn.execute(insert(view).from_select(list(view.c.keys()), rows))
    engine.dispose()
