"""One direction: web → (HTTP) → api → office → geo → data; short files; no machine's address."""

import re
from pathlib import Path

import pytest

from office import database as private
from tests.source import FILES, ROOT, imports, python_files, roots

LONGEST = 400  # lines
CODE = {".py", ".ts", ".tsx", ".css", ".sh", ".js", ".mjs", ".html"}
BINARY = {".tif", ".png", ".pmtiles", ".gpkg", ".woff2", ".jpg", ".webp", ".ico", ".pdf"}
WEB_FRAMEWORKS = {"fastapi", "starlette", "uvicorn"}
# sqlalchemy in the API: the names that type a connection, nothing that makes a statement.
ALLOWED_OF_SQLALCHEMY = {"Connection", "Engine", "exc"}
IMPORT = re.compile(r"""(?:from|import|require)\s*\(?\s*["']([^"']+)["']""")
# Written so that this file does not hold what it looks for.
REGISTRIES = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com"]
MACHINE_PATH = re.compile(r"(?<![\w.:*/-])/(?:work|root|Users|home)/\w")


def sql_imports(source: str) -> set[str]:
    return {
        f"{module}.{name}".rstrip(".")
        for module, name in imports(source)
        if module.split(".")[0] == "sqlalchemy" and name not in ALLOWED_OF_SQLALCHEMY
    }


def relative(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_the_walk_sees_imports_in_every_place() -> None:
    source = "import os.path\ndef f():\n    from fastapi import Request\n    import api.cli as c\n"
    assert roots(source) == {"os", "fastapi", "api"}
    assert sql_imports("from sqlalchemy import Connection, text") == {"sqlalchemy.text"}


def test_every_package_was_found() -> None:
    assert python_files("geo")
    assert python_files("api")
    assert python_files("office")


@pytest.mark.parametrize("path", python_files("geo"), ids=lambda p: p.name)
def test_geo_knows_no_web(path: Path) -> None:
    found = roots(path.read_text(encoding="utf-8"))
    assert found & (WEB_FRAMEWORKS | {"api", "office", "typer", "tests", "data"}) == set()


@pytest.mark.parametrize("path", python_files("office"), ids=lambda p: p.name)
def test_office_knows_no_web(path: Path) -> None:
    found = roots(path.read_text(encoding="utf-8"))
    assert found & (WEB_FRAMEWORKS | {"api", "typer", "tests", "data"}) == set()


@pytest.mark.parametrize("path", python_files("office"), ids=lambda p: p.name)
def test_every_private_table_is_made(path: Path) -> None:
    if "= Table(" in path.read_text(encoding="utf-8"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        assert module in private.DECLARING


@pytest.mark.parametrize("path", python_files("data/build"), ids=lambda p: p.name)
def test_data_build_knows_no_web(path: Path) -> None:
    found = roots(path.read_text(encoding="utf-8"))
    assert found & (WEB_FRAMEWORKS | {"api", "office", "tests"}) == set()


@pytest.mark.parametrize("path", python_files("api"), ids=lambda p: p.name)
def test_api_holds_no_sql(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert sql_imports(source) == set()
    assert roots(source) & {"sqlite3", "psycopg", "tests"} == set()
    assert re.findall(r"\b(?:SELECT\s.+\sFROM|INSERT INTO|DELETE FROM|PRAGMA)\b", source) == []


def test_only_the_map_imports_leaflet() -> None:
    scripts = [p for p in FILES if p.suffix in {".ts", ".tsx"} and p.is_relative_to(ROOT / "web")]
    assert scripts
    offenders = [
        path
        for path in scripts
        if not path.is_relative_to(ROOT / "web/src/map")
        and any("leaflet" in name for name in IMPORT.findall(path.read_text(encoding="utf-8")))
        and not path.name.endswith(".d.ts")
    ]
    assert relative(offenders) == []


def test_no_file_is_too_long() -> None:
    code = [path for path in FILES if path.suffix in CODE]
    assert code
    too_long = [p for p in code if len(p.read_text(encoding="utf-8").splitlines()) > LONGEST]
    assert relative(too_long) == []


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    offenders = []
    for path in FILES:
        if path.suffix not in BINARY:
            text = path.read_text(encoding="utf-8")
            if MACHINE_PATH.search(text) or any(host in text for host in REGISTRIES):
                offenders.append(path)
    assert relative(offenders) == []


def test_no_lock_file_with_addresses_is_kept() -> None:
    assert [p.name for p in FILES if p.name in {"uv.lock", "pylock.toml"}] == []
