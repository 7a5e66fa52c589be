"""Files as evidence: taken by what they are, whole or not at all, proved by their hash."""

import hashlib
import io
import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image

from geo import change, change_many, layers, records, store
from geo.audience import EVERYTHING, PUBLIC, Sight
from geo.change import Edit
from geo.change_many import Wanted
from geo.errors import FullStoreError, NotFoundError, StoreError
from geo.evidence import content, keeping, register
from geo.evidence.content import EvidenceError, Flaw
from geo.evidence.place import Place
from geo.refusal import FeatureError, Reason
from geo.register import Register
from tests.conftest import Places
from tests.geo import build

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
ANNA, BINH = Edit("anna", "test"), Edit("binh", "test")
SECRET_MAKER = "Secretphone 9"


def photo(width: int = 40, height: int = 20, *, form: str = "JPEG", turned: bool = True) -> bytes:
    """A picture, its left half red, with what a camera writes: turned, where, when, by what."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = SECRET_MAKER
    if turned:
        exif[ExifTags.Base.Orientation] = 6  # its left side is the top
    told = exif.get_ifd(ExifTags.IFD.Exif)
    told[ExifTags.Base.DateTimeOriginal] = "2026:05:03 10:11:12"
    told[ExifTags.Base.OffsetTimeOriginal] = "+07:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (12.0, 24.0, 7.0)
    out = io.BytesIO()
    picture.save(out, form, exif=exif)
    return out.getvalue()


@pytest.fixture(params=["folder", "objects"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A folder, and a store of objects as s3 is one."""
    return Place(tmp_path / "evidence" if request.param == "folder" else f"memory://{tmp_path}")


@pytest.fixture(scope="module")
def held(places: Places) -> Iterator[Register]:
    register = build.register(places(), markers=[build.marker("m", 107.3, 12.4)])
    yield register
    register.engine.dispose()


def problems(held: Register, where: Place, *files: register.File) -> set[str]:
    """What is wrong with some files."""
    found = keeping.problems(held.engine, where)
    return {line for line in found for file in files if file.sha256 in line}


def bring(held: Register, where: Place, data: bytes, *, actor: str = "anna") -> register.File:
    with where.incoming() as path:
        path.write_bytes(data)
        return keeping.keep(held.engine, where, path, name="ảnh/../mốc.jpg", actor=actor)


def visit(**more: Any) -> dict[str, Any]:
    known = {"marker_id": "m", "at": "2026-05-03T03:11:12Z", "condition": "intact"}
    return {"type": "Feature", "geometry": None, "properties": known | more}


def attach(held: Register, edit: Edit, **more: Any) -> str:
    with store.writing(held.engine) as conn:
        return change.create(conn, layers.INSPECTIONS, visit(**more), edit).id


def test_a_photo_is_kept_as_it_came_and_told_as_it_is(held: Register, where: Place) -> None:
    data = photo()
    file = bring(held, where, data)
    assert file.sha256 == hashlib.sha256(data).hexdigest()
    assert (file.media_type, file.bytes) == ("image/jpeg", len(data))
    assert (file.width, file.height, file.taken) == (20, 40, "2026-05-03T10:11:12+07:00")
    with where.open(file.sha256) as original:
        assert original.read() == data
    assert bring(held, where, data) == file  # once more changes nothing
    assert problems(held, where, file) == set()


