"""Uploads that wait to be committed: a folder each, private to who sent it, gone after a day.

A folder holds the file, what its sender says of it, and the preview that he was shown. Other
processes of the same machine may work on it.
"""

from __future__ import annotations

import fcntl
import re
import secrets
import shutil
import time
from array import array
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from geo import files
from geo.audience import Sight
from geo.errors import ConflictError, NotFoundError
from geo.imports.findings import Level
from geo.imports.options import Options
from geo.imports.preview import Preview

KEPT = 86_400  # seconds that an upload waits
MOST_WAITING = 20  # uploads of one sender
_KEY = re.compile(r"[0-9a-f]{32}")
# The worst finding of a row.
_LEVELS = {None: 0, Level.WARNING.value: 1, Level.APPROVAL.value: 2, Level.ERROR.value: 3}
_PARTS = ("rows", "offsets", "levels", "map", "seen")
_ABOUT = "about.json"


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file; `owner` is the id of the actor who sent it, `job` of what works on it."""

    folder: Path
    name: str
    owner: str
    options: Options
    job: str | None = None

    @property
    def id(self) -> str:
        """The identifier by which its sender asks for it."""
        return self.folder.name

    @property
    def file(self) -> Path:
        """Where the file itself lies, under a name that we chose."""
        return self.folder / "file"

    def told(self, sight: Sight) -> dict[str, Any]:
        """Return what the preview says of the whole, to one who is shown what he was shown then.

        Raises:
            ConflictError: there is no preview of these options, or none for this sight.
        """
        about = self._about()
        if about["sight"] != sight.name or not self.is_judged():
            raise ConflictError(
                "What you are shown has changed since; have the file checked again",
                vi="quyền xem của bạn đã thay đổi, hãy kiểm tra lại tệp",
            )
        told: dict[str, Any] = about["told"]
        return told

    def count(self, sight: Sight) -> int:
        """Return how many rows the preview has.

        Raises:
            ConflictError: as of `told`.
        """
        self.told(sight)
        with _reading():
            return self._part("levels").stat().st_size

    def is_judged(self) -> bool:
        """Say whether the preview is one of the options as they are."""
        with _reading():
            return bool(self._about()["told"]["options"] == self.options.told())

    def rows(self, sight: Sight, start: int, count: int, level: Level | None) -> dict[str, Any]:
        """Return some rows of the preview; `level` keeps to those whose findings reach it.

        Raises:
            ConflictError: as of `told`.
        """
        self.told(sight)
        with _reading():
            levels = self._part("levels").read_bytes()
            least = _LEVELS[level.value if level else None]
            places = [place for place, worst in enumerate(levels) if worst >= least]
            rows = [orjson.loads(line) for line in self._lines(places[start : start + count])]
        return {"total": len(places), "start": start, "rows": rows}

    def _lines(self, places: Iterable[int]) -> Iterator[bytes]:
        offsets = array("Q")
        offsets.frombytes(self._part("offsets").read_bytes())
        with self._part("rows").open("rb") as file:
            for place in places:
                file.seek(offsets[place])
                yield file.readline()

    def found(self, sight: Sight) -> dict[int, list[dict[str, Any]]]:
        """Return what was found at each row that anything was found at.

        Raises:
            ConflictError: as of `told`.
        """
        self.told(sight)
        with _reading():
            levels = self._part("levels").read_bytes()
            places = [place for place, worst in enumerate(levels) if worst]
            rows = map(orjson.loads, self._lines(places))
            return {row["row"]: row["findings"] for row in rows}

    def map(self, sight: Sight) -> bytes:
        """Return the places of the rows as GeoJSON.

        Raises:
            ConflictError: as of `told`.
        """
        self.told(sight)
        with _reading():
            return self._part("map").read_bytes()

    def seen(self) -> dict[str, Any]:
        """Return what would become of each row by its number, as it was shown.

        Raises:
            ConflictError: nothing was shown yet.
        """
        with _reading():
            found: dict[str, Any] = orjson.loads(self._part("seen").read_bytes())
        return found

    def _about(self) -> dict[str, Any]:
        with _reading():
            about: dict[str, Any] = orjson.loads((self.folder / _ABOUT).read_bytes())
        return about

    def _part(self, name: str) -> Path:
        return self.folder / f"{name}.{self._about()['version']}"


@contextmanager
def _reading() -> Iterator[None]:
    """Say what it means that a part is not there, or not any more.

    Raises:
        ConflictError: it is.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise ConflictError(
            "The file has not been checked yet", vi="tệp chưa được kiểm tra"
        ) from error


def begin(root: Path, name: str, options: Options, owner: str) -> Upload:
    """Make room for an upload; uploads that waited too long go.

    Raises:
        BadInputError: the options make no sense.
        ConflictError: MOST_WAITING uploads of this sender wait.
    """
    options.checked()
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep(root)
    if sum(1 for one in root.iterdir() if _waits(one, owner)) >= MOST_WAITING:
        raise ConflictError(
            f"{MOST_WAITING} files of yours wait to be imported; drop one",
            vi=f"bạn đang có {MOST_WAITING} tệp chờ nhập, hãy bỏ bớt một tệp",
        )
    folder = root / secrets.token_hex(16)
    folder.mkdir(mode=0o700)
    made = Upload(folder, PurePosixPath(name.replace("\\", "/")).name[:200], owner, options)
    made.file.touch(mode=0o600)
    return note(made)


