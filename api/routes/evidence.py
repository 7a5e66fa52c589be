"""Photos and documents: brought by who may write, shown to who sees a row that names them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from api import askers, links, sending, tags
from api.askers import Bringer
from api.deps import Actor, Conn, Reader
from geo import layers
from geo.errors import BadInputError, NotFoundError
from geo.evidence import keeping, register
from geo.evidence.content import PDF, SIZES, TAKEN
from geo.evidence.place import Place
from geo.evidence.register import File
from geo.layers import LAYERS

router = APIRouter(prefix="/api/evidence", tags=["evidence"])
ROW = f"^({'|'.join(LAYERS)})/[^/\\x00]+$"  # what names a file, such as inspections/01jd
_CLOSE = {"cache-control": "private, no-cache"}  # may be kept, but who may see it is asked again


async def _received(request: Request, _bringer: Bringer) -> AsyncIterator[Path]:
    """Give the body as a file that is gone after the answer; half of one goes at once."""
    place, most = _place(request), request.app.state.settings.max_evidence_bytes
    with place.incoming() as path:
        with path.open("wb") as file:
            async for piece in sending.pieces(request, most):
                file.write(piece)
        yield path


Received = Annotated[Path, Depends(_received)]


@router.post("", status_code=201)
def bring_file(
    request: Request,
    bringer: Bringer,
    path: Received,
    name: Annotated[str, Query(max_length=keeping.LONGEST_NAME)] = "",
) -> Response:
    """Bring a photo or a document, as the body; a row then names it by the hash in the answer."""
    engine = request.app.state.engine
    file = keeping.keep(engine, _place(request), path, name=name, actor=bringer.name)
    answer = JSONResponse(_told(request, file), 201, {"cache-control": "no-store"})
    answer.headers["location"] = f"{links.base(request)}/evidence/{file.sha256}"
    return answer


@router.get("")
def list_files(
    request: Request,
    conn: Conn,
    sight: Reader,
    row: Annotated[str | None, Query(pattern=ROW)] = None,
) -> Response:
    """Return what the files of a row are, and which files are taken here.

    What a camera or its bringer says of a picture is for those who may have the original.
    """
    layer, _, feature_id = (row or "").partition("/")
    found = register.listed(conn, layers.get(layer), feature_id, sight) if row else []
    most = request.app.state.settings.max_evidence_bytes
    accepted = {"media_types": list(TAKEN), "max_bytes": most, "most": register.MOST}
    told = {"files": [_shown(*one) for one in found], "accepted": accepted}
    return JSONResponse(told, headers=_CLOSE)


def _shown(file: File, original: bool) -> dict[str, Any]:
    whole = {name: getattr(file, name) for name in ("name", "bytes", "width", "height", "taken")}
    original = original or file.media_type == PDF  # of a document there is no other form
    told = whole if original else dict.fromkeys(whole)
    return {"sha256": file.sha256, "media_type": file.media_type, "original": original, **told}


@router.get("/{sha256}")
def get_file(
    request: Request,
    conn: Conn,
    actor: Actor,
    sight: Reader,
    sha256: str,
    row: Annotated[str | None, Query(pattern=ROW)] = None,
    size: Annotated[str | None, Query(description="of a picture")] = None,
) -> Response:
    """Return a file that a row names, or that one brought oneself.

    The original bytes are for its bringer and those who see restricted rows; of a picture others
    get the one of size large, without what the camera wrote into it.
    """
    if size is not None and size not in SIZES:
        raise BadInputError("Not a size", parameter="size", value=size, allowed=list(SIZES))
    if row is None:
        askers.known(request, actor)
        file, original = register.brought(conn, sha256, actor.name), True
    else:
        layer, _, feature_id = row.partition("/")
        file, original = register.shown(conn, layers.get(layer), feature_id, sha256, sight)
    return _bytes(request, file, size or ("" if original or file.media_type == PDF else "large"))


def _bytes(request: Request, file: File, size: str) -> Response:
    """Return the original for no size, else the picture of that size."""
    if size and file.media_type == PDF:
        raise NotFoundError("There are no pictures of a document", parameter="size", value=size)
    tag = f'"{file.sha256}.{size}"'
    headers = _CLOSE | {"etag": tag, "content-disposition": _disposition(file, size)}
    if tags.unchanged(request, tag):
        return Response(None, 304, headers)
    held = keeping.opened(_place(request), file, size)
    media = "image/jpeg" if size else file.media_type
    return StreamingResponse(keeping.pieces(held), media_type=media, headers=headers)


def _disposition(file: File, size: str) -> str:
    """Return how a browser treats it: pictures are shown; the bringer's name is only a label."""
    if size:
        return f'inline; filename="{file.sha256[:12]}-{size}.jpg"'
    kind = "attachment" if file.media_type == PDF else "inline"
    name = file.name or f"{file.sha256[:12]}.{file.media_type.partition('/')[2]}"
    return f"{kind}; filename*=UTF-8''{quote(name, safe='')}"


def _place(request: Request) -> Place:
    place: Place = request.app.state.settings.place_of_evidence()
    return place


def _told(request: Request, file: File) -> dict[str, Any]:
    here = f"{links.base(request)}/evidence/{file.sha256}"
    return {
        "sha256": file.sha256,
        "name": file.name,
        "bytes": file.bytes,
        "media_type": file.media_type,
        "width": file.width,
        "height": file.height,
        "taken": file.taken,
        "links": [links.link("self", here, file.media_type)],
    }
