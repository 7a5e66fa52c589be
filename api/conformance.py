"""The conformance classes of OGC that this server claims; tests/api/test_conformance.py shows each.

OGC 17-069r4 and its 1.1 (Features 1), 18-058r1 (2), 19-079r2 (3), 23-058 (5), 21-065r2 (CQL2),
20-002 (4), 20-057 (Tiles 1), 17-083r4 (tile matrix sets), 19-072 and 20-024 (Common).
"""

from __future__ import annotations

_SPEC = "http://www.opengis.net/spec"
STANDARDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "OGC API – Features – Part 1 (1.0)": (
        f"{_SPEC}/ogcapi-features-1/1.0/conf",
        ("core", "geojson", "html"),
    ),
    "OGC API – Features – Part 1 (1.1)": (
        f"{_SPEC}/ogcapi-features-1/1.1/conf",
        ("core", "geojson", "html", "oas30", "oas31"),
    ),
    "OGC API – Features – Part 2: CRS": (f"{_SPEC}/ogcapi-features-2/1.0/conf", ("crs",)),
    "OGC API – Features – Part 3: Filtering": (
        f"{_SPEC}/ogcapi-features-3/1.0/conf",
        # Not queryables-query-parameters: province= and border= find more than equal values.
        ("queryables", "filter", "features-filter"),
    ),
    "OGC API – Features – Part 5: Schemas": (
        f"{_SPEC}/ogcapi-features-5/1.0/conf",
        (
            "schemas",
            "advanced-property-roles",
            "references",
            "returnables-and-receivables",
            "queryables",
        ),
    ),
    "CQL2": (
        f"{_SPEC}/cql2/1.0/conf",
        (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "accent-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
            "temporal-functions",
            "array-functions",
            "property-property",
            "arithmetic",
        ),
    ),
    "OGC API – Tiles – Part 1": (
        f"{_SPEC}/ogcapi-tiles-1/1.0/conf",
        (
            "core",
            "tileset",
            "tilesets-list",
            "dataset-tilesets",
            "geodata-tilesets",
            "collections-selection",
            "datetime",
            "mvt",
        ),
    ),
    "Tile Matrix Set": (f"{_SPEC}/tms/2.0/conf", ("tilematrixset", "json-tilematrixset")),
    "OGC API – Common": (f"{_SPEC}/ogcapi-common-1/1.0/conf", ("core", "json", "html")),
    "OGC API – Common – Part 2": (f"{_SPEC}/ogcapi-common-2/1.0/conf", ("collections",)),
}
# Claimed only by a server that takes writes.
EDITING: dict[str, tuple[str, tuple[str, ...]]] = {
    "OGC API – Features – Part 4: Create, replace, update, delete (draft)": (
        f"{_SPEC}/ogcapi-features-4/1.0/conf",
        ("create-replace-delete", "update", "optimistic-locking-etags", "features"),
    ),
}


def groups(*, editing: bool) -> list[tuple[str, list[str]]]:
    """Return each standard with the URIs of its classes."""
    claimed = STANDARDS | (EDITING if editing else {})
    return [
        (name, [f"{begin}/{one}" for one in classes]) for name, (begin, classes) in claimed.items()
    ]


def classes(*, editing: bool) -> list[str]:
    """Return the URIs of all classes."""
    return [uri for _, uris in groups(editing=editing) for uri in uris]
