"""Numbers of markers and positions, and what follows from border and number alone."""

import re
from typing import NamedTuple

from data.build.common import Row
from geo.vocabulary import MarkerKind

DEMARCATED = {"VN-CN": "yes", "VN-LA": "yes", "VN-KH": "unknown"}  # protocols of the whole line


class Number(NamedTuple):
    """A marker's number `main[/aux][(k)]`; 0 where a part is absent."""

    main: int
    aux: int
    k: int

    @property
    def text(self) -> str:
        """The number as it is written on lists."""
        aux = f"/{self.aux}" if self.aux else ""
        return f"{self.main}{aux}" + (f"({self.k})" if self.k else "")

    def position_id(self, border: str) -> str:
        """Id of its position: `vn-kh.48`, an auxiliary one `vn-kh.47.7`."""
        return f"{border.lower()}.{self.main}" + (f".{self.aux}" if self.aux else "")

    def marker_id(self, border: str) -> str:
        """Id of the marker: border.main.aux.k."""
        return f"{border.lower()}.{self.main}.{self.aux}.{self.k}"


def parse(text: str) -> Number:
    """Read a number as `48(1)`, `511/1` or `605`.

    Raises:
        ValueError: the text is not one number.
    """
    found = re.fullmatch(r"(\d+)(?:/(\d+))?(?:\((\d+)\))?", text)
    if not found:
        raise ValueError(f"{text!r} is not a marker's number")
    main, aux, k = (int(part or 0) for part in found.groups())
    return Number(main, aux, k)


def basics(border: str, which: Number) -> Row:
    """Columns that follow from border and number alone."""
    return {
        "id": which.marker_id(border),
        "number": which.text,
        "main": which.main,
        "aux": which.aux,
        "k": which.k,
        "position_id": which.position_id(border),
        "border": border,
        "border_ids": [border.lower()],
        "kind": (MarkerKind.AUXILIARY if which.aux else MarkerKind.MAIN).value,
        "condition": "unknown",
        "position_quality": "unknown",
    }


def position_basics(border: str, which: Number) -> Row:
    """Columns that follow from border and number alone."""
    return {
        "id": which.position_id(border),
        "number": which._replace(k=0).text,
        "border": border,
        "border_id": border.lower(),
        "demarcated": DEMARCATED[border],
        "position_quality": "unknown",
    }
