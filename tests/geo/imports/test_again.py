"""Which row of the register a row of a sheet is, where its label names more than one thing."""

from pathlib import Path

import pytest

from geo import store
from geo.imports import commit, preview
from geo.imports.options import Options
from geo.imports.preview import Preview
from geo.register import Register
from tests.geo import build
from tests.geo.imports import messy
from tests.geo.imports.test_messy import ASKED, EDIT

MARKERS = [build.marker(key, 107.3, 12.4) for key in ("m1", "m2")]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Register:
    """A register of its own: what is asked of it is the same in either store."""
    place = tmp_path_factory.mktemp("again") / "register.gpkg"
    return build.register(place, admin_units=messy.units(), markers=MARKERS)


def look(held: Register, folder: Path, layer: str, *lines: str) -> Preview:
    path = folder / "sheet.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with held.engine.connect() as conn:
        return preview.preview(conn, path, path.name, Options(layer), asked=ASKED)


@pytest.mark.parametrize(
    ("layer", "head", "first", "other"),
    [
        ("marker_events", "marker_id;event;date", "m1;built;2008-05-01", "m2;built;2008-05-01"),
        ("marker_events", "marker_id;event;date", "m1;repaired;2010-05-01",
         "m1;repaired;2020-05-01"),
        ("inspections", "marker_id;at;condition", "m1;2025-05-01;good", "m2;2025-05-01;damaged"),
        ("progress", "measure;numerator;as_of", "positions_built;8;2024-12-31",
         "positions_built;10;2025-06-30"),
        ("indicators", "name_vi;value;period", "Kim ngạch;5;2024", "Kim ngạch;7;2025"),
        ("exchanges", "name_vi;date_from", "Giao ban;2024-03-01", "Giao ban;2025-03-01"),
    ],
)  # fmt: skip
def test_another_row_of_the_same_label_is_no_change_of_the_first(
    held: Register, tmp_path: Path, layer: str, head: str, first: str, other: str
) -> None:
    made = look(held, tmp_path, layer, head, first)
    assert [one.told() for one in made.all_findings()] == []
    with store.writing(held.engine) as conn:
        commit.commit(conn, made, EDIT, asked=ASKED)
    again = look(held, tmp_path, layer, head, first, other)
    assert [one.action.value for one in again.records] == ["same", "create"]
