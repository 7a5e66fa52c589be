"""The offline map as one HTML file, built by folium without anything from another host.

folium's own scripts and styles are left out; Leaflet comes from the web app's packages and is put
into the file, as are the data. Text from the register goes into JSON and is shown as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import folium
import orjson
from folium.elements import JSCSSMixin
from folium.map import CustomPane
from folium.template import Template
from folium.utilities import JsCode

from geo import signs
from geo.errors import StoreError
from geo.leaflet import content as contents
from geo.leaflet import legend
from geo.leaflet.content import Content
from geo.leaflet.words import words
from geo.types import BBox
from geo.vocabulary import Demarcation

HERE = Path(__file__).parent
SCRIPTS = ("base.js", "popups.js", "signs.js", "names.js", "map.js")
POINT_LAYERS = ("projects", "gates", "markers")
GROUPS = ("names", "corridors", "borders", *POINT_LAYERS)  # from below to above
VIEW: BBox = (102.1, 8.4, 109.6, 23.5)  # what a map of all borders shows first, degrees
CSP = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:;"
    " base-uri 'none'; form-action 'none'"
)
LAND, WATER, RIVER, LIMIT = "#f6f3ec", "#dde8ee", "#9db9cc", "#c9c2b4"
BORDER, BORDER_OPEN, CORRIDOR = "#3d3a36", "#85807a", "#0072b2"
_GROUND = {"fill": False, "interactive": False, "pane": "ground"}
BACKDROP: dict[str, dict[str, Any]] = {
    "land": {"fillColor": LAND, "fillOpacity": 1, "stroke": False, "fill": True},
    "lakes": {"fillColor": WATER, "fillOpacity": 1, "stroke": False, "fill": True},
    "rivers": {"color": RIVER, "weight": 0.9},
    "limits": {"color": LIMIT, "weight": 1},
    "frontiers": {"color": BORDER_OPEN, "weight": 1.3, "dashArray": "8 3 2 3"},
}


@dataclass(frozen=True, slots=True)
class About:
    """What the page says of itself; texts in the language `lang` (vi or en)."""

    lang: str
    day: str  # ISO date that the map shows
    statement: str  # whose view of the borders it is
    attribution: list[dict[str, str]]
    exercise: bool


def html(
    held: Content, ground: dict[str, dict[str, Any]], leaflet: Path, about: About, box: BBox | None
) -> str:
    """Return the page; `leaflet` is the folder of Leaflet's built files, `box` the first view.

    Raises:
        StoreError: Leaflet is not there.
    """
    parts = {
        "<html>": f'<html lang="{about.lang}">',
        "<!--cotmoc:head-->": _head(_data(held, about, box or VIEW), leaflet),
        "<!--cotmoc:body-->": legend.body(held, about),
    }
    found = re.compile("|".join(map(re.escape, parts)))
    return found.sub(lambda mark: parts[mark[0]], _frame(held, ground, words(about.lang)["title"]))


def _frame(held: Content, ground: dict[str, dict[str, Any]], title: str) -> str:
    """Return folium's page: the map, its shapes and layer groups, and marks for our own parts.

    branca takes what it has rendered for a template once more, so nothing that somebody typed
    may go through it: shapes are known by their place in the list.
    """
    page = _empty_map()
    _draw_ground(page, {name: shape for name, shape in ground.items() if name != "limits"})
    groups = _groups(page)
    _draw_ground(groups["names"], {"limits": ground["limits"]})
    for name, style in (("corridors", _corridor), ("borders", _border)):
        features = held.features[name]
        shapes = [(i, item["geometry"]) for i, item in enumerate(features) if item["geometry"]]
        _lines(groups[name], name, shapes, [style(item["properties"]) for item in features])
    _Shell().add_to(page)
    figure: Any = page.get_root()
    figure.title = title
    made: str = figure.render()
    return made


def _asset(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"Leaflet is not installed ({folder / name}: {error.strerror});"
            " run `make serve` once, it brings Leaflet"
        ) from error


def _empty_map() -> folium.Map:
    renderer: Any = JsCode("L.canvas({ tolerance: 6, padding: 0.3 })")  # px beside a line
    page = folium.Map(
        location=(16, 106),
        tiles=None,
        zoom_start=6,
        zoom_control=False,
        attribution_control=False,
        min_zoom=5,
        max_zoom=15,
        zoom_snap=0.5,
        prefer_canvas=True,
        renderer=renderer,
    )
    page._id = "cotmoc"
    page.default_js, page.default_css = [], []
    CustomPane("ground", z_index=200, pointer_events=False).add_to(page)
    CustomPane("names", z_index=640, pointer_events=False).add_to(page)
    return page


def _groups(page: folium.Map) -> dict[str, folium.FeatureGroup]:
    groups = {name: folium.FeatureGroup(name=name, control=False) for name in GROUPS}
    for name, group in groups.items():
        group._id = name
        group.add_to(page)
    return groups


def _draw_ground(parent: folium.Map | folium.FeatureGroup, shapes: dict[str, Any]) -> None:
    for name, shape in shapes.items():
        _lines(parent, name, [(0, shape)], [{**_GROUND, **BACKDROP[name]}], **_GROUND)


def _lines(
    parent: folium.Map | folium.FeatureGroup,
    name: str,
    shapes: list[tuple[int, dict[str, Any]]],
    styles: list[dict[str, Any]],
    **options: Any,
) -> None:
    features = [
        {"type": "Feature", "id": i, "geometry": shape, "properties": {}} for i, shape in shapes
    ]
    made = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda feature: styles[feature["id"]],
        on_each_feature=JsCode(f"(feature, line) => cotmoc.bind('{name}', feature.id, line)"),
        control=False,
        **options,
    )
    made._id = name
    made.add_to(parent)


def _border(values: dict[str, Any]) -> dict[str, Any]:
    known = values.get("demarcated") in (Demarcation.YES, Demarcation.PARTIAL)
    color = BORDER if known else BORDER_OPEN
    return {"color": color, "weight": 2.4, "dashArray": "14 4 2 4", "lineCap": "butt"}


def _corridor(_values: dict[str, Any]) -> dict[str, Any]:
    return {"color": CORRIDOR, "weight": 4, "lineCap": "round"}


def _data(held: Content, about: About, box: BBox) -> str:
    """Return the page's data as JSON that cannot end its script element."""
    data = {
        "lang": about.lang,
        "words": words(about.lang),
        "view": box,
        "covered": contents.COVERED,
        "layers": {name: held.features[name] for name in POINT_LAYERS},
        "lines": {name: _facts(held.features[name]) for name in ("borders", "corridors")},
        "fields": {name: contents.fields(name, about.lang) for name in contents.SHOWN},
        "names": held.names,
        "places": held.places,
        "islands": held.islands,
        "conditions": [[str(c), signs.COLOUR[c]] for c in signs.WORST_FIRST],
    }
    return orjson.dumps(data).decode().replace("<", "\\u003c")


def _facts(features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"properties": item["properties"]} for item in features]


class _Shell(JSCSSMixin):
    """Marks where our own parts go, and starts the map when folium has made it."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}<!--cotmoc:head-->{% endmacro %}
        {% macro html(this, kwargs) %}<!--cotmoc:body-->{% endmacro %}
        {% macro script(this, kwargs) %}
            cotmoc.start({{ this._parent.get_name() }}, {
                {% for name in this.groups %}{{ name }}: feature_group_{{ name }},{% endfor %}
            });
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self._id, self.groups = "Shell", "cotmoc", GROUPS


def _head(data: str, leaflet: Path) -> str:
    # The pictures that the style sheet names are of controls that this map does not have.
    style = _asset(leaflet, "leaflet.css").replace("url(images/", "url(data:,")
    own = "\n".join((HERE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return f"""
<meta http-equiv="Content-Security-Policy" content="{CSP}">
<style>{style}</style>
<style>{(HERE / "map.css").read_text(encoding="utf-8")}</style>
<script>{_asset(leaflet, "leaflet.js")}</script>
<script id="cotmoc-data" type="application/json">{data}</script>
<script>{own}</script>"""
