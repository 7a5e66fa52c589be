"""Layers that stand for the rest where a second store only has to be seen to do the same."""

from geo.layers import LAYERS

# The first layer of each kind of geometry, and of those without one.
KINDS = frozenset({layer.geometry: name for name, layer in reversed(LAYERS.items())}.values())
AGAIN = "other layers of the kind take the same way"
