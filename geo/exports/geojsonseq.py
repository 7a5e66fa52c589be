"""GeoJSON text sequences (RFC 8142)."""

from geo.exports.geojson import sequence as pieces

__all__ = ["pieces"]
