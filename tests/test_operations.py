"""The commands of docs/operations.md, run one after the other as an operator would."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from geo import store
from geo.register import Register
from tests.geo import edits, older
from tests.source import ROOT

TEXT = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines()]
FIRST = "vn-kh.48.0.1"


def test_there_are_commands_and_all_are_ours() -> None:
    assert len(COMMANDS) >= 10
    assert [line for line in COMMANDS if not line.startswith("cotmoc ")] == []


def test_they_do_what_is_said_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COTMOC_STORE", "var/cotmoc.gpkg")
    Path("var").mkdir()
    edits.make(Path("var/cotmoc.gpkg")).engine.dispose()
    run(COMMANDS[0], database)
    engine = store.open_store(Path("var/cotmoc.gpkg"))
    edits.patch(Register(engine), FIRST, note="sau bản sao lưu")
    engine.dispose()
    for line in COMMANDS[1:]:
        if line == "cotmoc upgrade --dry-run":
            older.make(Path("var/cotmoc.gpkg"), "3")
        run(line, database)
    engine = store.open_store(Path("var/cotmoc.gpkg"))
    assert edits.read(Register(engine), edits.MARKERS, FIRST)["properties"]["note"] is None
    engine.dispose()


def run(line: str, database: str) -> None:
    _, *words = shlex.split(line.replace("$DATABASE", f"'{database}&schema=operations'"))
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, f"{line}: {done.output} {done.exception!r}"
