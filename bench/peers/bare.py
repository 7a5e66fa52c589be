"""An ASGI application that hands out ready bytes and does nothing else.

Run as `python -m bench.peers.bare LIST PORT WORKERS`; LIST is JSON, see bench.peers.ready.
"""

import json
import sys
from pathlib import Path

import uvicorn
from starlette.types import Receive, Scope, Send

from api import workers

# Written by uvicorn itself.
OWN_HEADERS = ("date", "server", "connection", "transfer-encoding")
Answers = dict[tuple[str, bytes], tuple[dict[str, object], dict[str, object]]]


class Bare:
    """Answers a known address with its recording, any other with the first one."""

    def __init__(self, recordings: Path) -> None:
        self.answers: Answers = {}
        for target, one in json.loads(recordings.read_text()).items():
            path, _, query = target.partition("?")
            body = Path(one["file"]).read_bytes()
            kept = {k: v for k, v in one["headers"].items() if k not in OWN_HEADERS}
            headers = [(k.encode(), v.encode()) for k, v in (kept | _length(body)).items()]
            self.answers[path, query.encode()] = (
                {"type": "http.response.start", "status": 200, "headers": headers},
                {"type": "http.response.body", "body": body},
            )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send head and body."""
        del receive
        if scope["type"] == "http":
            head, body = self.answers[scope["path"], scope["query_string"]]
            await send(head)
            await send(body)


def _length(body: bytes) -> dict[str, str]:
    return {"content-length": str(len(body))}


if __name__ == "__main__":
    config = uvicorn.Config(
        Bare(Path(sys.argv[1])),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    workers.run(config, int(sys.argv[3]), begin=lambda: None, begun=lambda: None)
