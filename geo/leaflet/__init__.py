"""The map as one HTML file that works offline: folium and Leaflet, nothing from another host."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from geo import info, query
from geo.errors import BadInputError
from geo.files import whole
from geo.layers import BORDERS
from geo.leaflet.backdrop import read_ground
from geo.leaflet.content import read_content
from geo.leaflet.page import About, html
from geo.period import Period
from geo.register import Register

LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the page's parts come from."""

    data: Path  # the embedded data: base map and attributions
    leaflet: Path  # the folder that holds leaflet.js and leaflet.css
    viewpoint: str = "vn"  # vn or neutral


def write(
    register: Register, out: Path, inputs: Inputs, *, when: Period | None, lang: str = "vi"
) -> None:
    """Write what is public in the register on one day as a map; the file appears whole.

    Raises:
        BadInputError: `when` is not one day, or the language is not vi or en.
        StoreError: the base map or Leaflet is missing, or the file cannot be written; what stood
            there before still does.
    """
    if when is None or when.start != when.end:
        raise BadInputError(
            "A map shows one day, not an interval", parameter="datetime", allowed=["2014-06-30"]
        )
    if lang not in LANGUAGES:
        raise BadInputError(
            f"Unknown language {lang!r}", parameter="lang", value=lang, allowed=LANGUAGES
        )
    with register.engine.connect() as conn:
        text = _page(conn, register, inputs, when, lang)
    with whole(out) as part:
        part.write_text(text, encoding="utf-8")


def _page(conn: Connection, register: Register, inputs: Inputs, when: Period, lang: str) -> str:
    asked = register.filter(when=when)
    about = About(
        lang=lang,
        day=when.end,
        statement=info.STATEMENTS[inputs.viewpoint][lang],
        attribution=info.attribution(inputs.data),
        exercise=register.exercise,
    )
    held = read_content(conn, asked, lang=lang, islands=inputs.viewpoint == "vn")
    ground = read_ground(inputs.data / "basemap" / "base.pmtiles", when.end)
    return html(held, ground, inputs.leaflet, about, query.extent(conn, BORDERS, asked))
