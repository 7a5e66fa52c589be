"""The signs of the map as SVG, the same as the web app draws (web/src/map/signs.ts).

Outlines lie around (0, 0), y downwards, in px. Shape says condition, fill says stage, colour is
the third sign (Okabe–Ito). Colours that a theme sets are CSS variables.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from geo.vocabulary import Condition, FinanceKind, GateClass, Stage

Ring = list[tuple[float, float]]

R = 8.0  # px, half the size of a marker sign
CIRCLE_STEPS = 40
HATCH_STEP = 6.0  # px between hatch lines
AREA_RADIUS = 16.0  # px, of the hatched sign of a place that is known roughly
SIDE_MIN, SIDE_MAX = 10.0, 26.0  # px, side of a project's square
SIDE_PER_DECADE = 4.0  # px for each factor of ten above 100,000 USD

EDGE, RING, EMPTY, DARK = (
    "var(--sign-edge)", "var(--sign-ring)", "var(--sign-empty)", "var(--sign-dark)",
)  # fmt: skip
UNKNOWN, NO_FINANCE = "var(--sign-unknown)", "#7A7A7A"
STAGE_FILL: dict[str, float] = {
    Stage.BUILT: 0.5,
    Stage.MEASURED: 0.75,
    Stage.ACCEPTED: 0.75,
    Stage.HANDED_OVER: 1.0,
}
COLOUR: dict[str, str] = {
    Condition.INTACT: "#009E73",
    Condition.LEANING: "#E69F00",
    Condition.DAMAGED: "#D55E00",
    Condition.EROSION_RISK: "#F0E442",
    Condition.DISPLACED: "#CC79A7",
    Condition.MISSING: DARK,
    Condition.DESTROYED: DARK,
    Condition.UNKNOWN: UNKNOWN,
}
WORST_FIRST = (
    Condition.DESTROYED, Condition.MISSING, Condition.DISPLACED, Condition.EROSION_RISK,
    Condition.DAMAGED, Condition.LEANING, Condition.UNKNOWN, Condition.INTACT,
)  # fmt: skip
GATE_FILL: dict[str, float] = {
    GateClass.INTERNATIONAL: 1.0,
    GateClass.NATIONAL: 0.5,
    GateClass.MAIN: 0.5,
}
FINANCE: dict[str, str] = {
    FinanceKind.ODA: "#56B4E9",
    FinanceKind.FDI: "#0072B2",
    FinanceKind.NGO: "#009E73",
    FinanceKind.DOMESTIC: "#E69F00",
    FinanceKind.PPP: "#CC79A7",
}
HALF = 12  # px, half the length of a line in the legend
ANY = "any"  # a stage shown by itself, in a legend


class Part(NamedTuple):
    """One SVG path; widths in px."""

    d: str
    fill: str | None = None
    stroke: str | None = None
    width: float | None = None
    dash: str | None = None
    opacity: float | None = None


def _circle(r: float) -> Ring:
    turns = (2 * math.pi * i / CIRCLE_STEPS for i in range(CIRCLE_STEPS))
    return [(r * math.cos(a), r * math.sin(a)) for a in turns]


def _box(half: float) -> Ring:
    return [(-half, -half), (half, -half), (half, half), (-half, half)]


def _cross(reach: float, arm: float) -> Ring:
    a, b = arm * math.sqrt(0.5), reach * math.sqrt(0.5)
    return [
        (0, -2 * a), (b - a, -b - a), (b + a, -b + a), (2 * a, 0),
        (b + a, b - a), (b - a, b + a), (0, 2 * a), (-b + a, b + a),
        (-b - a, b - a), (-2 * a, 0), (-b - a, -b + a), (-b + a, -b - a),
    ]  # fmt: skip


_OUTLINE: dict[str, Ring] = {
    Condition.INTACT: _circle(R),
    Condition.LEANING: _circle(R),
    Condition.DAMAGED: [(0, -R - 1), (R + 1, R - 1), (-R - 1, R - 1)],
    Condition.EROSION_RISK: [(0, -R - 1.5), (R + 1.5, 0), (0, R + 1.5), (-R - 1.5, 0)],
    Condition.DISPLACED: _box(R - 1),
    Condition.MISSING: _cross(R, 2.6),
    Condition.DESTROYED: _box(R - 1),
    Condition.UNKNOWN: _circle(R - 0.5),
    ANY: _circle(R),
}
_GATE: Ring = [(-8, -7), (8, -7), (8, 7), (4, 7), (4, -2), (-4, -2), (-4, 7), (-8, 7)]


def _path(ring: Ring) -> str:
    corners = (f"{round(x, 2) + 0.0:.2f} {round(y, 2) + 0.0:.2f}" for x, y in ring)
    return f"M{'L'.join(corners)}Z" if ring else ""


def _below(ring: Ring, y: float) -> Ring:
    """Return the part at or below the height `y` (Sutherland and Hodgman 1974, one edge)."""
    out: Ring = []
    for i, point in enumerate(ring):
        before = ring[i - 1]
        if (point[1] >= y) != (before[1] >= y):
            share = (y - point[1]) / (before[1] - point[1])
            out.append((point[0] + (before[0] - point[0]) * share, y))
        if point[1] >= y:
            out.append(point)
    return out


def _filled(ring: Ring, share: float) -> Ring:
    heights = [y for _, y in ring]
    bottom = max(heights)
    return _below(ring, bottom - share * (bottom - min(heights))) if share > 0 else []


def _halo(d: str, of: str = "sign") -> Part:
    return Part(d, stroke=f"var(--{of}-casing)", width=4.5, opacity=0.9)


def _strokes(condition: str) -> list[Part]:
    if condition == Condition.LEANING:
        return [Part("M-6 9L6 -9", stroke=EDGE, width=2)]
    if condition == Condition.DESTROYED:
        return [Part("M-7 -7L7 7M7 -7L-7 7", stroke="#ffffff", width=1.5)]
    return []


def marker(stage: str, condition: str) -> list[Part]:
    """Return the sign of a marker; an unknown stage fills nothing."""
    known = condition in _OUTLINE and condition != Condition.UNKNOWN
    ring = _OUTLINE[condition if known else Condition.UNKNOWN]
    colour = "var(--sign-plain)" if condition == ANY else COLOUR.get(condition, UNKNOWN)
    dark = EDGE if condition == Condition.EROSION_RISK else colour
    d = _path(ring)
    inside = ring if known else _circle(R - 3.5)
    parts = [
        _halo(d),
        Part(d, fill=EMPTY),
        Part(_path(_filled(inside, STAGE_FILL.get(stage, 0.0))), fill=colour),
        Part(d, stroke=dark, width=2, dash=None if known else "3.2 2"),
        *_strokes(condition),
    ]
    if stage == Stage.LOCATED:
        parts.append(Part(_path(_circle(2.8)), fill=dark))
    return [part for part in parts if part.d]


def indicative_halo() -> Part:
    """Return the dotted ring around a position that is for orientation only."""
    d = "M0 -12H0A12 12 0 0 1 0 12H0A12 12 0 0 1 0 -12Z"
    return Part(d, stroke=RING, width=1.4, dash="1.2 3")


def gate(gate_class: str) -> list[Part]:
    """Return the sign of a gate: full for international, half for main, else empty."""
    d = _path(_GATE)
    dash = "2 2" if gate_class == GateClass.UNKNOWN else None
    parts = [
        _halo(d, "gate"),
        Part(d, fill="var(--gate-empty)"),
        Part(_path(_filled(_GATE, GATE_FILL.get(gate_class, 0.0))), fill="var(--gate)"),
        Part(d, stroke="var(--gate)", width=1.6, dash=dash),
    ]
    return [part for part in parts if part.d]


def project_side(usd: float | None) -> float:
    """Return the side of a project's square, px, by the logarithm of its amount in USD."""
    if not usd or usd <= 0:
        return SIDE_MIN
    side = SIDE_MIN + SIDE_PER_DECADE * (math.log10(usd) - 5)
    return min(SIDE_MAX, max(SIDE_MIN, side))


