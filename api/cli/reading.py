"""Reading a register: files, figures, the map as one page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import StoreOption, app, escape, opened, say, settings_of
from geo.later import later
from geo.out_formats import ENDINGS

if TYPE_CHECKING:
    from rich import console, table

    from api import params
    from api import settings as server
    from geo import audience, exports, layers, leaflet, load, period, progress, register, store
else:
    console = later("rich.console")
    table = later("rich.table")
    params = later("api.params")
    server = later("api.settings")
    audience = later("geo.audience")
    exports = later("geo.exports")
    layers = later("geo.layers")
    leaflet = later("geo.leaflet")
    load = later("geo.load")
    period = later("geo.period")
    progress = later("geo.progress")
    register = later("geo.register")
    store = later("geo.store")


LEAFLET = "web/node_modules/leaflet/dist"  # as `make serve` installs it


@app.command()
def export(
    layer: Annotated[str, typer.Argument(help="Layer, for example markers.")],
    out: Annotated[Path, typer.Option(help=f"File to write: {', '.join(ENDINGS)}.")],
    condition: Annotated[str | None, typer.Option("--filter", help="Condition in CQL2.")] = None,
    language: Annotated[
        str, typer.Option("--filter-lang", help="cql2-text or cql2-json.")
    ] = "cql2-text",
    where: Annotated[
        list[str] | None, typer.Option(help="Property and its values: stage=built,accepted.")
    ] = None,
    bbox: Annotated[str | None, typer.Option(help="west,south,east,north in degrees.")] = None,
    datetime_: Annotated[
        str | None, typer.Option("--datetime", help="Date or interval; default today.")
    ] = None,
    province: Annotated[str | None, typer.Option(help="Province, any spelling.")] = None,
    crs: Annotated[str, typer.Option(help="Coordinate system, for example EPSG:9218.")] = "CRS84",
    properties: Annotated[str | None, typer.Option(help="Only these, by comma.")] = None,
    limit: Annotated[int | None, typer.Option(help="At most so many features.", min=1)] = None,
    path: StoreOption = None,
) -> None:
    """Write a layer to a file, and what it is to FILE.metadata.json beside it.

    Example: cotmoc export markers --out markers.gpkg --province "Đắk Nông" --where stage=built
    """
    settings = settings_of(path)
    engine, declared = store.open_store(settings.store), layers.get(layer)
    given = {
        "filter": condition, "filter-lang": condition and language, "bbox": bbox,
        "datetime": datetime_, "province": province, "crs": crs, "properties": properties,
        "limit": limit and str(limit),
    }  # fmt: skip
    words = {name: text for name, text in given.items() if text}
    for name, text in params.pairs(where or []):
        words[name] = f"{words[name]},{text}" if name in words else text
    order = exports.ordered(
        register.Register(engine),
        declared,
        words,
        sight=audience.PUBLIC,
        catalogue=load.catalogue(settings.data),
    )
    exports.to_file(engine, order, out)
    say(f"Wrote {escape(str(out))}")


@app.command(name="progress")
def show_progress(
    border: Annotated[str, typer.Option(help="VN-KH, VN-LA or VN-CN.")] = "VN-KH",
    as_of: Annotated[str | None, typer.Option(help="Date; default today.")] = None,
    province: Annotated[str | None, typer.Option(help="Province, any spelling.")] = None,
    path: StoreOption = None,
) -> None:
    """Show reported demarcation progress beside what the register holds.

    Example: cotmoc progress --border VN-KH --as-of 2014-06-30
    """
    held = opened(path)
    day = period.parse(as_of) or period.Period(period.today(), period.today())
    asked = held.filter(when=day, province=province)
    with held.engine.connect() as conn:
        found = progress.progress(conn, asked, border=border.upper(), as_of=day.end)
    shown = table.Table("measure", "value", "of", "unit", "as of", "basis", "source")
    for row in (*found.reported, *found.plans, *found.register):
        cells = (row.get(k) for k in ("measure", "numerator", "denominator", "unit", "as_of"))
        basis = row["qualifier"] if row.get("qualifier") == progress.PLAN else row["basis"]
        shown.add_row(*(_plain(c) for c in cells), basis, row.get("source") or "")
    console.Console().print(shown)


def _plain(value: object) -> str:
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


@app.command(name="map")
def write_map(
    out: Annotated[Path, typer.Option(help="HTML file to write, for example map.html.")],
    lang: Annotated[str, typer.Option(help="Language of the map: vi or en.")] = "vi",
    datetime_: Annotated[
        str | None, typer.Option("--datetime", help="Date that the map shows; default today.")
    ] = None,
    path: StoreOption = None,
) -> None:
    """Write the map as one HTML file that works offline.

    Example: cotmoc map --out map.html --datetime 2014-06-30
    """
    settings = settings_of(path)
    installed = server.ROOT / LEAFLET
    inputs = leaflet.Inputs(settings.data, installed, settings.viewpoint.value)
    held = register.Register(store.open_store(settings.store))
    leaflet.write(held, out, inputs, when=period.parse(datetime_), lang=lang)
    say(f"Wrote {escape(str(out))}")
