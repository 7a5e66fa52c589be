"""JSON answers with the links and the language that their headers state."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import JSONResponse

from api import links, negotiate
from api.forms import JSON, PLAIN, SCHEMA, TILESET
from api.links import Link

REPEATED = ("self", "alternate", "next", "prev", "collection")  # of links, in the Link header too


def _plain(request: Request) -> str:
    return negotiate.form(request, PLAIN, "json")


def _schema(request: Request) -> str:
    return negotiate.form(request, SCHEMA, "json")


def _tileset(request: Request) -> str:
    return negotiate.form(request, TILESET, "json")


PlainForm = Annotated[str, Depends(_plain)]
SchemaForm = Annotated[str, Depends(_schema)]
TilesetForm = Annotated[str, Depends(_tileset)]


def json(request: Request, document: Mapping[str, Any], media: str = JSON) -> JSONResponse:
    """Return a JSON document in the language asked for, its chief links in the header too."""
    made: Iterable[Link] = document.get("links", ())
    return with_links(JSONResponse(document, media_type=media), made, request)


def with_links(answer: JSONResponse, made: Iterable[Link], request: Request) -> JSONResponse:
    """Add the Link header (RFC 8288) and the language to an answer."""
    answer.headers["content-language"] = negotiate.language(request)
    told = [one for one in made if one["rel"] in REPEATED and "templated" not in one]
    if told:
        answer.headers["link"] = links.header(told)
    return answer
