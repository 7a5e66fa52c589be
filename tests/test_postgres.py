"""Where the PostgreSQL of the tests lies."""

from pathlib import Path

import pytest

from tests import postgres


def test_it_lies_in_memory_only_where_there_is_room(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres, "MEMORY", tmp_path)
    monkeypatch.setattr(postgres, "ROOM", 2**60)
    assert postgres.memory() is None
    monkeypatch.setattr(postgres, "MEMORY", tmp_path / "missing")
    assert postgres.memory() is None


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason="Linux tells of its memory")
def test_it_lies_in_memory_where_there_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres, "MEMORY", tmp_path)
    monkeypatch.setattr(postgres, "ROOM", 0)
    assert postgres.memory() == tmp_path
