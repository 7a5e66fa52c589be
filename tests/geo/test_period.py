"""The server's date changes at midnight where it stands, not earlier and not later."""

import time
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from geo import period

# Full hours, half hours and quarters from Greenwich, and a day on which clocks are put forward.
ZONES = ["Asia/Ho_Chi_Minh", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Chatham", "Europe/Lisbon"]
DAYS = [(2026, 3, 29), (2026, 11, 23), (2027, 1, 1)]


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoneInfo]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield ZoneInfo(request.param)
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("day", DAYS)
def test_the_date_changes_at_midnight(
    zone: ZoneInfo, day: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    midnight = datetime(*day, tzinfo=zone).timestamp()
    for moment in (midnight - 0.001, midnight, midnight + 899, midnight - 1, midnight + 43_200):
        monkeypatch.setattr(period, "time", lambda moment=moment: moment)
        period._date.cache_clear()  # else it is kept for another zone
        assert period.today() == datetime.fromtimestamp(moment, zone).date().isoformat()
    monkeypatch.setattr(period, "time", lambda: midnight - 0.001)
    before = period.today()
    monkeypatch.setattr(period, "time", lambda: midnight)
    assert before != period.today()
