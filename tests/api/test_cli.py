"""The command line: what it makes can be read, and what goes wrong is one clear line."""

import csv
import json
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pyogrio
import pytest

from api import cli
from api.cli import reading
from geo.info import version
from geo.store import Target
from tests.commands import COMMANDS
from tests.conftest import Places
from tests.geo.build import marker, register
from tests.server import COTMOC, ROOT, free_port

NAMED = r"^\| `cotmoc ([a-z]+(?: [a-z]+)*)([A-Z ]*)` \|([^|]*)\|"
GUIDE = ROOT / "docs/operator-guide.md"
PATIENCE = 120  # seconds


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process, as a shell would."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("COTMOC_STORE", raising=False)

    def command(*words: str | Path) -> Done:
        monkeypatch.setattr("sys.argv", ["cotmoc", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        code = end.value.code or 0
        assert isinstance(code, int)
        return Done(code, *capsys.readouterr())

    return command


def refused(done: Done, *texts: str) -> None:
    """One line says what is wrong, a second at most what is allowed; never a traceback."""
    assert done.code != 0
    assert done.out == ""
    lines = [line for line in done.err.splitlines() if line.strip()]
    assert lines[0].startswith("cotmoc: ")
    assert len(lines) == 1 or [line[:10] for line in lines[1:]] == ["  allowed:"]
    for text in texts:
        assert text in done.err


def content(folder: Path) -> dict[str, bytes]:
    """What the files of a folder hold; SQLite's own, which a reader makes, do not count."""
    files = (path for path in folder.iterdir() if path.is_file())
    return {p.name: p.read_bytes() for p in files if not p.name.endswith(("-wal", "-shm"))}


# Help


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_it_does_with_an_example(run: Run, name: str) -> None:
    done = run(*name.split(), "--help")
    assert done.code == 0
    assert re.search(rf"Example: cotmoc {name}\b", done.out)
    assert re.search(r"^ [A-Z][a-z]+ .{10,}\.", done.out, re.MULTILINE)


def test_the_list_of_commands_says_what_each_does(run: Run) -> None:
    listed = dict(re.findall(r"│ (\w+) +(\w.{15,}?) *│", run("--help").out))
    assert set(listed) == {name.split()[0] for name in COMMANDS}


def test_the_example_of_each_command_is_one_that_it_takes(run: Run) -> None:
    for name in COMMANDS:
        text = run(*name.split(), "--help").out
        example = re.search(r"Example: cotmoc (.+?) *$", text, re.MULTILINE)
        assert example
        used = set(re.findall(r"--[a-z-]+", example[1]))
        assert used <= options(text)


def options(text: str) -> set[str]:
    """The options in a help text, but for --help."""
    return set(re.findall(r"^│ \*? *(--[a-z-]+)", text, re.MULTILINE)) - {"--help"}


def test_the_guide_lists_the_commands_and_their_options(run: Run) -> None:
    """In the style of sqlite-utils: what the documentation says is what --help says."""
    rows = re.findall(NAMED, GUIDE.read_text("utf-8"), re.M)
    documented = {name: set(re.findall(r"`(--[a-z-]+)`", cell)) for name, _, cell in rows}
    assert documented == {name: options(run(*name.split(), "--help").out) for name in COMMANDS}
    arguments = {name: rest.strip().lower() for name, rest, _ in rows if rest.strip()}
    assert arguments == {
        "init": "file",
        "import": "file",
        "export": "layer",
        "audit key": "file",
        "backup": "folder",
        "restore": "folder",
    }
    for name, argument in arguments.items():
        told = rf"│ (?:\*| ) +{argument} "  # a star marks what must be given
        assert re.search(told, run(*name.split(), "--help").out)


# What is made


@pytest.mark.parametrize("suffix", ["geojson", "csv", "gpkg"])
@pytest.mark.parametrize(("layer", "least"), [("markers", 70), ("gates", 80), ("borders", 40)])
def test_an_export_reads_back(
    run: Run, embedded_place: Target, tmp_path: Path, suffix: str, layer: str, least: int
) -> None:
    out = tmp_path / f"{layer}.{suffix}"
    assert run("export", layer, "--out", out, "--store", embedded_place).code == 0
    found = pyogrio.read_dataframe(out)
    whole = tmp_path / "whole.geojson"
    run("export", layer, "--out", whole, "--store", embedded_place)
    assert len(found) == found["id"].nunique() == len(pyogrio.read_dataframe(whole)) >= least
    files = {out.name, whole.name}
    assert set(content(tmp_path)) == files | {f"{name}.metadata.json" for name in files}


def test_an_export_takes_the_filters_of_the_server(
    run: Run, embedded_place: Target, tmp_path: Path
) -> None:
    out = tmp_path / "gates.csv"
    asked = (
        "--where", "border=VN-LA,VN-KH", "--where", "gate_class=international",
        "--filter", "name_vi LIKE '%a%'", "--bbox", "102,8,110,20", "--crs", "EPSG:3405",
        "--properties", "name_vi,border", "--limit", "4",
    )  # fmt: skip
    done = run("export", "gates", "--out", out, "--store", embedded_place, *asked)
    assert done.code == 0, done.err
    rows = list(csv.DictReader(out.open(encoding="utf-8-sig")))
    assert list(rows[0]) == ["id", "name_vi", "border", "easting", "northing", "crs"]
    assert len(rows) == 4
    assert all("a" in row["name_vi"] and row["crs"] == "EPSG:3405" for row in rows)
    told = json.loads((tmp_path / "gates.csv.metadata.json").read_bytes())
    assert (told["count"], told["filter"]["bbox"]) == (4, "102,8,110,20")
    assert told["crs"].endswith("/EPSG/0/3405")


def test_an_export_keeps_to_province_and_date(
    run: Run, embedded_place: Target, tmp_path: Path
) -> None:
    out = tmp_path / "markers.geojson"
    asked = ("--province", "Dak Nong", "--datetime", "2014-06-30")
    assert run("export", "markers", "--out", out, "--store", embedded_place, *asked).code == 0
    found = pyogrio.read_dataframe(out)
    assert len(found) == 16
    assert set(found["stage"]) == {"built"}
    assert set(found["province"]) == {"Đắk Nông"}


def test_progress_prints_the_reported_figures(run: Run, embedded_place: Target) -> None:
    done = run("progress", "--border", "VN-KH", "--as-of", "2014-06-30", "--store", embedded_place)
    assert done.code == 0
    (row,) = [r for r in done.out.splitlines() if "positions_located" in r and "reported" in r]
    assert re.findall(r"\b\d{3}\b", row)[:2] == ["248", "314"]


def test_check_finds_nothing_and_version_is_ours(run: Run, embedded_place: Target) -> None:
    assert run("check", "--store", embedded_place).code == 0
    assert run("version").out == f"cotmoc {version()}\n"


def test_a_name_with_brackets_is_a_name(run: Run, embedded_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "[bold]x[red].csv"
    done = run("export", "gates", "--out", out, "--store", embedded_file)
    assert done.code == 0
    assert out.name in done.err
    refused(run("check", "--store", tmp_path / "[red].gpkg"), "[red].gpkg")


# What goes wrong


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (("export", "nothing", "--out", "x.csv"), ("nothing", "allowed: sources")),
        (("export", "markers", "--out", "x.xyz"), ("x.xyz", ".geojson, .geojsons, ")),
        (("export", "markers", "--out", "no/x.csv"), ("Cannot write no/x.csv",)),
        (("export", "markers", "--out", "file/x.csv"), ("Cannot write file/x.csv",)),
        (("export", "gates", "--out", "x.csv", "--province", "Atlantis"), ("Atlantis",)),
        (("export", "gates", "--out", "x.csv", "--datetime", "soon"), ("soon", "2014-06-30")),
        (("export", "gates", "--out", "x.kml", "--crs", "EPSG:3405"), ("kml", "CRS84")),
        (("export", "gates", "--out", "x.csv", "--where", "colour=red"), ("colour", "name_vi")),
        (("map", "--out", "file/x.html"), ("Cannot write file/x.html",)),
        (("map", "--out", "x.html", "--lang", "fr"), ("fr", "vi, en")),
        (("map", "--out", "x.html", "--datetime", "../.."), ("one day",)),
        (("progress", "--as-of", "gestern"), ("gestern",)),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    run: Run,
    embedded_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    texts: tuple[str, ...],
) -> None:
    (tmp_path / "file").write_text("here before", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    refused(run(*words, "--store", embedded_file), *texts)
    assert content(tmp_path) == {"file": b"here before"}


def test_a_register_is_copied_and_checked(run: Run, place: Target, places: Places) -> None:
    register(place, markers=[marker("a", 107, 12)])
    other = places()
    done = run("copy", "--from", str(place), "--to", str(other))
    assert done.code == 0
    (line,) = [line for line in done.out.splitlines() if line.endswith(" markers")]
    assert re.fullmatch(r"[0-9a-f]{64} +1 markers", line)
    assert run("check", "--store", str(other)).code == 0
    refused(run("copy", "--from", str(place), "--to", str(other)), "already")


def test_serving_an_empty_database_says_how_to_fill_it(run: Run, database: str) -> None:
    address = f"{database}&schema=empty"
    port = str(free_port())
    refused(run("serve", "--port", port, "--store", address), "cotmoc init postgresql://")


@pytest.mark.parametrize("name", ["export", "progress", "map", "check", "serve"])
@pytest.mark.parametrize("kind", ["missing", "text", "foreign", "damaged"])
def test_a_store_that_is_not_ours_is_left_alone(
    run: Run, embedded_file: Path, tmp_path: Path, name: str, kind: str
) -> None:
    store = tmp_path / "store.gpkg"
    if kind == "text":
        store.write_text("Đây không phải là sổ đăng ký. " * 20, encoding="utf-8")
    elif kind == "foreign":
        shutil.copy(_foreign(tmp_path), store)
    elif kind == "damaged":
        whole = embedded_file.read_bytes()
        store.write_bytes(whole[:20_000] + b"\xff" * (len(whole) - 20_000))
    before = content(tmp_path)
    rest = {
        "export": ("markers", "--out", tmp_path / "x.csv"),
        "map": ("--out", tmp_path / "x.html"),
    }
    if name == "serve" and kind == "missing":
        pytest.skip("serve makes what is missing")
    port = ("--port", str(free_port())) if name == "serve" else ()
    refused(
        run(name, *rest.get(name, ()), *port, "--store", store),
        str(store) if kind != "damaged" else "",
    )
    assert content(tmp_path) == before


def _foreign(folder: Path) -> Path:
    """A good GeoPackage, but of somebody else."""
    path = folder / "towns.gpkg"
    towns = pyogrio.read_dataframe(ROOT / "data/boundaries/islands.geojson")
    pyogrio.write_dataframe(towns, path, layer="towns", driver="GPKG")
    return path


def test_a_store_that_exists_is_not_made_again(run: Run, embedded_file: Path) -> None:
    before = embedded_file.stat()
    refused(run("init", embedded_file), "exists already")
    assert (embedded_file.stat().st_mtime_ns, embedded_file.stat().st_size) == (
        before.st_mtime_ns,
        before.st_size,
    )


def test_a_folder_that_cannot_be_written_to_is_named(run: Run) -> None:
    """Root may write anywhere but into the kernel's own folders."""
    refused(run("init", "/proc/cotmoc/x.gpkg"), "/proc/cotmoc")


def test_a_setting_out_of_range_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COTMOC_VIEWPOINT", "moon")
    refused(run("check"), "COTMOC_VIEWPOINT")


def test_a_port_in_use_names_another(run: Run, embedded_file: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused(run("serve", "--port", str(port), "--store", embedded_file), f"--port {port + 1}")


def test_a_map_without_leaflet_says_what_to_do(
    run: Run, embedded_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LEAFLET", tmp_path / "none")
    done = run("map", "--out", tmp_path / "x.html", "--store", embedded_file)
    refused(done, "Leaflet is not installed", "make serve")
    assert content(tmp_path) == {}


def test_serve_on_a_fresh_path_makes_the_register(tmp_path: Path) -> None:
    store, port = tmp_path / "new" / "cotmoc.gpkg", free_port()
    command = [str(COTMOC), "serve", "--port", str(port), "--store", str(store)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            assert _answers(f"http://127.0.0.1:{port}/health/ready", server)
        finally:
            server.terminate()
    assert store.is_file()


def _answers(url: str, server: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except OSError:
            time.sleep(0.2)
    return False
