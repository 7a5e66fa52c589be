"""What a file is, by its content: a picture or a PDF, or refused with the reason."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import BadInputError
from geo.later import later
from geo.vocabulary import Vocabulary

if TYPE_CHECKING:
    import PIL
    import puremagic
    from PIL import ExifTags, Image, ImageOps
else:
    PIL = later("PIL")
    puremagic = later("puremagic")
    ExifTags = later("PIL.ExifTags")
    Image = later("PIL.Image")
    ImageOps = later("PIL.ImageOps")

PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
PDF = "application/pdf"
TAKEN = (*PICTURES.values(), PDF)
MOST_PIXELS = 64_000_000  # of a picture; 200 MB while it is looked at
LONGEST_SIDE = 30_000  # pixels
SIZES = {"small": 240, "medium": 960, "large": 2560}  # longest side of what is made, pixels
QUALITY = 85  # of JPEG, of 100
_TAIL = 2_048  # bytes at whose end a PDF says that it ends
_WHITE = (255, 255, 255)


class Flaw(Vocabulary):
    """Why a file is not taken."""

    EMPTY = "file_empty", "tệp rỗng", "is empty"
    TYPE = "file_type", "không phải ảnh JPEG, PNG, WebP hay PDF", "is no JPEG, PNG, WebP or PDF"
    DAMAGED = "file_damaged", "tệp hỏng hoặc bị cắt", "is damaged or cut off"
    TOO_MANY_PIXELS = "too_many_pixels", "ảnh có quá nhiều điểm ảnh", "has too many pixels"


class EvidenceError(BadInputError):
    """A file cannot be taken as evidence; `flaw` says why."""

    code = "bad_evidence"

    def __init__(self, flaw: Flaw, *, value: str | None = None) -> None:
        super().__init__(f"The file {flaw.en}", parameter="file", value=value, allowed=TAKEN)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds; sides in pixels as the picture is to be looked at.

    `taken` is when a camera says that it took the picture: ISO 8601, local time unless it says
    where it was.
    """

    media_type: str
    width: int | None = None
    height: int | None = None
    taken: str | None = None


def look(path: Path) -> Content:
    """Return what a file holds, having read all of it.

    Raises:
        EvidenceError: it is not of a type that is taken, damaged, or too large a picture.
    """
    with path.open("rb") as file:
        head = file.read(16)
        file.seek(0, 2)
        file.seek(max(0, file.tell() - _TAIL))
        tail = file.read()
    if not head:
        raise EvidenceError(Flaw.EMPTY)
    if head.startswith(b"%PDF-"):
        if b"%%EOF" not in tail:
            raise EvidenceError(Flaw.DAMAGED, value=PDF)
        return Content(PDF)
    with _picture(path) as picture:
        exif = picture.getexif()
        turned = exif.get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8)
        width, height = picture.size[::-1] if turned else picture.size
        found = Content(PICTURES[str(picture.format)], width, height, _taken(exif))
        picture.load()
    return found


@contextmanager
def _picture(path: Path) -> Iterator[Image.Image]:
    """Open a picture whose size is known to be bearable; whatever it breaks off with is a flaw."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=list(PICTURES)) as picture:
                _check_size(*picture.size)
                yield picture
    except PIL.UnidentifiedImageError as error:
        raise EvidenceError(Flaw.TYPE, value=_named(path)) from error
    except Image.DecompressionBombError as error:
        raise EvidenceError(Flaw.TOO_MANY_PIXELS) from error
    except EvidenceError:
        raise
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError) as error:
        raise EvidenceError(Flaw.DAMAGED) from error


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise EvidenceError(Flaw.TOO_MANY_PIXELS, value=f"{width} × {height}")


def _named(path: Path) -> str | None:
    """Return the media type of a file that is not taken, where it is a known one."""
    try:
        return puremagic.from_file(str(path), mime=True) or None
    except (puremagic.PureError, ValueError, OSError):
        return None


def _taken(exif: Image.Exif) -> str | None:
    told: dict[int, Any] = exif.get_ifd(ExifTags.IFD.Exif)
    day, _, time = str(told.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ").partition(" ")
    if len(day) != 10 or len(time) != 8:
        return None
    zone = str(told.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
    return f"{day.replace(':', '-')}T{time}{zone if len(zone) == 6 else ''}"


def pictures(path: Path) -> Iterator[tuple[str, Image.Image]]:
    """Yield a picture in each of SIZES, the largest first: upright, without what a camera wrote.

    Raises:
        EvidenceError: as of `look`.
    """
    largest = max(SIZES.values())
    with _picture(path) as opened:
        opened.draft("RGB", (largest, largest))
        made = ImageOps.exif_transpose(_plain(opened))
        for name, side in sorted(SIZES.items(), key=lambda size: -size[1]):
            made = made.copy()
            made.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
            yield name, made


def _plain(picture: Image.Image) -> Image.Image:
    """Return a picture in RGB; what can be seen through is white."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    layers = picture.convert("RGBA")
    ground = Image.new("RGB", layers.size, _WHITE)
    ground.paste(layers, mask=layers.getchannel("A"))
    ground.info = picture.info
    return ground


def save(picture: Image.Image, path: Path) -> None:
    """Write a made picture as JPEG, with nothing beside its pixels."""
    bare = Image.frombytes("RGB", picture.size, picture.tobytes())
    bare.save(path, "JPEG", quality=QUALITY, optimize=True)
