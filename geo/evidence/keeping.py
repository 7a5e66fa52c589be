"""Taking files in, giving them out, and proving that they are what they were."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Engine

from geo import store
from geo.errors import StoreError
from geo.evidence import content, register
from geo.evidence.content import PDF, SIZES
from geo.evidence.place import CHUNK, Place
from geo.evidence.register import File

LONGEST_NAME = 200  # letters


def keep(engine: Engine, place: Place, path: Path, *, name: str, actor: str) -> File:
    """Take a file that `place.incoming` gave: its bytes, the pictures made of it, then its row.

    Raises:
        EvidenceError: it is nothing that is taken.
        FullStoreError, StoreError: it cannot be kept; nothing is noted then.
    """
    found = content.look(path)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    size = path.stat().st_size
    if found.media_type != PDF:
        _make(place, path, sha256)
    place.put(path, sha256)
    with store.writing(engine) as conn:
        return register.add(conn, sha256, found, size=size, name=label(name), actor=actor)


def label(name: str) -> str:
    """Return what a file that came under a name is called: text of one line, and no path.

    What does not show goes, so that no name reads as another: breaks, turns of the direction of
    writing (U+202E makes `anh gpj.exe` of `anh exe.jpg`), joiners.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = (one if one.isprintable() else " " if one.isspace() else "" for one in last)
    return " ".join("".join(shown).split())[:LONGEST_NAME]


def _make(place: Place, path: Path, sha256: str) -> None:
    """Make the pictures that others than the closest readers get; once, as they never change."""
    if all(place.has(made_name(sha256, size)) for size in SIZES):
        return
    for size, picture in content.pictures(path):
        with place.incoming() as part:
            content.save(picture, part)
            place.put(part, made_name(sha256, size))


def made_name(sha256: str, size: str) -> str:
    """Return the name of a picture made of another."""
    return f"{sha256}.{size}.jpg"


def opened(place: Place, file: File, size: str) -> BinaryIO:
    """Open the picture of a size, or the original bytes for none. Raises StoreError."""
    try:
        return place.open(made_name(file.sha256, size) if size else file.sha256)
    except FileNotFoundError as error:
        raise StoreError(f"File {file.sha256} {size} is missing") from error


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield a file and close it."""
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


def problems(engine: Engine, place: Place) -> Iterator[str]:
    """Yield in words each file that is missing or not what it was, and each row that lacks one."""
    with engine.connect() as conn:
        files = list(register.every(conn))
        named = list(register.named(conn))
    known = {file.sha256 for file in files}
    for file in files:
        trouble = _trouble(place, file)
        if trouble:
            yield f"evidence: {file.sha256} {trouble}"
    for layer, key, sha256 in named:
        if sha256 not in known:
            yield f"{layer}: {key} names file {sha256}, which is not there"


def _trouble(place: Place, file: File) -> str | None:
    try:
        with place.open(file.sha256) as opened:
            held: Any = opened
            same = hashlib.file_digest(held, "sha256").hexdigest() == file.sha256
    except FileNotFoundError:
        return "is missing"
    except StoreError as error:
        return f"cannot be read: {error.detail}"
    return None if same else "is not what it was"
