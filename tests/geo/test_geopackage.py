"""The file on disk: what others read in it, and what happens when it is not ours."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest

from geo import geopackage, load, store
from geo.errors import ForeignStoreError, RowError, StoreError
from geo.layers import LAYERS
from geo.register import Register
from geo.store import Target
from tests.geo.build import marker, register

pytestmark = [
    pytest.mark.usefixtures("back_end"),
    pytest.mark.parametrize("back_end", ["file"], indirect=True, scope="session"),
]


def test_the_geopackage_validator_finds_nothing(embedded: Register, tmp_path: Path) -> None:
    copy = tmp_path / "copy.gpkg"
    geopackage.snapshot(embedded.engine, copy)
    command = [
        sys.executable,
        "-m",
        "osgeo_utils.samples.validate_gpkg",
        "-k",
        "--extra",
        str(copy),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rror" not in done.stdout + done.stderr


def test_gdal_counts_what_the_register_counts(embedded: Register, tmp_path: Path) -> None:
    copy = tmp_path / "copy.gpkg"
    geopackage.snapshot(embedded.engine, copy)
    with embedded.engine.connect() as conn:
        held = load.row_counts(conn)
    seen = {name: pyogrio.read_info(copy, layer=name) for name, _ in pyogrio.list_layers(copy)}
    assert set(LAYERS) <= set(seen)
    for name, layer in LAYERS.items():
        assert seen[name]["features"] == held[name]
        assert (seen[name]["crs"] == "EPSG:4326") == (layer.geometry is not None)


def test_gdal_reads_the_vietnamese_names(embedded: Register, tmp_path: Path) -> None:
    copy = tmp_path / "copy.gpkg"
    geopackage.snapshot(embedded.engine, copy)
    units = pyogrio.read_dataframe(copy, layer="admin_units", use_arrow=False)
    assert {"Đắk Nông", "Lâm Đồng", "Quảng Trị"} <= set(units["name_vi"])


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + bytes(200)])
def test_a_file_that_is_no_geopackage_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.gpkg"
    path.write_bytes(content)
    with pytest.raises(ForeignStoreError, match=r"other\.gpkg"):
        store.open_store(path)
    assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["other.gpkg"]


def test_a_geopackage_of_somebody_else_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "theirs.gpkg"
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA application_id={geopackage.GPKG_APPLICATION_ID}")
        db.execute("CREATE TABLE roads (fid INTEGER PRIMARY KEY)")
    before = path.read_bytes()
    with pytest.raises(ForeignStoreError, match="not a Cột Mốc register"):
        store.open_store(path)
    assert path.read_bytes() == before


def test_a_damaged_register_is_refused(embedded_place: Target, tmp_path: Path) -> None:
    path = tmp_path / "cut.gpkg"
    path.write_bytes(Path(embedded_place).read_bytes()[:5_000])
    with pytest.raises(ForeignStoreError, match=r"cut\.gpkg"):
        store.open_store(path)


def test_a_missing_register_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cotmoc init"):
        store.open_store(tmp_path / "none.gpkg")


def test_an_existing_file_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "mine.gpkg"
    path.write_text("precious")
    with pytest.raises(StoreError, match="exists already"):
        register(path)
    assert path.read_text() == "precious"


def test_a_bad_row_leaves_no_file_behind(tmp_path: Path) -> None:
    lost = marker("a", 107.5, 12.5, province_origin_id="vn.nowhere")
    with pytest.raises(RowError, match=r"markers a, province_origin_id: no unit 'vn\.nowhere'"):
        register(tmp_path / "r.gpkg", markers=[lost])
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_folder_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(sqlite3, "connect", refuse)
    with pytest.raises(StoreError, match=r"Cannot write .*Permission denied"):
        register(tmp_path / "r.gpkg")
