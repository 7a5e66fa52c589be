"""What is loaded before the first answer: by name, for no time is the same twice."""

import subprocess
import sys
from pathlib import Path

from tests.source import imports, python_files

OWN = "serving.actors.open_office(app); print(*sorted(sys.modules))"
LOADED = "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
READ = {("fastapi", "APIRouter"), ("fastapi", "Depends")}
HELP = f"""
import sys
from api.start import main
sys.argv = ["cotmoc", "--help"]
try:
    main()
except SystemExit:
    {LOADED}
"""
ITEM = """
import sys
from fastapi.testclient import TestClient
from api.cli import serving
from api.settings import Settings
app = serving.application.create_app(Settings(store=sys.argv[1]))
with TestClient(app, "http://127.0.0.1") as client:
    assert client.get("/api/collections/markers/items?limit=1").json()["numberReturned"] == 1
    {}
"""


def loaded(program: str, *words: str | Path) -> set[str]:
    """Packages that a Python of its own has loaded when the program is through."""
    command = [sys.executable, "-c", program, *map(str, words)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return set(done.stdout.splitlines()[-1].split())


def test_a_word_of_help_loads_neither_the_server_nor_the_geometry() -> None:
    packages = loaded(HELP)
    assert {"api", "typer"} <= packages
    heavy = {"fastapi", "uvicorn", "pydantic", "sqlalchemy", "numpy", "shapely", "geopandas"}
    assert packages & heavy == set()


def test_a_server_of_a_file_answers_before_it_loads_what_seldom_is_asked_for(
    embedded_file: Path,
) -> None:
    packages = loaded(ITEM.format(LOADED), embedded_file)
    assert {"fastapi", "sqlalchemy", "numpy"} <= packages
    database = {"psycopg", "psycopg_binary", "alembic"}
    formats = {"pyarrow", "pandas", "geopandas", "pyogrio", "xlsxwriter", "fsspec", "PIL"}
    maps = {"pyproj", "rasterio", "folium"}
    others = {"prometheus_client", "puremagic", "rich"}
    people = {"authlib", "joserfc", "pyotp", "segno", "smtplib", "jinja2", "cryptography"}
    assert packages & (database | formats | maps | people | others) == set()


def test_a_server_answers_before_it_loads_the_routes_of_those_who_manage_it(
    embedded_file: Path,
) -> None:
    own = loaded(ITEM.format(OWN), embedded_file)
    assert "api.routes.features" in own
    seldom = {"account", "admin", "audit", "editing", "history", "imports", "jobs", "proposals"}
    assert own & {f"api.routes.{name}" for name in seldom} == set()
    assert own & {"api.openapi", "geo.imports.commit", "geo.change_many"} == set()


def test_what_fastapi_reads_for_each_route_is_no_text_to_be_evaluated_again() -> None:
    """Annotations put off by `from __future__` double the time that routes take to be made."""
    put_off = []
    for path in python_files("api"):
        found = set(imports(path.read_text(encoding="utf-8")))
        if found & READ and ("__future__", "annotations") in found:
            put_off.append(path.name)
    assert put_off == ["app.py"]  # it makes no route
