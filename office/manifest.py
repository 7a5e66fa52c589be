"""What a backup says that it holds, and the proof that it does."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import orjson

from geo.errors import GeoError

REGISTER, OFFICE, EVIDENCE = "register.gpkg", "office.sqlite3", "evidence"
MANIFEST = "manifest.json"
FORMAT = 1  # of the manifest
_PIECE = 2**20  # bytes read at once


class BackupError(GeoError):
    """A backup cannot be made, is not whole, or cannot be put where it is wanted."""

    code = "bad_backup"


@dataclass(frozen=True, slots=True)
class File:
    """One file of a backup: its path within, its size, its SHA-256 (hexadecimal)."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: of which register, up to which entry of its history, which files."""

    format: int
    made_at: str
    program: str
    register: str
    entries: int
    files: list[File]

    def holds(self, path: str) -> bool:
        """Say whether the backup holds a file, or files under a folder, of this path."""
        return any(one.path == path or one.path.startswith(f"{path}/") for one in self.files)


def files(folder: Path) -> list[Path]:
    """Return the files of a backup but for its manifest."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if path != folder / MANIFEST)


def told(folder: Path, path: Path) -> File:
    """Return what the manifest says of a file, having made sure that it is on the disk."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
        os.fsync(file.fileno())
    return File(path.relative_to(folder).as_posix(), path.stat().st_size, digest.hexdigest())


def proved(folder: Path) -> Manifest:
    """Return the manifest of a backup after every file was compared with it.

    Raises:
        BackupError: it is no backup, or a file is missing, another one, or one too many.
    """
    try:
        said = orjson.loads((folder / MANIFEST).read_bytes())
        made = Manifest(**said | {"files": [File(**one) for one in said["files"]]})
    except (OSError, TypeError, KeyError, ValueError) as error:
        raise BackupError(f"{folder} is no whole backup: {MANIFEST} cannot be read") from error
    if made.format != FORMAT:
        raise BackupError(
            f"{folder} is a backup of format {made.format}, this program reads {FORMAT}"
        )
    held = {path.relative_to(folder).as_posix(): path for path in files(folder)}
    for one in made.files:
        path = held.pop(one.path, None)
        if path is None:
            raise BackupError(f"{folder} is no whole backup: {one.path} is missing")
        if told(folder, path) != one:
            raise BackupError(f"{folder} is no whole backup: {one.path} is not what it was")
    if held:
        raise BackupError(f"{folder} holds {min(held)}, which its manifest does not name")
    if not made.holds(REGISTER):
        raise BackupError(f"{folder} holds no register")
    return made