def test_what_others_get_is_upright_and_bare(held: Register, where: Place) -> None:
    file = bring(held, where, photo(1_200, 600))
    for size, side in content.SIZES.items():
        with keeping.opened(where, file, size) as made:
            data = made.read()
        assert SECRET_MAKER.encode() not in data
        picture = Image.open(io.BytesIO(data))
        assert dict(picture.getexif()) == {}
        longest = min(side, 1_200)
        assert picture.size == (longest // 2, longest)
        top, bottom = (picture.getpixel((longest // 4, y)) for y in (5, longest - 5))
        assert isinstance(top, tuple)
        assert isinstance(bottom, tuple)
        assert (top[0] > 200, bottom[0] < 50) == (True, True)  # red above, blue below


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_pictures_are_taken_too(held: Register, where: Place, form: str) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (30, 10), (0, 0, 0, 0)).save(out, form)
    file = bring(held, where, out.getvalue())
    assert (file.media_type, file.width) == (f"image/{form.lower()}", 30)
    with keeping.opened(where, file, "small") as made:
        assert Image.open(made).getpixel((3, 3)) == (255, 255, 255)  # seen through is white
    assert bring(held, where, PDF).media_type == "application/pdf"


def bomb() -> bytes:
    """A PNG that says it has 10^10 pixels."""

    def chunk(body: bytes) -> bytes:
        return (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = b"IHDR" + (100_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + chunk(head) + chunk(b"IDAT" + zlib.compress(bytes(99)))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64)


@pytest.mark.parametrize(
    ("data", "flaw"),
    [
        (b"", Flaw.EMPTY),
        (b"<!doctype html><script>alert(1)</script>", Flaw.TYPE),
        (SVG, Flaw.TYPE),
        (HEIC, Flaw.TYPE),
        (b"GIF89a<script>alert(1)</script>", Flaw.TYPE),
        (b"PK\x03\x04" + bytes(64), Flaw.TYPE),
        (b"MZ" + bytes(200), Flaw.TYPE),
        (photo(400, 400)[:-900], Flaw.DAMAGED),
        (photo()[:30], Flaw.DAMAGED),
        (PDF[:-8], Flaw.DAMAGED),
        (bomb(), Flaw.TOO_MANY_PIXELS),
    ],
)
def test_what_is_no_evidence_is_refused_with_the_reason(
    held: Register, tmp_path: Path, data: bytes, flaw: Flaw
) -> None:
    where = Place(tmp_path / "e")
    with pytest.raises(EvidenceError) as refused:
        bring(held, where, data)
    assert refused.value.flaw is flaw
    assert [path for path in (tmp_path / "e").rglob("*") if path.is_file()] == []


def test_a_picture_that_is_something_else_too_reaches_others_as_a_picture_alone(
    held: Register, where: Place
) -> None:
    trap = b"<html><script>alert(1)</script></html>"
    file = bring(held, where, photo() + trap)
    for size in content.SIZES:
        with keeping.opened(where, file, size) as made:
            assert trap not in made.read()


def test_a_full_disk_leaves_no_half_file(
    held: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "e"

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FullStoreError):
        bring(held, Place(folder), PDF, actor="chi")
    monkeypatch.undo()
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    with held.engine.connect() as conn, pytest.raises(NotFoundError):
        register.brought(conn, hashlib.sha256(PDF).hexdigest(), "chi")


def test_a_place_that_cannot_be_is_said() -> None:
    with pytest.raises(StoreError, match="Files cannot be kept"):
        Place("nowhere-at-all://bucket")


def test_a_file_that_was_changed_or_lost_is_found(held: Register, tmp_path: Path) -> None:
    where = Place(tmp_path / "e")
    changed, lost = bring(held, where, PDF), bring(held, where, photo())
    (tmp_path / "e" / changed.sha256[:2] / changed.sha256).write_bytes(PDF + b" ")
    (tmp_path / "e" / lost.sha256[:2] / lost.sha256).unlink()
    assert problems(held, where, changed, lost) == {
        f"evidence: {changed.sha256} is not what it was",
        f"evidence: {lost.sha256} is missing",
    }


def test_who_sees_a_row_sees_its_files(held: Register, tmp_path: Path) -> None:
    where = Place(tmp_path / "e")
    file = bring(held, where, photo())
    anna = Edit("anna", "test", EVERYTHING)
    shown = attach(held, anna, files=[file.sha256])
    hidden = attach(held, anna, files=[file.sha256], classification="internal")

    def ask(key: str, sight: Any, sha256: str = file.sha256) -> bool:
        with held.engine.connect() as conn:
            return register.shown(conn, layers.INSPECTIONS, key, sha256, sight)[1]

    assert ask(shown, PUBLIC) is False  # the pictures, not the original
    assert ask(shown, EVERYTHING) is True
    assert ask(hidden, EVERYTHING) is True
    for key, sight, sha256 in (
        (hidden, PUBLIC, file.sha256),
        ("absent", PUBLIC, file.sha256),
        (shown, PUBLIC, "0" * 64),
    ):
        with pytest.raises(NotFoundError):
            ask(key, sight, sha256)


def refused(what: Callable[[], object]) -> Reason:
    with pytest.raises(FeatureError) as error:
        what()
    assert error.value.parameter == "files"
    return error.value.reason


def test_nobody_names_a_file_that_he_did_not_bring(held: Register, tmp_path: Path) -> None:
    file = bring(held, Place(tmp_path / "e"), photo())
    assert refused(lambda: attach(held, BINH, files=[file.sha256])) is Reason.REFERENCE
    assert refused(lambda: attach(held, BINH, files=["0" * 64])) is Reason.REFERENCE
    assert refused(lambda: attach(held, ANNA, files=[file.sha256] * 51)) is Reason.TOO_LARGE
    key = attach(held, ANNA, files=[file.sha256])
    with store.writing(held.engine) as conn:
        change.update(conn, layers.INSPECTIONS, key, {"properties": {"mode": "joint"}}, BINH)
        change.update(conn, layers.INSPECTIONS, key, {"properties": {"files": None}}, BINH)
        back = {"properties": {"files": [file.sha256]}}
        change.update(conn, layers.INSPECTIONS, key, back, BINH)  # as an undo does
        assert ("inspections", key, file.sha256) in register.named(conn)


def test_a_sheet_of_rows_is_no_way_to_name_the_files_of_others(
    held: Register, tmp_path: Path
) -> None:
    file = bring(held, Place(tmp_path / "e"), photo())
    key = attach(held, ANNA, files=[file.sha256])
    with held.engine.connect() as conn:
        [row] = records.rows(conn, layers.INSPECTIONS, [key])

        def wrong(wanted: Wanted, sight: Sight) -> list[str | None]:
            found = change_many.problems(conn, layers.INSPECTIONS, [wanted], sight)
            return [error.parameter for _, error in found]

        other = Wanted(None, row._replace(id="other"))
        assert wrong(other, PUBLIC) == ["files"]
        assert wrong(other, EVERYTHING) == []  # the operator
        assert wrong(Wanted(row, row), PUBLIC) == []  # it names it already
