"""What a feature of a tile tells beside its `id` and `label`: the few properties the map needs."""

from __future__ import annotations

from geo.layers import LAYERS
from geo.schema import Layer

FIELDS: dict[str, tuple[str, ...]] = {
    "admin_units": ("name_vi", "name_en", "level", "country"),
    "borders": ("name_vi", "name_en", "level", "border", "demarcated"),
    "islands": ("name_vi", "name_en", "statement_vi", "statement_en"),
    "positions": ("number", "border", "province", "multiplicity", "position_quality"),
    "markers": ("number", "position_id", "stage", "condition", "position_quality", "province"),
    "inspections": ("marker_id", "mode", "condition"),
    "gates": ("name_vi", "name_en", "gate_class"),
    "corridors": ("name_vi", "name_en", "corridor_id", "road", "geometry_quality"),
    "projects": ("name_vi", "name_en", "finance_kind", "status", "position_quality"),
    "places": ("name_vi", "name_en", "kind", "population"),
    "posts": ("name_vi", "name_en"),
}
COUNTED = "condition"  # clusters count their points by it where the layer has it
KIND = "level"  # rows of one level do not overlap each other


def spatial() -> list[Layer]:
    """Return the layers that tiles are made of."""
    return [layer for layer in LAYERS.values() if layer.geometry]


def counted(layer: Layer) -> list[str]:
    """Return the values by which clusters of the layer are counted; the last is for none."""
    declared = layer.field(COUNTED)
    if declared is None or declared.vocabulary is None:
        return []
    return [word.value for word in declared.vocabulary] + ["none"]
