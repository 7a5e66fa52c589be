"""The offline map as one HTML file, built by folium without anything from another host.

folium's own scripts and styles are left out; Leaflet comes from the web app's packages and is put
into the file, as are the data. Text from the register goes into JSON and is shown as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import folium
import orjson
from folium.elements import JSCSSMixin
from folium.map import CustomPane
from folium.template import Template
from folium.utilities import JsCode

from geo.errors import StoreError
from geo.leaflet import content as contents
from geo.leaflet import legend, signs
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
_LINE = {"fill": False, "interactive": False, "pane": "ground"}
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
    script, style = _asset(leaflet, "leaflet.js"), _asset(leaflet, "leaflet.css")
    page = _empty_map()
    _draw_ground(page, {name: shape for name, shape in ground.items() if name != "limits"})
    groups = _groups(page)
    _draw_ground(groups["names"], {"limits": ground["limits"]})
    _lines(groups["corridors"], "corridors", held.features["corridors"], {}, _corridor)
    _lines(groups["borders"], "borders", held.features["borders"], {}, _border)
    # The pictures that the style sheet names are of controls that this map does not have.
    css = style.replace("url(images/", "url(data:,")
    _Shell(held, about, _data(held, about, box or VIEW), script=script, css=css).add_to(page)
    figure: Any = page.get_root()
    figure.title = words(about.lang)["title"]
    made: str = figure.render()
    return made.replace("<html>", f'<html lang="{about.lang}">', 1)


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
        _lines(parent, name, [_feature(name, shape)], {**_LINE, **BACKDROP[name]})


def _feature(name: str, shape: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": name, "geometry": shape, "properties": {}}


def _lines(
    parent: folium.Map | folium.FeatureGroup,
    name: str,
    features: list[dict[str, Any]],
    options: dict[str, Any],
    style: Any = None,
) -> None:
    drawn = [item for item in features if item["geometry"]]
    bound = JsCode(f"(feature, line) => cotmoc.bind('{name}', feature, line)")
    made = folium.GeoJson(
        {"type": "FeatureCollection", "features": drawn},
        style_function=style or (lambda _feature: options),
        on_each_feature=bound if style else None,
        smooth_factor=1.0,
        control=False,
        **{key: options[key] for key in ("pane", "interactive") if key in options},
    )
    made._id = name
    made.add_to(parent)


def _border(feature: dict[str, Any]) -> dict[str, Any]:
    known = feature["properties"].get("demarcated") in (Demarcation.YES, Demarcation.PARTIAL)
    color = BORDER if known else BORDER_OPEN
    return {"color": color, "weight": 2.4, "dashArray": "14 4 2 4", "lineCap": "butt"}


def _corridor(feature: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    return {"color": CORRIDOR, "weight": 4, "lineCap": "round"}


def _data(held: Content, about: About, box: BBox) -> str:
    """Return the page's data as JSON that cannot end its script element."""
    data = {
        "lang": about.lang,
        "words": words(about.lang),
        "view": box,
        "covered": contents.COVERED,
        "layers": {name: held.features[name] for name in POINT_LAYERS},
        "fields": {name: contents.fields(name, about.lang) for name in contents.SHOWN},
        "names": held.names,
        "places": held.places,
        "islands": held.islands,
        "conditions": [[str(c), signs.COLOUR[c]] for c in signs.WORST_FIRST],
    }
    return orjson.dumps(data).decode().replace("<", "\\u003c")


class _Shell(JSCSSMixin):
    """What stands around folium's map: styles, scripts, data, banner, legend, foot."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}
            <meta http-equiv="Content-Security-Policy" content="{{ this.csp }}">
            <style>{{ this.css }}</style>
            <script>{{ this.script }}</script>
            <script id="cotmoc-data" type="application/json">{{ this.data }}</script>
            <script>{{ this.own }}</script>
        {% endmacro %}
        {% macro html(this, kwargs) %}{{ this.body }}{% endmacro %}
        {% macro script(this, kwargs) %}
            cotmoc.start({{ this._parent.get_name() }}, {
                {% for name in this.groups %}{{ name }}: feature_group_{{ name }},{% endfor %}
            });
        {% endmacro %}
        """
    )

    def __init__(self, held: Content, about: About, data: str, *, script: str, css: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self._id = "Shell", "cotmoc"
        self.script, self.data, self.csp = script, data, CSP
        self.own = "\n".join((HERE / name).read_text(encoding="utf-8") for name in SCRIPTS)
        self.css = css + (HERE / "map.css").read_text(encoding="utf-8")
        self.body, self.groups = legend.body(held, about), GROUPS
