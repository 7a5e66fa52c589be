"""Reading dates and intervals as OGC API – Features writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from time import time

from geo.errors import BadInputError
from geo.tables import EARLIEST, LATEST

_QUARTER = 900  # seconds
_ALLOWED = ("2014-06-30", "2010-01-01/2014-12-31", "../2014-12-31", "2014-01-01/..", "../..")


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, ISO dates, both ends inclusive; a moment has start == end."""

    start: str
    end: str


def today() -> str:
    """Return the server's date."""
    return _date(int(time()) // _QUARTER)


@lru_cache(1)
def _date(quarter: int) -> str:
    """Return the date of a quarter of an hour since 1970; midnight begins one wherever it is."""
    return date.fromtimestamp(quarter * _QUARTER).isoformat()


def parse(value: str | None, *, parameter: str = "datetime") -> Period | None:
    """Return the period that is asked for: today if absent, None for every version.

    Raises:
        BadInputError: the text is not a date, an instant or an interval, or ends before it starts.
    """
    if value is None or value == "":
        moment = today()
        return Period(moment, moment)
    if "/" not in value:
        moment = _day(value, parameter, value)
        return Period(moment, moment)
    start, _, end = value.partition("/")
    if start in ("", "..") and end in ("", ".."):
        return None
    period = Period(
        EARLIEST if start in ("", "..") else _day(start, parameter, value),
        LATEST if end in ("", "..") else _day(end, parameter, value),
    )
    if period.start > period.end:
        raise _bad(parameter, value)
    # The last day of all has no next: step one back so that `t_next > end` can hold.
    return Period(period.start, min(period.end, "9999-12-30"))


def _day(part: str, parameter: str, value: str) -> str:
    try:
        return date.fromisoformat(part).isoformat()
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(part).date().isoformat()
    except ValueError:
        raise _bad(parameter, value) from None


def _bad(parameter: str, value: str) -> BadInputError:
    return BadInputError(
        f"{value!r} is not a date or an interval",
        parameter=parameter,
        value=value,
        allowed=_ALLOWED,
    )
