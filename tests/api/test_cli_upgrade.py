"""`cotmoc upgrade` as the operator of an older installation meets it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from api import cli
from geo import store, upgrading
from tests.geo import edits, older
from tests.server import free_port


class Done(NamedTuple):
    code: int
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str | Path) -> Done:
        monkeypatch.setattr("sys.argv", ["cotmoc", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert isinstance(end.value.code, int | None)
        return Done(end.value.code or 0, capsys.readouterr().err)

    return command


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "r.gpkg"
    edits.make(made).engine.dispose()
    older.make(made, "3")
    return made


def test_a_server_says_what_to_do_and_does_nothing(path: Path, run: Run) -> None:
    before = path.read_bytes()
    done = run("serve", "--port", str(free_port()), "--store", path)
    assert done.code != 0
    assert f"cotmoc upgrade --store {path}" in done.err
    assert "left as it is" in done.err
    assert path.read_bytes() == before


def test_it_says_what_it_would_do_and_then_does_it(path: Path, run: Run) -> None:
    before = path.read_bytes()
    said = run("upgrade", "--dry-run", "--store", path)
    assert said.code == 0
    assert "version 3, to version 8" in said.err
    assert "5: photos and documents" in said.err
    assert "Nothing was done" in said.err
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir() if one.is_dir()] == []
    done = run("upgrade", "--store", path)
    assert done.code == 0, done.err
    assert "everything holds" in done.err
    assert "one chain" in done.err
    store.open_store(path).dispose()
    [kept] = [one for one in path.parent.iterdir() if one.is_dir()]
    assert kept.name.startswith("r.gpkg.before-")
    assert upgrading.version(kept / "register.gpkg") == "3"
    again = run("upgrade", "--store", path)
    assert (again.code, again.err.count("nothing to do")) == (0, 2)
    assert len([one for one in path.parent.iterdir() if one.is_dir()]) == 1


def test_without_room_for_a_backup_nothing_is_done(path: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "taken").mkdir()
    done = run("upgrade", "--backup", tmp_path / "taken", "--store", path)
    assert done.code != 0
    assert "exists already" in done.err
    assert upgrading.version(path) == "3"
