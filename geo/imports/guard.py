"""What a file is by its content, and whether it is safe to open: looked at before any reader is.

Archives are judged by their directory alone; nothing is unpacked here.
"""

from __future__ import annotations

import re
import stat
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any
from xml.sax import SAXException, handler

from defusedxml import DefusedXmlException
from defusedxml.expatreader import create_parser

from geo.imports.findings import FileError, Refusal
from geo.imports.kinds import (
    DEEPEST,
    ENDINGS,
    FREE_RATIO,
    MOST_BYTES,
    MOST_MEMBERS,
    MOST_RATIO,
    MOST_UNPACKED,
    ZIPPED,
    Format,
)
from geo.later import later

if TYPE_CHECKING:
    import puremagic
else:
    puremagic = later("puremagic")


_ZIP, _OLE, _SQLITE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"SQLite format 3\0"
_GPKG = (b"GPKG", b"GP10", b"GP11")  # application_id, at byte 68 (OGC 12-128r18, 1.1.1.1.1)
_TEXTS = frozenset(
    (".csv", ".txt", ".tsv", ".json", ".geojson", ".xml", ".kml", ".gpx", ".svg", ".html", "")
)
_WEIGHTY = 3  # bytes of a signature that is no accident
_SHAPE = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def check(path: Path, name: str) -> Format:
    """Return what kind of file this is; `name` is what its owner calls it.

    Raises:
        FileError: it is not of a known kind, not what its name says, or not safe to open.
    """
    kind = ENDINGS.get(PurePosixPath(name.lower()).suffix)
    if kind is None:
        raise FileError(Refusal.UNKNOWN_TYPE, value=name)
    size = path.stat().st_size
    if size == 0:
        raise FileError(Refusal.EMPTY)
    if size > MOST_BYTES:
        raise FileError(Refusal.TOO_BIG, f"{size} bytes; {MOST_BYTES} at most", value=size)
    with path.open("rb") as file:
        head = file.read(4096)
    if not _agrees(kind, head, path):
        raise FileError(Refusal.NOT_AS_NAMED, value=name)
    if kind in ZIPPED:
        _check_archive(path, kind)
    if kind in (Format.KML, Format.GPX):
        with path.open("rb") as file:
            check_xml(file)
    return kind


def _agrees(kind: Format, head: bytes, path: Path) -> bool:
    if kind in ZIPPED:
        return head.startswith(_ZIP)
    if kind is Format.XLS:
        return head.startswith(_OLE)
    if kind is Format.GPKG:
        return _is_geopackage(head, path.stat().st_size)
    if kind is Format.CSV:
        return not head.startswith((_ZIP, _OLE, _SQLITE)) and not _is_binary(path, head)
    # JSON and XML are parsed to their end, so that nothing else can stand in them.
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")[:1]
    return start == (b"{" if kind is Format.GEOJSON else b"<")


def _is_geopackage(head: bytes, size: int) -> bool:
    """Say whether it is one, and nothing but one: its pages fill the file."""
    if not head.startswith(_SQLITE) or head[68:72] not in _GPKG:
        return False
    page = int.from_bytes(head[16:18], "big")
    page = 65_536 if page == 1 else page
    return page > 0 and size == page * int.from_bytes(head[28:32], "big")


def _is_binary(path: Path, head: bytes) -> bool:
    """Say whether a file that claims to be text carries the signature of something else."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    try:
        found = puremagic.magic_file(str(path))
    except (puremagic.PureError, ValueError, OSError):
        return False
    marked = [m for m in found if len(m.byte_match or b"") >= _WEIGHTY and m.confidence >= 0.3]
    return any(m.extension.lower() not in _TEXTS for m in marked if m.extension)


def _check_archive(path: Path, kind: Format) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_members(members, path.stat().st_size)
            _check_content(archive, members, kind)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise FileError(Refusal.BROKEN, str(error)) from error


def _check_members(members: list[zipfile.ZipInfo], size: int) -> None:
    if len(members) > MOST_MEMBERS:
        raise FileError(Refusal.TOO_MUCH, f"{len(members)} members")
    if sum(one.file_size for one in members) > MOST_UNPACKED:
        raise FileError(Refusal.TOO_MUCH, f"more than {MOST_UNPACKED} bytes")
    end = 0
    for one in sorted(members, key=lambda member: member.header_offset):
        _check_member(one)
        if one.header_offset < end:
            raise FileError(Refusal.BAD_ARCHIVE, f"{one.filename!r} overlaps another member")
        end = one.header_offset + one.compress_size
    if not members or min(one.header_offset for one in members) != 0 or end > size:
        raise FileError(Refusal.BAD_ARCHIVE, "something stands before its members")


def _check_member(one: zipfile.ZipInfo) -> None:
    name = one.filename
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name):
        raise FileError(Refusal.BAD_ARCHIVE, f"{name!r} leads out of it")
    if stat.S_ISLNK(one.external_attr >> 16):
        raise FileError(Refusal.BAD_ARCHIVE, f"{name!r} is a link")
    if one.flag_bits & 1:
        raise FileError(Refusal.LOCKED)
    if one.file_size > FREE_RATIO and one.file_size > MOST_RATIO * max(one.compress_size, 1):
        raise FileError(Refusal.TOO_MUCH, f"{name!r} is {one.file_size} bytes unpacked")


def _check_content(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], kind: Format) -> None:
    names = [one.filename for one in members]
    endings = [PurePosixPath(name.lower()).suffix for name in names]
    fits = {
        Format.XLSX: "[Content_Types].xml" in names and "xl/workbook.xml" in names,
        Format.ODS: "mimetype" in names and "content.xml" in names,
        Format.SHP: all(endings.count(ending) == 1 for ending in (".shp", ".shx", ".dbf")),
        Format.KMZ: ".kml" in endings,
    }
    if not fits[kind]:
        raise FileError(Refusal.NOT_AS_NAMED, "its members are not those of such a file")
    for name, ending in zip(names, endings, strict=True):
        if ending in (".xml", ".rels", ".vml") or (kind is Format.KMZ and ending == ".kml"):
            with archive.open(name) as file:
                check_xml(file, whole=kind is Format.KMZ)


def shape_parts(path: Path) -> dict[str, str]:
    """Return the members that make up a zipped shapefile, by ending."""
    with zipfile.ZipFile(path) as archive:
        named = {PurePosixPath(n.lower()).suffix: n for n in archive.namelist()}
    return {ending: named[ending] for ending in _SHAPE if ending in named}


class _Begun(Exception):  # noqa: N818
    """The first element was reached: no declaration follows it."""


class _Watch(handler.ContentHandler):
    """Counts how deep elements stand within each other."""

    def __init__(self, *, whole: bool) -> None:
        super().__init__()
        self.whole, self.depth = whole, 0

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802, ARG002
        if not self.whole:
            raise _Begun
        self.depth += 1
        if self.depth > DEEPEST:
            raise FileError(Refusal.TOO_DEEP)

    def endElement(self, name: str) -> None:  # noqa: N802, ARG002
        self.depth -= 1


def check_xml(file: IO[bytes], *, whole: bool = True) -> None:
    """Read XML, or what stands before its first element, and refuse declarations in it.

    Raises:
        FileError: it declares a document type or entities, is too deep, or is not XML.
    """
    parser = create_parser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    parser.setContentHandler(_Watch(whole=whole))
    try:
        parser.parse(file)
    except _Begun:
        return
    except DefusedXmlException as error:
        raise FileError(Refusal.ENTITIES) from error
    except (SAXException, ValueError, LookupError) as error:
        raise FileError(Refusal.BROKEN, str(error)[:200]) from error