def project(kind: str, usd: float | None) -> list[Part]:
    """Return the sign of a project whose place is known exactly."""
    d = _path(_box(project_side(usd) / 2))
    return [_halo(d), Part(d, fill=FINANCE.get(kind, NO_FINANCE)), Part(d, stroke=EDGE, width=1.4)]


def area(kind: str, r: float = AREA_RADIUS) -> list[Part]:
    """Return a hatched disc of radius `r` px: somewhere in here, never a pin."""
    colour, d = FINANCE.get(kind, NO_FINANCE), _path(_circle(r))
    offsets = [-r + HATCH_STEP / 2 + i * HATCH_STEP for i in range(math.ceil(2 * r / HATCH_STEP))]
    return [
        Part(d, fill=colour, opacity=0.14),
        Part(
            "".join(_hatch(o, r) for o in offsets if o < r), stroke=colour, width=1.6, opacity=0.85
        ),
        Part(d, stroke=colour, width=1.8, dash="5 3"),
    ]


def _hatch(offset: float, r: float) -> str:
    centre = offset * math.sqrt(0.5)
    half = math.sqrt(r * r - offset * offset) * math.sqrt(0.5)
    near, far = centre - half, centre + half
    return f"M{near:.1f} {far:.1f}L{far:.1f} {near:.1f}"


def dot() -> list[Part]:
    """Return the sign of a place that has no sign of its own."""
    d = _path(_circle(5))
    return [_halo(d), Part(d, fill="var(--accent)")]


def corridor(schematic: bool) -> list[Part]:
    """Return a piece of a corridor; a broken casing says that its line is schematic."""
    d, colour = f"M-{HALF} 0H{HALF}", "var(--corridor)"
    line = Part(d, stroke=colour, width=4)
    if not schematic:
        return [line]
    casing = Part(d, stroke=colour, width=11, dash="2 4")
    return [casing, Part(d, stroke="var(--corridor-casing)", width=8), line]


def border(demarcated: bool) -> list[Part]:
    """Return a piece of a national border, darker where it is demarcated."""
    stroke = "var(--border-line)" if demarcated else "var(--border-open)"
    return [Part(f"M-{HALF} 0H{HALF}", stroke=stroke, width=2.4, dash="8 3 2 3")]


def svg(parts: Iterable[Part]) -> str:
    """Return the paths as SVG markup; it holds nothing but our own constants and numbers."""
    return "".join(_element(part) for part in parts)


def _element(part: Part) -> str:
    given = {
        "stroke": part.stroke,
        "stroke-width": part.width,
        "stroke-dasharray": part.dash,
        "opacity": part.opacity,
    }
    rest = "".join(f' {name}="{value}"' for name, value in given.items() if value is not None)
    return f'<path d="{part.d}" fill="{part.fill or "none"}"{rest}/>'
