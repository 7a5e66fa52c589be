"""A disk without room: a clear answer, and nothing lost."""

from pathlib import Path
from typing import Any

from sqlalchemy import event

from api.settings import Settings
from geo import check
from tests.api.test_editing import FIRST, local
from tests.geo import build


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """Only the file: nothing here can fill a database's disk."""
    place = tmp_path / "full.gpkg"
    build.register(place, markers=[build.marker("vn-kh.48.0.1", 107.3, 12.4)]).engine.dispose()
    with local(Settings(store=place, allow_anonymous_writes=True)) as client:
        engine = client.app.state.engine  # type: ignore[attr-defined]
        before = client.get(FIRST).content
        engine.dispose()

        def limit(db: Any, _record: object) -> None:
            pages = db.execute("PRAGMA page_count").fetchone()[0]
            db.execute(f"PRAGMA max_page_count={pages}")

        event.listen(engine, "connect", limit)
        large = {"properties": {"note": "x" * 200_000}}
        full = client.patch(FIRST, json=large, headers={"if-match": "*", "accept-language": "en"})
        assert (full.status_code, full.json()["code"]) == (507, "store_full")
        assert "no room" in full.json()["detail"]
        assert client.get(FIRST).content == before
        event.remove(engine, "connect", limit)
        engine.dispose()
        assert client.patch(FIRST, json=large, headers={"if-match": "*"}).status_code == 204
        assert check.check(engine) == []
        engine.dispose()
