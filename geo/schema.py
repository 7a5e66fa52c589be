"""How a layer is declared: its fields, their types, units, vocabularies and audiences."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from geo.vocabulary import Classification, Confidence, Vocabulary

GEOMETRY = "geometry"  # its name among properties, columns and what is guarded


class Kind(StrEnum):
    """Type of a field's values."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    DATE = "date"  # ISO 8601, YYYY-MM-DD
    TIMESTAMP = "timestamp"  # ISO 8601, UTC
    LIST = "list"  # of texts
    JSON = "json"


class Title(NamedTuple):
    """A name in both working languages."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Field:
    """One property of a layer; `audience` is the least open audience that it may be shown to.

    `refers` is the layer whose row an identifier names; a `derived` value follows from other
    rows, so that what a client writes there is not kept. One that `tells_place` is shown to
    nobody who is not shown the exact geometry.
    """

    name: str
    kind: Kind
    title: Title
    unit: str | None = None
    vocabulary: type[Vocabulary] | None = None
    required: bool = False
    audience: Classification = Classification.PUBLIC
    refers: str | None = None
    derived: bool = False
    tells_place: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One kind of row; `geometry` is an OGC type name, or None for a plain table.

    `guarded` names what of a row everybody may see but nobody changes alone, see geo.guarding.
    """

    name: str
    title: Title
    geometry: str | None
    own_fields: tuple[Field, ...]
    label: str = "name_vi"  # the property that names a row to a person
    grid_deg: float | None = None  # generalisation grid for audiences below `exact_for`, degrees
    exact_for: Classification = Classification.PUBLIC  # least audience that gets exact geometry
    guarded: frozenset[str] = frozenset()
    fields: tuple[Field, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", (*self.own_fields, *COMMON))

    def field(self, name: str) -> Field | None:
        """Return the field of this name, or None."""
        return next((f for f in self.fields if f.name == name), None)


def text_(
    name: str,
    vi: str,
    en: str,
    *,
    required: bool = False,
    derived: bool = False,
    audience: Classification = Classification.PUBLIC,
) -> Field:
    """Declare a text field."""
    title = Title(vi, en)
    return Field(name, Kind.TEXT, title, required=required, derived=derived, audience=audience)


def ref_(name: str, layer: str, vi: str, en: str, *, required: bool = False) -> Field:
    """Declare a field that names a row of a layer by its id."""
    return Field(name, Kind.TEXT, Title(vi, en), required=required, refers=layer)


def code_(
    name: str,
    words: type[Vocabulary],
    vi: str,
    en: str,
    *,
    required: bool = False,
    derived: bool = False,
) -> Field:
    """Declare a field whose values are a vocabulary."""
    title = Title(vi, en)
    return Field(name, Kind.TEXT, title, vocabulary=words, required=required, derived=derived)


def real_(
    name: str, vi: str, en: str, unit: str | None = None, *, tells_place: bool = False
) -> Field:
    """Declare a field of real numbers in `unit`."""
    return Field(name, Kind.REAL, Title(vi, en), unit=unit, tells_place=tells_place)


def integer_(name: str, vi: str, en: str, *, derived: bool = False) -> Field:
    """Declare a field of whole numbers."""
    return Field(name, Kind.INTEGER, Title(vi, en), derived=derived)


def date_(name: str, vi: str, en: str, *, derived: bool = False) -> Field:
    """Declare a field of dates."""
    return Field(name, Kind.DATE, Title(vi, en), derived=derived)


def list_(name: str, vi: str, en: str, *, refers: str | None = None) -> Field:
    """Declare a field of lists of texts, or of the ids of rows of a layer."""
    return Field(name, Kind.LIST, Title(vi, en), refers=refers)


def json_(name: str, vi: str, en: str) -> Field:
    """Declare a field of nested values."""
    return Field(name, Kind.JSON, Title(vi, en))


# SHA-256 of photos and documents, see geo.evidence: who sees this of a row sees them.
FILES = list_("files", "tệp kèm theo", "attached files")
COMMON = (
    date_("valid_from", "có giá trị từ", "valid from"),
    date_("valid_to", "có giá trị đến trước", "valid until (exclusive)"),
    text_("source", "nguồn", "source"),
    ref_("source_id", "sources", "mã nguồn", "source id"),
    code_("confidence", Confidence, "độ tin cậy", "confidence"),
    text_("note", "ghi chú (tiếng Anh)", "note"),
    text_("note_vi", "ghi chú", "note (Vietnamese)"),
    code_("classification", Classification, "phạm vi chia sẻ", "classification"),
    integer_("revision", "lần sửa", "revision", derived=True),
)
