"""The web app and its base map: files, and one page for every screen."""

from functools import lru_cache
from pathlib import Path, PurePosixPath

from anyio import to_thread
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api import encoding
from api.middleware import allowed_methods
from api.settings import Settings

SCREENS = (
    "/", "/partners", "/partners/{code}", "/partners/{code}/embed", "/markers/{id}",
    "/gates/{id}", "/projects/{id}", "/progress", "/corridors", "/corridors/{id}", "/connect",
    "/edit/{layer}", "/edit/{layer}/{id}", "/sign-in", "/link", "/account", "/people",
    "/history", "/history/{layer}/{id}", "/proposals", "/proposals/{id}",
    "/audit",
    "/import", "/import/{id}", "/jobs",
)  # fmt: skip
_NOT_BUILT = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Cột Mốc</title>
<p>Giao diện web chưa được dựng. Chạy <code>make serve</code>.
<p lang="en">The web app has not been built. Run <code>make serve</code>.
<p><a href="/api">/api</a></html>"""

router = APIRouter(include_in_schema=False)


def screen(request: Request) -> Response:
    """Return the app's page; which screen it shows is in the address."""
    settings: Settings = request.app.state.settings
    index = settings.web / "index.html"
    if not index.is_file():
        return HTMLResponse(_NOT_BUILT, 503)
    return FileResponse(index, headers={"cache-control": "no-cache"})


for path in SCREENS:
    router.add_api_route(path, screen, methods=["GET", "HEAD"])


class _Site(StaticFiles):
    """The other files of the app; they stand behind all routes, so they get what no route takes."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Say of an address of the API which methods it takes, where it takes this one not.

        A person who follows a wrong address to a screen gets the app, which says so.
        """
        taken = allowed_methods(scope) if path.startswith("api/") else set()
        if taken and scope["method"] not in taken:
            raise HTTPException(405, headers={"allow": ", ".join(sorted(taken))})
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or not _for_a_person(path, scope):
                raise
            answer = screen(Request(scope))
            answer.status_code = 404
            return answer


def _for_a_person(path: str, scope: Scope) -> bool:
    is_screen = not path.startswith("api/") and not PurePosixPath(path).suffix
    return is_screen and "text/html" in Headers(scope=scope).get("accept", "")


class _Assets(StaticFiles):
    """Built files carry a hash in their name, so they never change: packed once, they are kept."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Give a file, packed if the client likes that and it does not ask for a part of it."""
        answer = await super().get_response(path, scope)
        answer.headers["cache-control"] = "public, max-age=31536000, immutable"
        given = Headers(scope=scope)
        coding = encoding.wanted(given.get("accept-encoding", "").encode("latin-1"))
        media = answer.headers.get("content-type", "").encode("latin-1")
        packs = coding and "range" not in given and encoding.shrinks(media)
        if not (packs and isinstance(answer, FileResponse)):
            return answer
        return await to_thread.run_sync(_packed, answer, coding)


def _packed(plain: FileResponse, coding: str) -> Response:
    """Return a file in a coding, under a tag of its own."""
    body = _bytes(str(plain.path), plain.headers["etag"], coding)
    answer = Response(body, headers={"content-encoding": coding, "vary": "Accept-Encoding"})
    for name in ("content-type", "cache-control", "last-modified"):
        answer.headers[name] = plain.headers[name]
    answer.headers["etag"] = f'{plain.headers["etag"][:-1]}.{coding}"'
    return answer


@lru_cache(1_000)
def _bytes(path: str, _tag: str, coding: str) -> bytes:
    return encoding.packed_well(Path(path).read_bytes(), coding)


def mount(app: FastAPI, settings: Settings) -> None:
    """Serve the base map, the built assets and the other files of the app, as far as there are."""
    _files(app, "/basemap", settings.data / "basemap", StaticFiles)
    _files(app, "/assets", settings.web / "assets", _Assets)
    app.include_router(router)
    _files(app, "/", settings.web, _Site)


def _files(app: FastAPI, path: str, folder: Path, kind: type[StaticFiles]) -> None:
    if folder.is_dir():
        app.mount(path, kind(directory=folder))
