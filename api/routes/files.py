"""Files of a layer: whole unless limited, streamed, in every format of geo.exports."""

from dataclasses import replace

import orjson
from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection

from api import links
from geo import exports, load
from geo.exports import Order, metadata
from geo.register import Register

METADATA = "metadata"  # the value of f= that asks for them
_FORM_ONLY = ("f", "download", "lang", METADATA)  # these say nothing of what is in a file


def answer(request: Request, register: Register, order: Order, name: str) -> Response:
    """Return an export as a file to keep; its metadata are one link away.

    Raises:
        BadInputError: the format is unknown, or cannot hold what is asked.
    """
    form = exports.check(name, order.system)
    order = _said(request, order)
    file = exports.file_name(order.layer, name, exercise=order.exercise)
    headers = {
        "content-disposition": f'attachment; filename="{file}"',
        "content-crs": f"<{order.system}>",
        "link": f'<{order.described_by}>; rel="describedby"; type="{metadata.MEDIA_TYPE}"',
    }
    pieces = exports.stream(register.engine, order, name)
    return StreamingResponse(pieces, media_type=form.media_type, headers=headers)


def describe(request: Request, conn: Connection, order: Order) -> Response:
    """Return the metadata of what the same address gives as a file."""
    facts = metadata.describe(conn, _said(request, order))
    return Response(orjson.dumps(facts), media_type=metadata.MEDIA_TYPE)


def _said(request: Request, order: Order) -> Order:
    """Return the order with the words in which it was given, and where the metadata are."""
    said = {k: v for k, v in request.query_params.items() if k not in _FORM_ONLY}
    address = links.here(request).remove_query_params(["download"])
    return replace(
        order,
        said=said,
        catalogue=load.catalogue(request.app.state.settings.data),
        described_by=str(address.include_query_params(f=METADATA)),
    )
