"""Our own client of a server in this process says what Starlette's own says."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response as Answer
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.asking import Client

TAG = '"7"'
done: list[str] = []


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[dict[str, str]]:
    yield {"began": "yes"}


async def told(request: Request) -> Response:
    """Tell what came of a request."""
    given = {
        "method": request.method,
        "url": str(request.url),
        "path": request.scope["path"],
        "raw_path": request.scope["raw_path"].decode(),
        "root_path": request.scope["root_path"],
        "query": request.url.query,
        "headers": [(k, v) for k, v in request.headers.items() if k != "user-agent"],
        "client": request.client,
        "server": request.scope["server"],
        "cookies": request.cookies,
        "body": (await request.body()).decode(),
        "began": request.state.began,
    }
    return JSONResponse(given, status_code=201)


async def streamed(_request: Request) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        for number in range(1000):
            yield b"%d," % number

    return StreamingResponse(parts(), media_type="text/csv", headers={"content-encoding": "x-none"})


async def many_headers(_request: Request) -> Response:
    made = PlainTextResponse("two", background=BackgroundTask(done.append, "after"))
    made.set_cookie("a", "1")
    made.set_cookie("b", "hai", path="/told", httponly=True)
    return made


async def tagged(request: Request) -> Response:
    if request.headers.get("if-none-match") == TAG:
        return Response(status_code=304, headers={"etag": TAG})
    return PlainTextResponse("cột mốc", headers={"etag": TAG})


async def breaks(_request: Request) -> Response:
    raise ValueError("broken")


async def breaks_midway(_request: Request) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        yield b"half"
        raise ValueError("broken")

    return StreamingResponse(parts())


async def moved(_request: Request) -> Response:
    return Response(status_code=307, headers={"location": "/told?again=1"})


ROUTES = (told, streamed, many_headers, tagged, breaks, breaks_midway, moved)
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
Ask = Callable[[TestClient], Answer]
ASKED: dict[str, Ask] = {
    "a query": lambda c: c.get("/told", params={"q": "cột mốc & %2F", "empty": ""}),
    "a path": lambda c: c.get("/told/c%E1%BB%99t%2Fm%20c%2525?x=%C4%91"),
    "another host": lambda c: c.get("https://example.org:8443/told"),
    "headers": lambda c: c.get("/told", headers=[("X-Twice", "1"), ("X-Twice", "2")]),
    "json": lambda c: c.post("/told", json={"a": [1, "hai"]}),
    "a form": lambda c: c.post("/told", data={"a": "1", "b": "hai ba"}),
    "a body in parts": lambda c: c.put("/told", content=iter([b"one ", b"two"])),
    "a patch": lambda c: c.patch("/told", content=b"", headers={"content-type": "x/y"}),
    "delete": lambda c: c.delete("/told"),
    "options": lambda c: c.options("/told"),
    "head": lambda c: c.head("/streamed"),
    "head of a tag": lambda c: c.head("/tagged"),
    "a stream": lambda c: c.get("/streamed"),
    "cookies that are set": lambda c: c.get("/many_headers"),
    "a tag": lambda c: c.get("/tagged"),
    "a tag that is known": lambda c: c.get("/tagged", headers={"if-none-match": TAG}),
    "what is not there": lambda c: c.get("/nowhere"),
    "a method that is not there": lambda c: c.request("PURGE", "/told"),
    "a redirect": lambda c: c.get("/moved"),
    "a redirect that is not followed": lambda c: c.get("/moved", follow_redirects=False),
    "what breaks": lambda c: c.get("/breaks"),
    "what breaks midway": lambda c: c.get("/breaks_midway"),
}


def app() -> Starlette:
    paths = [Route(f"/{one.__name__}", one, methods=METHODS) for one in ROUTES]
    more = Route("/told/{rest:path}", told, methods=METHODS)
    return Starlette(routes=[*paths, more], lifespan=lifespan)


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[TestClient, TestClient]]:
    """Starlette's own and ours, each with a server of its own."""
    given: dict[str, Any] = {"raise_server_exceptions": False, "headers": {"x-all": "1"}}
    stock = TestClient(app(), client=("127.0.0.1", 50_000), **given)
    with stock, Client(app(), client=("127.0.0.1", 50_000), **given) as ours:
        yield stock, ours


def heard(answer: Answer) -> tuple[Any, ...]:
    """Return all that a client is told."""
    before = [heard(one) for one in answer.history]
    headers = [pair for pair in answer.headers.multi_items() if pair[0] != "user-agent"]
    return (
        answer.status_code,
        headers,
        answer.content,
        str(answer.url),
        dict(answer.cookies),
        before,
    )


@pytest.mark.parametrize("asked", ASKED)
def test_it_is_answered_as_starlettes_own(both: tuple[TestClient, TestClient], asked: str) -> None:
    stock, ours = ([heard(ASKED[asked](client)) for _ in range(2)] for client in both)
    assert ours == stock


def test_cookies_are_kept_for_where_they_belong(both: tuple[TestClient, TestClient]) -> None:
    for client in both:
        client.cookies.clear()
        client.get("/many_headers")
    stock, ours = (client.get("/told").json() for client in both)
    assert ours == stock
    assert ours["cookies"] == {"a": "1", "b": "hai"}


def test_what_follows_an_answer_is_done_when_it_is_there() -> None:
    for kind in (TestClient, Client):
        done.clear()
        assert kind(app()).get("/many_headers").text == "two"
        assert done == ["after"]


def test_a_read_in_pieces_gives_the_same(both: tuple[TestClient, TestClient]) -> None:
    read = []
    for client in both:
        with client.stream("GET", "/streamed") as answer:
            read.append(b"".join(answer.iter_bytes()))
    assert read[0] == read[1]
    assert read[1].startswith(b"0,1,2,")


@pytest.mark.parametrize("kind", [TestClient, Client])
@pytest.mark.parametrize("path", ["/breaks", "/breaks_midway"])
def test_an_error_of_the_server_is_raised(kind: type[TestClient], path: str) -> None:
    with kind(app()) as client, pytest.raises(ValueError, match="broken"):
        client.get(path)
