"""What the routes of tiles share: which layers and filters are asked for, how a tile answers."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from api.deps import LayerDep, Reader, RegisterDep
from geo import cql, period
from geo.asking import RESERVED
from geo.errors import BadInputError, NotFoundError
from geo.query import Filter, property_of
from geo.schema import Layer
from geo.tiles import fields
from geo.tiles.about import MEDIA_TYPE
from geo.tiles.grid import Tile, checked
from geo.tiles.serve import Asked, Tiles

_OWN = RESERVED | {"collections"}


def _tile(z: int, y: int, x: int) -> Tile:
    return checked(Tile(z, y, x))


def _tiles(request: Request) -> Tiles:
    tiles: Tiles = request.app.state.tiles
    return tiles


def _spatial(layer: LayerDep) -> Layer:
    if layer.geometry is None:
        raise NotFoundError(
            f"Layer {layer.name} has no geometry, so no tiles",
            parameter="layer",
            value=layer.name,
            allowed=[one.name for one in fields.spatial()],
        )
    return layer


def _one(layer: Annotated[Layer, Depends(_spatial)]) -> list[Layer]:
    return [layer]


def _several(
    names: Annotated[
        str | None,
        Query(alias="collections", description="layers, comma between; absent = every one"),
    ] = None,
) -> list[Layer]:
    if names is None:
        return fields.spatial()
    known = {one.name: one for one in fields.spatial()}
    wanted = dict.fromkeys(name.strip() for name in names.split(","))
    for name in wanted:
        if name not in known:
            raise BadInputError(
                f"No layer with tiles is called {name!r}",
                parameter="collections",
                value=name,
                allowed=list(known),
            )
    return [known[name] for name in wanted]


class Narrowing:
    """The parameters that narrow a tile, alike for one layer and for several."""

    def __init__(
        self,
        request: Request,
        register: RegisterDep,
        sight: Reader,
        datetime: Annotated[
            str | None,
            Query(description="date or interval; absent = today, ../.. = all versions"),
        ] = None,
        province: Annotated[str | None, Query(description="province, any spelling and era")] = None,
        text: Annotated[
            str | None,
            Query(alias="filter", description="CQL2 on properties that every layer here has"),
        ] = None,
        language: Annotated[
            str, Query(alias="filter-lang", description="cql2-text or cql2-json")
        ] = "cql2-text",
    ) -> None:
        self.values: dict[str, list[str]] = {}
        for name, value in request.query_params.multi_items():
            if name not in _OWN:
                self.values.setdefault(name, []).extend(value.split(","))
        self.asked = register.filter(
            when=period.parse(datetime), province=province, values=self.values, sight=sight
        )
        self.text, self.language = text, language

    def of(self, wanted: Iterable[Layer]) -> list[tuple[Layer, Filter]]:
        """Return each layer with its filter.

        Raises:
            BadInputError: a filter cannot be used on one of the layers.
        """
        return [(layer, self._of(layer)) for layer in wanted]

    def _of(self, layer: Layer) -> Filter:
        for name in self.values:
            if name != "id":
                property_of(layer, name)
        if self.text is None:
            return self.asked
        return replace(self.asked, expression=cql.kept(layer, self.text, self.language))


def _asked_of_one(
    wanted: Annotated[list[Layer], Depends(_one)], narrowing: Annotated[Narrowing, Depends()]
) -> Asked:
    return narrowing.of(wanted)


def _asked_of_several(
    wanted: Annotated[list[Layer], Depends(_several)], narrowing: Annotated[Narrowing, Depends()]
) -> Asked:
    return narrowing.of(wanted)


def answer(request: Request, body: bytes | None, tag: str) -> Response:
    """Return a tile: 304 without a body, 204 for an empty one."""
    seconds = request.app.state.settings.cache_seconds
    headers = {
        "etag": f'"{tag}"',
        "cache-control": f"max-age={seconds}" if seconds else "no-cache",
    }
    if body is None:
        return Response(None, 304, headers)
    return Response(body, 200, headers, MEDIA_TYPE) if body else Response(None, 204, headers)


TileDep = Annotated[Tile, Depends(_tile)]
TilesDep = Annotated[Tiles, Depends(_tiles)]
SpatialLayer = Annotated[Layer, Depends(_spatial)]
Layers = Annotated[list[Layer], Depends(_several)]
OneAsked = Annotated[Asked, Depends(_asked_of_one)]
SeveralAsked = Annotated[Asked, Depends(_asked_of_several)]