def _waits(folder: Path, owner: str) -> bool:
    """Say whether a folder holds a file of this owner; one that was written is cleared."""
    return (folder / "file").exists() and _noted(folder).get("owner") == owner


def sweep(root: Path) -> None:
    """Throw away the uploads that waited too long."""
    with suppress(FileNotFoundError):
        for old in root.iterdir():
            with suppress(FileNotFoundError):
                if _KEY.fullmatch(old.name) and old.stat().st_mtime < time.time() - KEPT:
                    shutil.rmtree(old, ignore_errors=True)


def note(upload: Upload, **changed: Any) -> Upload:
    """Keep what is known of an upload, with some of it changed.

    Raises:
        FullStoreError, StoreError: it cannot be written.
    """
    upload = replace(upload, **changed)
    told = {"name": upload.name, "owner": upload.owner, "options": upload.options.told()}
    with files.whole(upload.folder / "upload.json") as path:
        path.write_bytes(orjson.dumps(told | {"job": upload.job}))
    return upload


def _noted(folder: Path) -> dict[str, Any]:
    try:
        told: dict[str, Any] = orjson.loads((folder / "upload.json").read_bytes())
    except OSError:
        return {}
    return told


def find(root: Path, key: str, owner: str) -> Upload:
    """Return an upload of this owner.

    Raises:
        NotFoundError: there is none; one of somebody else is as good as none.
    """
    folder = root / key
    told = _noted(folder) if _KEY.fullmatch(key) else {}
    if told.get("owner") != owner:
        raise _missing(key)
    return Upload(folder, told["name"], owner, Options.read(told["options"]), told["job"])


def _missing(key: str) -> NotFoundError:
    return NotFoundError("There is no such import", parameter="import_id", value=key)


def drop(upload: Upload) -> None:
    """Forget an upload."""
    shutil.rmtree(upload.folder, ignore_errors=True)


def clear(upload: Upload) -> None:
    """Throw away all of an upload but that there was one, and what became of it."""
    for path in upload.folder.iterdir():
        if path.name != "upload.json":
            path.unlink(missing_ok=True)


def keep(upload: Upload, made: Preview, sight: Sight) -> None:
    """Keep the preview that a sender is shown, in the place of an older one; row by row.

    Raises:
        FullStoreError, StoreError: it cannot be written.
    """
    version = secrets.token_hex(4)
    told = {"id": upload.id, **made.told()}
    with alone(upload, wait=True):
        _write(upload.folder, version, made)
        with files.whole(upload.folder / _ABOUT) as path:
            about = {"version": version, "sight": sight.name, "told": told}
            path.write_bytes(orjson.dumps(about))
        for part in _PARTS:
            for path in upload.folder.glob(f"{part}.*"):
                if path.suffix != f".{version}":
                    path.unlink(missing_ok=True)


@contextmanager
def alone(upload: Upload, *, wait: bool = False) -> Iterator[None]:
    """Let nobody else work on an upload; `wait` for who does.

    Raises:
        NotFoundError: it is gone.
        ConflictError: somebody does.
    """
    with ExitStack() as held:
        try:
            file = held.enter_context((upload.folder / "lock").open("w"))
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError(
                "Something is being done with this file already", vi="tệp này đang được xử lý"
            ) from error
        except FileNotFoundError as error:
            raise _missing(upload.id) from error
        if not upload.folder.exists():
            raise _missing(upload.id)
        yield


def _write(folder: Path, version: str, made: Preview) -> None:
    paths = {part: folder / f"{part}.{version}" for part in _PARTS}
    offsets, levels = array("Q"), bytearray()
    with files.whole(paths["rows"]) as path, path.open("wb") as file:
        for row in made.rows():
            offsets.append(file.tell())
            worst = max((_LEVELS[one["level"]] for one in row["findings"]), default=0)
            levels.append(worst)
            file.write(orjson.dumps(row) + b"\n")
    with files.whole(paths["map"]) as path, path.open("wb") as file:
        file.write(b'{"type":"FeatureCollection","features":[')
        for number, feature in enumerate(made.features()):
            file.write((b"," if number else b"") + orjson.dumps(feature))
        file.write(b"]}")
    with files.whole(paths["seen"]) as path, path.open("wb") as file:
        for number, record in enumerate(made.records):
            pair = orjson.dumps([record.action.value, record.base])
            file.write(b'%c"%d":%b' % (b"," if number else b"{", record.row, pair))
        file.write(b"}" if made.records else b"{}")
    for part, body in (("offsets", offsets.tobytes()), ("levels", bytes(levels))):
        with files.whole(paths[part]) as path:
            path.write_bytes(body)
