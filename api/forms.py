"""The forms that features come in: name of `f=` and media type, the first without asking."""

from __future__ import annotations

from api.answers import HTML, JSON
from geo import export

ITEMS = {
    "geojson": export.MEDIA_TYPES["geojson"],
    "json": JSON,  # GeoJSON too, for who asks for plain JSON
    "html": HTML,
    **{name: media for name, media in export.MEDIA_TYPES.items() if name != "geojson"},
}
ITEM = {name: ITEMS[name] for name in ("geojson", "json", "html")}
