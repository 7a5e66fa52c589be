"""CQL2 text as CQL2 JSON, read by the library cql2 in pieces that it reads quickly and safely.

Its parser tries every way to read a bracket again for each bracket around it, so that thirty
brackets around an error take it for ever, and it recurses on the machine's stack, which a few
thousand overflow. Neither can be stopped from outside. So a text with many brackets is read one
bracket at a time, the innermost first, and a long chain of operators is refused unread.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import cql2

from geo.cql.literals import bad, shown
from geo.errors import BadInputError

MAX_DEPTH = 40  # nested operators of one filter
MAX_PARTS = 500  # operators of one filter; SQLite takes no deeper chain than 1,000
AT_ONCE = 5  # nested brackets that the library reads quickly, right or wrong
_CALLS = 12  # nested calls and lists, which it must read together
_SIGNS = 4_000  # signs of arithmetic and of numbers
_PREFIXES = 50  # of NOT and minus, one after the other
_TOKEN = re.compile(r"""'[^']*'|"[^"]*"|[^\W\d][\w.:]*|[()]|[^\s\w()'"]+|\w+""")
_SIGN = re.compile(r"[-+*/^%]|\bdiv\b", re.IGNORECASE)
_PREFIX = re.compile(rf"(?:(?:-|not)\s*){{{_PREFIXES}}}", re.IGNORECASE)
_OPERATORS = {"and", "or", "not", "between", "like", "div", "is"}
_SHAPES = re.compile(
    r"(?:multi)?(?:point|linestring|polygon)(?:zm|z|m)?|geometrycollection", re.IGNORECASE
)
_MEASURES = {"z", "m", "zm"}  # POINT Z (1 2 3)
_NOTHING = re.compile(r"\(\s*\)")  # an array of no elements, which the library does not know


def read(text: str) -> Any:
    """Return a condition as CQL2 JSON.

    Raises:
        BadInputError: it is too large to be read.
        Exception: the library cannot read it.
    """
    if len(_SIGN.findall(text)) > _SIGNS or _PREFIX.search(text):
        raise _too_many(text)
    if text.count("(") <= AT_ONCE and not _NOTHING.search(text):
        return cql2.Expr(text).to_json()
    return _Brackets(text).read()


def read_json(text: str) -> Any:
    """Return a condition given as CQL2 JSON. Raises an Exception if it is none."""
    return cql2.Expr(json.dumps(json.loads(text))).to_json()


def check(expression: Any) -> None:
    """Refuse an expression that is too large to become SQL. Raises BadInputError."""
    parts, waiting = 0, [(expression, 1, True)]
    while waiting:
        node, depth, holds = waiting.pop()
        parts += holds
        if depth > MAX_DEPTH or parts > MAX_PARTS:
            limit = f"nested deeper than {MAX_DEPTH}, or more than {MAX_PARTS} conditions"
            vi = f"bộ lọc lồng sâu quá {MAX_DEPTH} tầng, hoặc có hơn {MAX_PARTS} điều kiện"
            raise bad(f"The filter is {limit}", shown(node), vi=vi)
        if isinstance(node, dict) and "op" in node:
            holds = node["op"] in ("and", "or", "not")
            waiting += [(arg, depth + 1, holds) for arg in node["args"]]
        elif isinstance(node, list):
            waiting += [(one, depth, False) for one in node]


def _too_many(text: str) -> BadInputError:
    vi = f"bộ lọc có hơn {MAX_PARTS} phần"
    return bad(f"The filter has more than {MAX_PARTS} parts", text[:200], vi=vi)


@dataclass(slots=True)
class _Open:
    """An open bracket; `own` holds an expression or array, `shape` the numbers of a geometry."""

    own: bool
    shape: bool = False
    listed: bool = False  # it has a comma
    pieces: list[str] = field(default_factory=list)


class _Brackets:
    """Reads a text by its brackets; a name stands where one was that is read already."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.opened = [_Open(own=True)]
        self.held: dict[str, Any] = {}
        self.name = "g"
        while self.name in text:
            self.name += "g"

    def read(self) -> Any:
        """Return the expression of the whole text."""
        end, before = 0, ""
        for token in _TOKEN.finditer(self.text):
            word = token[0]
            self.opened[-1].listed |= "," in word and word[0] not in "'\""
            if word in "()":
                self.opened[-1].pieces.append(self.text[end : token.start()])
                end = token.end()
                self._open(before) if word == "(" else self._close()
            if word.lower() not in _MEASURES or not _SHAPES.fullmatch(before):
                before = word
        if len(self.opened) > 1:
            raise bad("A bracket is not closed", self.text[:200], vi="bộ lọc thiếu dấu đóng ngoặc")
        return self._made([*self.opened[0].pieces, self.text[end:]])

    def _open(self, before: str) -> None:
        calls = next(n for n, one in enumerate(reversed(self.opened)) if one.own)
        if calls > _CALLS or len(self.opened) > MAX_PARTS:
            vi = "bộ lọc có quá nhiều dấu ngoặc lồng nhau"
            raise bad("The filter has too many brackets in one another", self.text[:200], vi=vi)
        inside = self.opened[-1].shape
        own = not inside and _begins(before)
        self.opened.append(_Open(own, shape=inside or bool(_SHAPES.fullmatch(before))))

    def _close(self) -> None:
        if len(self.opened) == 1:
            vi = "bộ lọc thừa dấu đóng ngoặc"
            raise bad("A bracket is closed that was not opened", self.text[:200], vi=vi)
        closed = self.opened.pop()
        inner = "".join(closed.pieces)
        self.opened[-1].pieces.append(f" {self._hold(closed)} " if closed.own else f"({inner})")

    def _hold(self, closed: _Open) -> str:
        """Read what is between two brackets and return the name that stands for it."""
        if len(self.held) == MAX_PARTS:
            raise _too_many(self.text)
        name, pieces = f"{self.name}{len(self.held)}", closed.pieces
        if closed.listed:
            pieces = ["(", *pieces, ")"]
        self.held[name] = self._made(pieces) if "".join(pieces).strip() else []
        return name

    def _made(self, pieces: list[str]) -> Any:
        return self._filled(cql2.Expr("".join(pieces)).to_json())

    def _filled(self, node: Any) -> Any:
        """Put what was read before where its name stands."""
        if isinstance(node, list):
            return [self._filled(one) for one in node]
        if not isinstance(node, dict):
            return node
        if node.get("property") in self.held:
            return self.held[node["property"]]
        filled = {key: self._filled(value) for key, value in node.items()}
        return _flat(filled) if filled.get("op") in ("and", "or") else filled


def _flat(node: dict[str, Any]) -> dict[str, Any]:
    """Return `a and (b and c)` as `a and b and c`, as the library does."""
    same = [
        arg["args"] if isinstance(arg, dict) and arg.get("op") == node["op"] else [arg]
        for arg in node["args"]
    ]
    return {**node, "args": [one for args in same for one in args]}


def _begins(before: str) -> bool:
    """Say whether a bracket after this word holds an expression or an array of its own."""
    return before.lower() in _OPERATORS or not re.match(r"[^\W\d]|\"", before)
