"""The definition of the API as OpenAPI 3.0, for clients that read no newer one."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import APIRouter, FastAPI, Request, Response

from api import links
from api.deps import SettingsDep
from geo import info
from geo.later import later

if TYPE_CHECKING:
    from api.openapi import older
else:
    older = later("api.openapi.older")

router = APIRouter(prefix="/api", tags=["about"])


@router.get("/openapi-3.0.json")
def older_definition(request: Request, settings: SettingsDep) -> Response:
    """Return the OpenAPI 3.0 document."""
    body = _older(request.app, links.base(request), settings.max_limit)
    return Response(orjson.dumps(body), media_type=info.OPENAPI_3_0)


@lru_cache(maxsize=8)
def _older(app: FastAPI, address: str, largest_page: int) -> dict[str, Any]:
    return older.document(app.openapi(), address=address, largest_page=largest_page)
