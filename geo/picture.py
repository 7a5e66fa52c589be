"""A small map of a few features as SVG, over the provinces and borders of the register itself.

Web Mercator, cut to the features; nothing is loaded, and colours are the CSS variables of the
web app's themes. Widths and places in the picture are px of a frame of WIDTH × HEIGHT.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo import signs
from geo.geometry import from_geojson
from geo.ground import DETAIL, Ground
from geo.schema import Layer
from geo.signs import Part
from geo.tiles.grid import CIRCUMFERENCE
from geo.types import BBox
from geo.vocabulary import Exactness, GeometryQuality, PositionQuality

WIDTH, HEIGHT = 480, 340  # px
FINE = 10  # units of a path in a px, so that whole numbers do
EARTH_RADIUS = CIRCUMFERENCE / (2 * math.pi)  # m, of the sphere that Web Mercator knows
LEAST_SPAN = 0.12  # degrees; nothing is drawn larger than a district
MARGIN = 0.15  # of the span, around the features
BAR_MOST = 120  # px, length of the scale bar
INDICATIVE_OPACITY = 0.6
Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """What part of the world the picture shows: Mercator metres of the corner, and a scale."""

    west: float  # m
    north: float  # m
    scale: float  # px per m

    @classmethod
    def around(cls, box: BBox) -> Frame:
        """Return the frame that holds a box of degrees, with a margin, in its middle."""
        west, south, east, north = box
        (x1, x2), (y1, y2) = _mercator_x([west, east]), _mercator_y([south, north])
        least = math.radians(LEAST_SPAN) * EARTH_RADIUS
        wide, tall = (max(least, span * (1 + 2 * MARGIN)) for span in (x2 - x1, y2 - y1))
        scale = min(WIDTH / wide, HEIGHT / tall)
        middle_x, middle_y = (x1 + x2) / 2, (y1 + y2) / 2
        return cls(middle_x - WIDTH / scale / 2, middle_y + HEIGHT / scale / 2, scale)

    def place(self, lonlat: NDArray[Any]) -> NDArray[Any]:
        """Return px of positions, lon then lat in degrees."""
        x = (_mercator_x(lonlat[:, 0]) - self.west) * self.scale
        y = (self.north - _mercator_y(lonlat[:, 1])) * self.scale
        return numpy.column_stack((x, y))

    @property
    def box(self) -> BBox:
        """The degrees that the picture shows."""
        x1, x2 = self.west, self.west + WIDTH / self.scale
        y1, y2 = self.north - HEIGHT / self.scale, self.north
        lon = [math.degrees(x / EARTH_RADIUS) for x in (x1, x2)]
        lat = [math.degrees(math.atan(math.sinh(y / EARTH_RADIUS))) for y in (y1, y2)]
        return max(lon[0], -180.0), lat[0], min(lon[1], 180.0), lat[1]

    @property
    def degree(self) -> float:
        """The degrees of longitude that a px takes."""
        return math.degrees(1 / self.scale / EARTH_RADIUS)


def _mercator_x(lon: Any) -> NDArray[Any]:
    found: NDArray[Any] = numpy.radians(numpy.asarray(lon, dtype=float)) * EARTH_RADIUS
    return found


def _mercator_y(lat: Any) -> NDArray[Any]:
    held = numpy.radians(numpy.clip(numpy.asarray(lat, dtype=float), -85.0, 85.0))
    found: NDArray[Any] = numpy.log(numpy.tan(math.pi / 4 + held / 2)) * EARTH_RADIUS
    return found


# Strokes are as wide on a phone as on a desk; see page.css.
_FINE = f'class="line" transform="scale({1 / FINE:g})"'


@dataclass(slots=True)
class _Drawing:
    """What is drawn so far; equal signs are held once and used by name."""

    frame: Frame
    body: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)

    def shape(self, geometry: BaseGeometry, style: str, *, simple: bool = False) -> None:
        d = self.path(geometry, simple=simple)
        if d:
            self.body.append(f'<path d="{d}" {_FINE} {style}/>')

    def path(self, geometry: BaseGeometry, *, simple: bool = False) -> str:
        west, south, east, north = self.frame.box
        over = 12 * self.frame.degree  # so that cut edges lie outside the picture
        cut = shapely.clip_by_rect(geometry, west - over, south - over, east + over, north + over)
        if not simple:
            cut = shapely.simplify(cut, DETAIL * self.frame.degree, preserve_topology=False)
        parts = shapely.get_parts(shapely.get_parts(cut))
        rings = [ring for part in parts for ring in _rings(part)]
        return "".join(_line(self.frame.place(xy), closed=closed) for xy, closed in rings)

    def double(self, d: str, stroke: str, casing: float) -> None:
        """Draw a line over a light casing."""
        if d:
            name = self.known.setdefault(
                f'<path d="{d}" {_FINE} fill="none"/>', f"p{len(self.known)}"
            )
            under = f'stroke="var(--border-casing)" stroke-width="{casing}" stroke-opacity="0.8"'
            self.body.append(f'<use href="#{name}" {under}/><use href="#{name}" stroke={stroke}/>')

    def sign(self, parts: Sequence[Part], at: NDArray[Any], opacity: float) -> None:
        drawn = signs.svg(parts)
        name = self.known.setdefault(drawn, f"p{len(self.known)}")
        faint = f' opacity="{opacity}"' if opacity < 1 else ""
        self.body.append(f'<use href="#{name}" x="{at[0]:.1f}" y="{at[1]:.1f}"{faint}/>')

    def finished(self, label: str) -> str:
        kept = "".join(f'<g id="{name}">{drawn}</g>' for drawn, name in self.known.items())
        head = f'<svg class="map" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        return f'{head} aria-label="{escape(label)}"><defs>{kept}</defs>{"".join(self.body)}</svg>'


def _rings(part: BaseGeometry) -> Iterable[tuple[NDArray[Any], bool]]:
    if part.geom_type == "Polygon":
        for ring in (part.exterior, *part.interiors):
            yield shapely.get_coordinates(ring)[:-1], True
    elif part.geom_type in ("LineString", "LinearRing"):
        yield shapely.get_coordinates(part), False


def _line(places: NDArray[Any], *, closed: bool) -> str:
    if len(places) < 2:
        return ""
    corners = (places * FINE).round().astype(int)
    steps = numpy.diff(corners, axis=0)
    steps = steps[steps.any(axis=1)]
    if not len(steps):
        return ""
    (x, y), onward = corners[0], " ".join(map(str, steps.ravel().tolist()))
    return f"M{x} {y}l{onward.replace(' -', '-')}{'z' if closed else ''}"


def draw(layer: Layer, features: Iterable[Feature], ground: Ground, label: str) -> str:
    """Return the picture of GeoJSON features of a layer, empty if none has a place.

    `label` says what it shows. Nothing of the features gets into the markup but numbers and our
    own constants.
    """
    shown = [
        (one["properties"], from_geojson(one["geometry"])) for one in features if one["geometry"]
    ]
    if not shown:
        return ""
    drawing = _Drawing(Frame.around(tuple(shapely.total_bounds([shape for _, shape in shown]))))
    _backdrop(drawing, ground)
    for values, shape in shown:
        _feature(drawing, layer, values, shape)
    _scale_bar(drawing)
    return drawing.finished(label)


def outline(box: BBox, ground: Ground, label: str) -> str:
    """Return a picture of where a box of degrees lies."""
    drawing = _Drawing(Frame.around(box))
    _backdrop(drawing, ground)
    drawing.shape(shapely.box(*box), _AREA)
    _scale_bar(drawing)
    return drawing.finished(label)


_AREA = (
    'fill="var(--accent)" fill-opacity="0.15" stroke="var(--accent)" stroke-width="2"'
    ' stroke-linejoin="round"'
)


def _backdrop(drawing: _Drawing, ground: Ground) -> None:
    frame = drawing.frame
    drawing.body.append(f'<rect width="{WIDTH}" height="{HEIGHT}" fill="var(--sea)"/>')
    near = ground.near(frame.box, frame.degree)
    for unit in near.units:
        drawing.shape(unit, _LAND, simple=True)
    for colour, known in (("open", False), ("line", True)):
        lines = (line for line, demarcated in near.borders if demarcated == known)
        d = "".join(drawing.path(line, simple=True) for line in lines)
        drawing.double(d, f'"var(--border-{colour})" stroke-width="1.8"{_DASH_DOT}', 4.0)


_LAND = 'fill="var(--land)" stroke="var(--province)" stroke-width="1"'
_DASH_DOT = ' stroke-dasharray="8 3 2 3"'


def _feature(
    drawing: _Drawing, layer: Layer, values: dict[str, Any], geometry: BaseGeometry
) -> None:
    if geometry.geom_type == "Point":
        [at] = drawing.frame.place(shapely.get_coordinates(geometry))
        unsure = values.get("position_quality") == PositionQuality.INDICATIVE
        parts = [*_sign(layer, values), *([signs.indicative_halo()] if unsure else [])]
        drawing.sign(parts, at, INDICATIVE_OPACITY if unsure else 1)
    elif "Line" in geometry.geom_type:
        schematic = values.get("geometry_quality") == GeometryQuality.SCHEMATIC
        dash = ' stroke-dasharray="10 5"' if schematic else ""
        drawing.double(drawing.path(geometry), f'"var(--corridor)" stroke-width="4"{dash}', 7.0)
    else:
        drawing.shape(geometry, _AREA)


def _sign(layer: Layer, values: dict[str, Any]) -> list[Part]:
    match layer.name:
        case "markers":
            return signs.marker(str(values.get("stage")), str(values.get("condition")))
        case "gates":
            return signs.gate(str(values.get("gate_class")))
        case "projects":
            kind = str(values.get("finance_kind"))
            if values.get("location_exactness") != Exactness.EXACT:
                return signs.area(kind)
            return signs.project(kind, values.get("amount_usd"))
    return signs.dot()


def _scale_bar(drawing: _Drawing) -> None:
    """Draw a bar of a round length, true at the middle of the picture."""
    _, south, _, north = drawing.frame.box
    px_per_m = drawing.frame.scale / math.cos(math.radians((south + north) / 2))
    most = BAR_MOST / px_per_m
    decade = 10 ** math.floor(math.log10(most))
    metres = next(n * decade for n in (5, 2, 1) if n * decade <= most)
    length, bottom = metres * px_per_m, HEIGHT - 12
    text = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    drawing.body.append(
        f'<path d="M12 {bottom - 5}V{bottom}H{12 + length:.1f}V{bottom - 5}" fill="none"'
        ' stroke="var(--map-label)" stroke-width="1.5"/>'
        f'<text x="{18 + length:.1f}" y="{bottom}" class="scale">{text}</text>'
    )
