"""What the server writes down as it runs: for people, or one JSON object a line; never a secret."""

from __future__ import annotations

import logging
import re
import sys
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TextIO
from urllib.parse import quote

import orjson

from api import trace
from office.secret import LENGTH, MARK


class Form(StrEnum):
    """How lines are written."""

    TEXT = "text"
    JSON = "json"


class Requests(StrEnum):
    """Which requests are written down."""

    NONE = "none"
    NOTABLE = "notable"  # all but what nobody in particular reads without trouble
    ALL = "all"


HIDDEN = "***"
# What follows /api/links/ is the secret of a one-time link, well-formed or not.
_OF_LINK = re.compile(r"(/links?/+)[^\s?\"']+", re.IGNORECASE)
_SECRET = re.compile(rf"{MARK}[\w-]{{8,}}|(?<![\w-])[\w-]{{{LENGTH}}}(?![\w-])")
_SAFE = "/:@!$&'()*+,;=~"  # what stands in a path as it is (RFC 3986)
_QUIET = ("httpx", "httpcore", "alembic")  # addresses with their queries; what is no news
_PARTS = ("method", "path", "status", "ms", "address")


def without_secrets(text: str) -> str:
    """Return a text with what may be the secret of a link, a session or a token left out."""
    return _SECRET.sub(HIDDEN, _OF_LINK.sub(rf"\1{HIDDEN}", text))


def path_of(path: str) -> str:
    """Return a path as it may be written down: no secret in it, and no other line."""
    return quote(without_secrets(path), safe=_SAFE)


def handler(form: Form, stream: TextIO) -> logging.Handler:
    """Return what writes lines to a stream."""
    made = logging.StreamHandler(stream)
    made.setFormatter(_Json() if form is Form.JSON else _Text())
    return made


def set_up(form: Form) -> None:
    """Let everything that this process tells go to standard error in one form."""
    logging.basicConfig(level=logging.INFO, handlers=[handler(form, sys.stderr)])
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Text(logging.Formatter):
    """A line for a person: how grave, who tells it, what; in which request, and whose."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        asked = trace.current.get()
        told = super().format(record)
        if asked is not None:
            first, mark, rest = told.partition("\n")
            told = f"{first} [{' '.join(filter(None, (asked.id, asked.actor)))}]{mark}{rest}"
        return without_secrets(told)


class _Json(logging.Formatter):
    """One object a line, its members always of the same names."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {
            "time": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        asked = trace.current.get()
        if asked is not None:
            told |= {"request": asked.id, "actor": asked.actor or None}
        told |= {name: getattr(record, name) for name in _PARTS if hasattr(record, name)}
        if record.exc_info:
            told["exception"] = without_secrets(self.formatException(record.exc_info))
        return orjson.dumps(told).decode()
