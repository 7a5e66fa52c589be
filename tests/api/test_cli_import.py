"""`cotmoc import`: preview, faults, all or nothing, undo."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from api import cli
from geo import store
from geo.tables import RECORDS
from tests.geo.build import register
from tests.geo.imports import messy

HEAD = "Số hiệu;Kinh độ;Vĩ độ;Tình trạng;Ngày kiểm tra\n"
GOOD = HEAD + "64;107,3;12,1;tốt;01/02/2014\n64/1;107,4;12,2;nghiêng;01/02/2014\n"
BAD = HEAD + "64;107,3;12,1;tốt;01/02/2014\n64/1;107,4;;xanh;01/02/2014\n"


@pytest.fixture
def gpkg(tmp_path: Path) -> Path:
    register(tmp_path / "r.gpkg", admin_units=messy.units()).engine.dispose()
    return tmp_path / "r.gpkg"


def run(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> int:
    monkeypatch.setattr("sys.argv", ["cotmoc", "import", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


def markers(gpkg: Path) -> int:
    engine = store.open_store(gpkg)
    with engine.connect() as conn:
        found = conn.execute(select(func.count()).select_from(RECORDS["markers"])).scalar_one()
    engine.dispose()
    return int(found)


def test_a_file_comes_in_and_goes_out_again(
    gpkg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad, faults = tmp_path / "good.csv", tmp_path / "bad.csv", tmp_path / "faults.csv"
    good.write_text(GOOD, encoding="utf-8")
    bad.write_text(BAD, encoding="utf-8")
    common = ("--store", gpkg, "--set", "border=VN-KH", "--lang", "en")

    assert run(monkeypatch, bad, *common, "--preview", "--errors", faults) == 1
    told = capsys.readouterr().out
    assert "error: D3 Tình trạng: “xanh” is not in the list of values" in told
    assert "error: C3 Vĩ độ: one of the two coordinates lacks" in told
    assert "C Vĩ độ: one of the two" in faults.read_text(encoding="utf-8-sig")
    assert run(monkeypatch, bad, *common) == 1
    assert markers(gpkg) == 0

    assert run(monkeypatch, good, *common, "--preview") == 0
    assert markers(gpkg) == 0
    capsys.readouterr()
    assert run(monkeypatch, good, *common) == 0
    last = capsys.readouterr().out.strip().splitlines()[-1]
    assert last.endswith(": 2 markers, 2 inspections")
    assert markers(gpkg) == 2
    key = last.split()[1].rstrip(":")
    assert run(monkeypatch, "--undo", key, "--store", gpkg) == 0
    assert markers(gpkg) == 0
    assert run(monkeypatch, "--undo", key, "--store", gpkg) == 1  # it was taken back already


def test_what_cannot_be_imported_is_one_line(
    gpkg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "a.csv"
    text.write_text(GOOD, encoding="utf-8")
    for words, said in (
        ((gpkg,), "This is the register itself"),
        ((tmp_path / "none.csv",), "there is no file"),
        ((text, "--layer", "nonsense"), "Unknown layer"),
        ((text, "--layer", "admin_units"), "layer"),
        ((text, "--map", "A=@nowhere"), "mapping"),
        ((text, "--crs", "EPSG:1"), "is not supported"),
    ):
        assert run(monkeypatch, *words, "--store", gpkg) == 1
        done = capsys.readouterr()
        assert said in done.err
        assert "Traceback" not in done.err
