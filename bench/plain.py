"""The yardstick: a Starlette application that answers recorded bytes and does nothing else.

Run as `python -m bench.plain PORT RECORDING`; the recording is JSON, {path and query: body}.
"""

import json
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def application(recording: Path) -> Starlette:
    """Serve what was recorded, from memory."""
    texts: dict[str, str] = json.loads(recording.read_text(encoding="utf-8"))
    bodies = {target: text.encode() for target, text in texts.items()}

    async def answer(request: Request) -> Response:
        url = request.url
        target = f"{url.path}?{url.query}" if url.query else url.path
        return Response(bodies.get(target, b"{}"), media_type="application/geo+json")

    return Starlette(routes=[Route("/{path:path}", answer)])


if __name__ == "__main__":
    uvicorn.run(
        application(Path(sys.argv[2])), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning"
    )
