"""The definition of the API: OpenAPI 3.1, and 3.0 for clients that read no newer one."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import orjson
from fastapi import APIRouter, FastAPI, Request, Response

from api import links
from api.deps import SettingsDep
from api.openapi import older
from geo import info

router = APIRouter(prefix="/api", include_in_schema=False)


@router.get("/openapi.json")
def newer(request: Request) -> Response:
    """Return the OpenAPI 3.1 document."""
    body = {**request.app.openapi(), "servers": [{"url": links.root(request) or "/"}]}
    return Response(orjson.dumps(body), media_type=info.OPENAPI)


@router.get("/openapi-3.0.json")
def for_older(request: Request, settings: SettingsDep) -> Response:
    """Return the OpenAPI 3.0 document."""
    body = _older(request.app, links.base(request), settings.max_limit)
    return Response(orjson.dumps(body), media_type=older.MEDIA_TYPE)


@lru_cache(maxsize=8)
def _older(app: FastAPI, address: str, largest_page: int) -> dict[str, Any]:
    return older.document(app.openapi(), address=address, largest_page=largest_page)
