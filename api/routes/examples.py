"""Examples and media types shown in the OpenAPI document."""

from typing import Any

_MARKER = {
    "type": "Feature",
    "id": "vn-kh.48.0.1",
    "geometry": {"type": "Point", "coordinates": [107.5, 12.5]},
    "properties": {"number": "48(1)", "province": "Lâm Đồng", "position_quality": "indicative"},
}
ITEMS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Features",
        "content": {
            "application/geo+json": {
                "example": {
                    "type": "FeatureCollection",
                    "numberMatched": 16,
                    "numberReturned": 1,
                    "features": [_MARKER],
                }
            },
            "text/html": {},
        },
    },
    400: {"description": "A parameter cannot be used", "content": {"application/problem+json": {}}},
}
