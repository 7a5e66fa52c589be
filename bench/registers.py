"""Exercise registers of any size, kept until the program would make other ones."""

import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench import cache
from geo import ahead, exercise, load
from geo.store import Target
from tests.server import ROOT, make_store

# Where a change may change what a register holds.
SOURCES = (
    "geo/exercise", "geo/boxes.py", "geo/derived.py", "geo/geopackage.py", "geo/layers.py",
    "geo/load.py", "geo/sums.py", "geo/tables.py", "geo/timeline.py", "geo/views.py", "data",
)  # fmt: skip
SAMPLE = 16  # markers of the register that tells whether it did
COMPARED = ("positions", "markers", "marker_events", "inspections")
LEAN = "lean"  # in the name of a register of markers alone
LEAN_FROM = 1_000_000  # markers from which every register is lean: 40 GB otherwise
LEFT_OUT = ("marker_events", "inspections", "positions")


def made(markers: int, *, lean: bool = False) -> Path:
    """A register of so many markers, lean or whole, made if need be; older ones of the size go."""
    lean = lean or markers >= LEAN_FROM
    size = f"{markers}{LEAN}" if lean else str(markers)
    home = cache.folder() / "registers"
    home.mkdir(parents=True, exist_ok=True)
    file = home / f"{size}-{_content(home)}.gpkg"
    if not file.exists():
        for old in home.glob(f"{size}-*"):
            old.unlink()
        write(file, markers, lean=lean)
    return file


def is_lean(register: Path) -> bool:
    """Whether a register was made with the markers alone."""
    return register.stem.split("-")[0].endswith(LEAN)


def write(target: Target, markers: int, *, lean: bool = False) -> None:
    """Make the register in a new file or an empty database, as `cotmoc init` does."""
    load.make(target, parts(markers, lean=lean), is_exercise=True)
    ahead.make(target, folder=ROOT / "var")


def parts(markers: int, *, lean: bool) -> Iterator[exercise.Layers]:
    """Yield the rows of an exercise; a lean one has no positions, events and inspections."""
    rows = load.read_folder(ROOT / "data")
    left_out: exercise.Layers = {name: [] for name in LEFT_OUT} if lean else {}
    for part in exercise.parts(rows, markers=markers):
        yield part | left_out


def _content(home: Path) -> str:
    """Twelve letters that change when the same command would make another register."""
    known = home / "contents.json"
    contents: dict[str, str] = json.loads(known.read_text()) if known.exists() else {}
    sources = _digest_of_sources()
    if sources not in contents:
        contents[sources] = _digest_of_sample()
        known.write_text(json.dumps(contents))
    return contents[sources]


def _digest_of_sources() -> str:
    found = hashlib.sha256()
    for path in (ROOT / name for name in SOURCES):
        for file in sorted([path, *path.rglob("*")]):
            if file.is_file() and file.suffix != ".pyc":
                found.update(file.relative_to(ROOT).as_posix().encode() + b"\0")
                found.update(file.read_bytes())
    return found.hexdigest()


def _digest_of_sample() -> str:
    found = hashlib.sha256()
    with tempfile.TemporaryDirectory() as folder:
        file = make_store(Path(folder) / "sample.gpkg", exercise_markers=SAMPLE)
        with closing(sqlite3.connect(file)) as db:
            for row in db.execute("SELECT sql FROM sqlite_master ORDER BY name"):
                found.update(repr(row).encode())
            for name in COMPARED:
                for table in (name, f"{name}_view"):
                    for row in db.execute(f"SELECT * FROM {table} ORDER BY 1"):
                        found.update(repr(row).encode())
    return found.hexdigest()[:12]
