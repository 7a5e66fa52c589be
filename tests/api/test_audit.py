"""The audit as its operator runs it, and the server that signs by itself."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.settings import Settings
from geo import store
from geo.history import checkpoints, keys
from geo.store import Target
from tests.api.test_editing import FIRST, local
from tests.geo import build
from tests.server import until


def cotmoc(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(word) for word in words])
    return done.exit_code, " ".join(done.output.split())


@pytest.fixture
def made(place: Target) -> Target:
    build.register(place, markers=[build.marker("vn-kh.48.0.1", 107.3, 12.4)]).engine.dispose()
    return place


def test_an_operator_signs_and_proves(made: Target, tmp_path: Path) -> None:
    key, first, second = (tmp_path / name for name in ("audit.key", "c.jsonl", "usb.jsonl"))
    assert cotmoc("audit", "key", key)[0] == 0
    signed = ("audit", "sign", "--key", key, "--to", first, "--also", second, "--store", made)
    assert cotmoc(*signed) == (0, "Signed entry 4")
    assert cotmoc(*signed) == (0, "Nothing new to sign")
    proof = ("--checkpoints", first, "--checkpoints", second, "--public-key", f"{key}.pub")
    verify = ("audit", "verify", *proof, "--store", made)
    assert cotmoc(*verify) == (0, "✓ 4 entries, one chain; signed up to 4")
    engine = store.open_store(made)
    with store.writing(engine) as conn:
        conn.exec_driver_sql("DELETE FROM history WHERE seq = 4")
    engine.dispose()
    code, told = cotmoc(*verify)
    assert code == 1
    assert "history 4: cut off: entry 4 was signed at 20" in told
    assert cotmoc("audit", "verify", "--store", made)[0] == 0  # cannot be known without them


def test_the_server_signs_every_so_many_changes(made: Target, tmp_path: Path) -> None:
    key, file = tmp_path / "audit.key", tmp_path / "c.jsonl"
    public = keys.public(keys.make(key))
    settings = Settings(
        store=made, allow_anonymous_writes=True, audit_key=key, audit_to=(str(file),), audit_every=3
    )
    with local(settings) as client:
        numbers = [seq for _ in range(2) if (seq := _after(client, file, changes=3))]
        conn = client.app.state.engine.connect()  # type: ignore[attr-defined]
        with conn:
            found = checkpoints.verify(conn, checkpoints.read(file), public)
    assert found.fault is None
    assert numbers == sorted(set(numbers))
    assert found.signed == numbers[-1]


def _after(client: object, file: Path, *, changes: int) -> int:
    """Make so many changes, and return the entry that is then signed."""
    known = len(checkpoints.read(file)) if file.exists() else 0
    for number in range(changes):
        body = {"properties": {"note": f"{known} {number}"}}
        assert client.patch(FIRST, json=body, headers={"if-match": "*"}).status_code == 204  # type: ignore[attr-defined]
    until(lambda: file.exists() and len(checkpoints.read(file)) > known)
    last = checkpoints.read(file)[-1]
    assert isinstance(last, checkpoints.Checkpoint)
    return last.seq
