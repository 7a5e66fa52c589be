"""Files of a layer: whole unless limited, streamed, in every format of geo.exports."""

from __future__ import annotations

from fastapi.responses import StreamingResponse

from geo import exports
from geo.exports import Order
from geo.register import Register


def answer(register: Register, order: Order, name: str) -> StreamingResponse:
    """Return an export as a file to keep.

    Raises:
        BadInputError: the format is unknown, or cannot hold what is asked.
    """
    form = exports.check(name, order.system)
    file = exports.file_name(order.layer, name, exercise=order.exercise)
    headers = {
        "content-disposition": f'attachment; filename="{file}"',
        "content-crs": f"<{order.system}>",
    }
    pieces = exports.stream(register.engine, order, name)
    return StreamingResponse(pieces, media_type=form.media_type, headers=headers)
