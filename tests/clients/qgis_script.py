"""What QGIS reads from a server, as JSON. Run by the Python that has QGIS: script ADDRESS PLAN.

It knows nothing of Cột Mốc but the address of its API, as a user does who pastes it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsDataSourceUri,
    QgsFeatureRequest,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize  # type: ignore[import-not-found]
from qgis.PyQt.QtGui import QColor  # type: ignore[import-not-found]

PIXELS = 64  # side of a drawn picture


def opened(api: str, name: str, **more: str) -> Any:
    uri = QgsDataSourceUri()
    asked = {"url": api, "typename": name, "version": "OGC_API_FEATURES", **more}
    for key, value in asked.items():
        uri.setParam(key, value)
    return QgsVectorLayer(uri.uri(False), name, "OAPIF")


def whole(api: str, name: str) -> dict[str, Any]:
    layer = opened(api, name, pageSize="1000")
    if not layer.isValid():
        return {"error": layer.error().summary()}
    features = list(layer.getFeatures())
    box = layer.extent()
    return {
        "count": len(features),
        "crs": layer.crs().authid(),
        "geometry": QgsWkbTypes.displayString(layer.wkbType()),
        "placed": sum(1 for f in features if f.hasGeometry()),
        "fields": {field.name(): field.typeName() for field in layer.fields()},
        "extent": [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()],
        "rows": [told(layer, feature) for feature in features],
    }


def told(layer: Any, feature: Any) -> dict[str, Any]:
    def plain(value: object) -> object:
        return value if isinstance(value, (str, int, float, bool)) else None

    names = [field.name() for field in layer.fields()]
    row = dict(zip(names, map(plain, feature.attributes()), strict=True))
    centre = feature.geometry().centroid().asPoint() if feature.hasGeometry() else None
    row["centre"] = [centre.x(), centre.y()] if centre else None
    return row


def paged(api: str, name: str, size: int) -> int:
    layer = opened(api, name, pageSize=str(size))
    return len({feature["id"] for feature in layer.getFeatures()})


def narrowed(api: str, name: str, expression: str) -> list[str]:
    layer = opened(api, name)
    if not layer.setSubsetString(expression):
        return ["refused"]
    return sorted(feature["id"] for feature in layer.getFeatures())


def in_box(api: str, name: str, box: list[float]) -> list[str]:
    layer = opened(api, name, restrictToRequestBBOX="1")
    asked = QgsFeatureRequest().setFilterRect(QgsRectangle(*box))
    return sorted(feature["id"] for feature in layer.getFeatures(asked))


def by_expression(api: str, name: str, expression: str) -> list[str]:
    layer = opened(api, name)
    asked = QgsFeatureRequest().setFilterExpression(expression)
    return sorted(feature["id"] for feature in layer.getFeatures(asked))


def drawn(api: str, name: str, box: list[float]) -> float:
    """Draw our vector tiles; the share of the picture that is not background."""
    address = f"{api}/collections/{name}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}"
    layer = QgsVectorTileLayer(f"type=xyz&url={address}&zmin=0&zmax=14", name)
    if not layer.isValid():
        return 0
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setOutputSize(QSize(PIXELS, PIXELS))
    settings.setExtent(QgsRectangle(*box))
    settings.setBackgroundColor(QColor("white"))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    picture = job.renderedImage()
    inked = sum(
        picture.pixelColor(x, y) != QColor("white") for x in range(PIXELS) for y in range(PIXELS)
    )
    return float(inked) / PIXELS**2


def main() -> None:
    api, plan = sys.argv[1], json.loads(sys.argv[2])
    QgsApplication.setPrefixPath("/usr", True)
    app = QgsApplication([], False)
    app.initQgis()
    made = {
        "layers": {name: whole(api, name) for name in plan["layers"]},
        "subset": narrowed(api, *plan["subset"]),
        "vietnamese": narrowed(api, *plan["vietnamese"]),
        "box": in_box(api, *plan["box"]),
        "expression": by_expression(api, *plan["expression"]),
        "paged": paged(api, *plan["paged"]),
        "drawn": drawn(api, *plan["drawn"]),
    }
    print(json.dumps(made))  # noqa: T201
    app.exitQgis()


main()
