"""Uploads that wait to be committed: a folder each, private to who sent it, gone after a day.

A folder holds the file, what its sender says of it, and the preview that he was shown.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import orjson
from sqlalchemy import Engine

from geo import store
from geo.change import Edit
from geo.errors import NotFoundError
from geo.imports import commit, faults, reading
from geo.imports import preview as previews
from geo.imports.commit import Done, RowsError
from geo.imports.findings import FileError, Finding, Level, Problem, Refusal
from geo.imports.options import Options
from geo.imports.preview import Preview
from geo.query import Filter

KEPT = 86_400  # seconds that an upload waits
_KEY = re.compile(r"[0-9a-f]{32}")
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file; `owner` is the id of the actor who sent it."""

    folder: Path
    name: str
    owner: str
    options: Options

    @property
    def id(self) -> str:
        """The identifier by which its sender asks for it."""
        return self.folder.name

    @property
    def file(self) -> Path:
        """Where the file itself lies, under a name that we chose."""
        return self.folder / "file"

    def told(self) -> dict[str, Any]:
        """Return what the preview says of the whole."""
        about: dict[str, Any] = self._read("about")
        return about

    def rows(self, start: int, count: int, level: Level | None) -> dict[str, Any]:
        """Return some rows of the preview; `level` keeps to those whose findings reach it."""
        rows: list[Any] = self._read("rows")
        if level is not None:
            reaching = {Level.ERROR, level}
            rows = [row for row in rows if any(f["level"] in reaching for f in row["findings"])]
        return {"total": len(rows), "start": start, "rows": rows[start : start + count]}

    def map(self) -> dict[str, Any]:
        """Return the places of the rows as GeoJSON."""
        places: dict[str, Any] = self._read("map")
        return places

    def _read(self, part: str) -> Any:
        return orjson.loads((self.folder / f"{part}.json").read_bytes())


def begin(root: Path, name: str, options: Options, owner: str) -> Upload:
    """Make room for an upload; uploads that waited too long go.

    Raises:
        BadInputError: the options make no sense.
    """
    options.checked()
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in root.iterdir():
        if _KEY.fullmatch(old.name) and old.stat().st_mtime < time.time() - KEPT:
            shutil.rmtree(old, ignore_errors=True)
    folder = root / secrets.token_hex(16)
    folder.mkdir(mode=0o700)
    made = Upload(folder, PurePosixPath(name.replace("\\", "/")).name[:200], owner, options)
    _note(made)
    return made


def _note(upload: Upload) -> None:
    told = {"name": upload.name, "owner": upload.owner, "options": upload.options.told()}
    (upload.folder / "upload.json").write_bytes(orjson.dumps(told))


def find(root: Path, key: str, owner: str) -> Upload:
    """Return an upload of this owner.

    Raises:
        NotFoundError: there is none; one of somebody else is as good as none.
    """
    folder = root / key
    try:
        told = orjson.loads((folder / "upload.json").read_bytes()) if _KEY.fullmatch(key) else {}
    except OSError:
        told = {}
    if told.get("owner") != owner:
        raise NotFoundError("There is no such import", parameter="import_id", value=key)
    return Upload(folder, told["name"], owner, Options.read(told["options"]))


def drop(upload: Upload) -> None:
    """Forget an upload."""
    shutil.rmtree(upload.folder, ignore_errors=True)


def judge(engine: Engine, upload: Upload, asked: Filter, most: int) -> dict[str, Any]:
    """Make the preview of an upload and keep it; returns what it says of the whole.

    Raises:
        FileError: the file is refused, or has more than `most` rows.
    """
    made = _preview(engine, upload, asked, most)
    parts = {
        "about": {"id": upload.id, **made.told()},
        "rows": made.rows(),
        "map": made.geojson(),
        "seen": _seen(made),
    }
    _note(upload)
    for name, part in parts.items():
        (upload.folder / f"{name}.json").write_bytes(orjson.dumps(part))
    return upload.told()


def _preview(engine: Engine, upload: Upload, asked: Filter, most: int) -> Preview:
    with engine.connect() as conn:
        made = previews.preview(conn, upload.file, upload.name, upload.options, asked=asked)
    if len(made.records) > most:
        said = f"{len(made.records)}; {most} at most here, cotmoc import takes more"
        raise FileError(Refusal.TOO_MANY_ROWS, said, value=len(made.records))
    return made


def _seen(made: Preview) -> dict[str, Any]:
    return {str(r.row): [r.action.value, r.base] for r in made.records}


def keep(engine: Engine, upload: Upload, edit: Edit, asked: Filter, most: int) -> Done:
    """Commit an upload as it was shown, and forget it.

    Raises:
        RowsError: rows have errors, or the register is no longer what it was shown on.
    """
    shown = orjson.loads((upload.folder / "seen.json").read_bytes())
    made = _preview(engine, upload, asked, most)
    now = _seen(made)
    changed = [
        Finding(Problem.CHANGED_SINCE, record.row, None, None, record.id)
        for record in made.records
        if now[str(record.row)] != shown.get(str(record.row))
    ]
    if changed:
        raise RowsError(Refusal.CHANGED, changed)
    with store.writing(engine) as conn:
        done = commit.commit(conn, made, edit, asked=asked)
    drop(upload)
    return done


def write_faults(
    engine: Engine, upload: Upload, asked: Filter, *, ending: str, lang: str, most: int
) -> Path:
    """Write the file of faults into the upload's folder and return its path."""
    assert _ENDING.fullmatch(ending)  # noqa: S101
    made = _preview(engine, upload, asked, most)
    path = upload.folder / f"faults{ending}"
    with reading.table(upload.file, upload.name, upload.options.sheet) as table:
        faults.write(made, table, path, lang=lang)
    return path
