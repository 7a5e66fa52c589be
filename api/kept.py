"""The outermost layer: answers that are asked again come ready from memory.

An answer is kept under the revision of the register that was really read for it and under all of
the request that it depends on. It has a strong ETag, and a client that holds it gets a 304.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from functools import lru_cache
from typing import Any, NamedTuple

from anyio import to_thread
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import encoding, trace
from api.actors import has_credentials
from api.headers import Head
from api.holding import Holding
from api.negotiate import VARY
from api.reads import READS, Reads
from api.trace import Given
from geo import period
from geo.errors import GeoError
from geo.store import Watch

Headers = list[tuple[bytes, bytes]]
REVISION = b"cotmoc-revision"
_MOST_DIGITS = 18  # of a revision: what no store can count is none
PACK_ASIDE_BYTES = 200_000  # more is packed in another thread
_VARYING = {b"host", b"accept", b"accept-language", b"origin"}
_FORWARDED = {b"forwarded", b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-prefix"}
_OWN = {b"if-none-match", b"accept-encoding", b"cookie", REVISION}
_SPECIAL = {b"range", b"authorization"}
_KEPT_STATUS = {200, 204}
_ON_304 = {b"etag", b"cache-control", b"vary", b"content-location", b"date"}


class Asked(NamedTuple):
    """What the request says, as far as this layer heeds it."""

    day: str  # of now
    key: tuple[Any, ...]
    own: dict[bytes, bytes]
    special: bool
    signed: bool  # somebody may say who he is: what he is shown is for nobody else

    @property
    def coding(self) -> str:
        """The content coding that the client likes best."""
        return encoding.wanted(self.own.get(b"accept-encoding", b""))

    @property
    def others(self) -> tuple[Any, ...]:
        """What an answer without a coding depends on besides its query."""
        return self.key[:2], self.key[3:-1]

    @property
    def names_tags(self) -> bool:
        """Whether the client says which answers it holds; `*` asks whether there is any."""
        return self.own.get(b"if-none-match", b"*") != b"*"

    @property
    def least(self) -> int:
        """The revision that the client has seen already: what it wrote itself, or 0."""
        if not self.own:
            return 0
        cookie = self.own.get(b"cookie", b"")
        found = self.own.get(REVISION) or cookie.partition(REVISION + b"=")[2].partition(b";")[0]
        return int(found) if len(found) <= _MOST_DIGITS and found.strip().isdigit() else 0


class Answer(NamedTuple):
    """A finished answer and the state that it was made from."""

    revision: int
    status: int
    headers: Headers
    body: bytes
    tag: bytes
    route: str = "other"  # for the metrics

    @property
    def size(self) -> int:
        """How many bytes of memory it takes, about."""
        return len(self.body) + 2_000


class Kept:
    """Keeps the finished answers to GET under /api; packs, tags and repeats them."""

    def __init__(
        self, app: ASGIApp, watch: Watch, *, max_bytes: int, cache_control: str, made_by: str
    ) -> None:
        self.app = app
        self.watch = watch
        self.cache_control = cache_control.encode()
        self.made_by = made_by  # version and settings that answers depend on
        self.answers = Holding(max_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or go on and keep what comes."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(_without_codings(scope), receive, send)
            return
        asked = _asked(scope)
        revision = None
        if _of_api(scope["path"]) and not asked.special:
            revision = await self._revision(asked.least)
        if revision is not None:
            found = self.answers.get(asked.key, revision)
            if isinstance(found, Answer):
                await _repeat(found, scope, asked, send)
                return
            if asked.names_tags and _holds(asked, tag := self._tag(asked, revision)):
                trace.of(scope).route = "not modified"
                await _send(scope, 304, [(b"etag", tag), self._lasting(), _vary()], b"", send)
                return
        await self._fresh(scope, asked, revision, receive, send)

    def begun(self, scope: Scope) -> Given | Finishing | None:
        """Answer a plain GET from memory, or return what finishes an answer that is to be made.

        None is returned where the long way is the only one.
        """
        asked, revision = _asked(scope), self.watch.revision()
        if revision is None:
            return None
        found = self.answers.get(asked.key, revision)
        if isinstance(found, Answer):
            return _given(found, scope, asked)
        reads = scope[READS] = Reads()
        return None if asked.coding else Finishing(self, scope, asked, revision, reads)

    async def _revision(self, least: int) -> int | None:
        """Return the register's revision, not older than the caller has seen, or None."""
        known = self.watch.revision()
        if known is not None and known >= least:
            return known
        try:
            known = await to_thread.run_sync(self.watch.ask)
        except GeoError:
            return None  # the route itself says what is wrong
        return known if known >= least else None

    async def _fresh(
        self, scope: Scope, asked: Asked, revision: int | None, receive: Receive, send: Send
    ) -> None:
        reads = Reads(asked.least)
        inner = {**_without_codings(scope), "method": "GET", READS: reads}
        answering = _Answering(self, scope, asked, revision, reads, send)
        await self.app(inner, receive, answering)

    def _lasting(self) -> tuple[bytes, bytes]:
        return b"cache-control", self.cache_control

    def _tag(self, asked: Asked, revision: int) -> bytes:
        return _coded(self.tag_of(asked.others, asked.key[2], revision), asked.coding)

    def tag_of(self, others: Hashable, query: bytes, revision: int) -> bytes:
        """Return the tag of what a query gives at a revision, without a coding.

        `others` is what the answer depends on besides, see Asked.
        """
        made = _hashing(self.made_by, others, revision).copy()
        made.update(query)
        return f'"{made.hexdigest()}"'.encode()


class Finishing:
    """Names an answer of the application by its tag, and keeps it."""

    def __init__(
        self, kept: Kept, scope: Scope, asked: Asked, revision: int | None, reads: Reads
    ) -> None:
        self.kept, self.scope, self.asked = kept, scope, asked
        self.revision, self.reads = revision, reads

    def given(self, made: Response) -> Given:
        """Return what is given for a response whose body is whole."""
        head, body = Head(made.raw_headers), bytes(made.body)
        coding = self.coding(made.status_code, head, len(body))
        answer = self.finished(made.status_code, head, body, coding)
        return Given(answer.revision, self.asked.day, answer.status, answer.headers, answer.body)

    def finished(self, status: int, head: Head, body: bytes, coding: str) -> Answer:
        """Return the answer whose body is whole and in a coding, or in none."""
        seen = self._seen(status, head)
        if seen is not None:
            self._name(head, seen)
        if coding:
            self._mark(head, coding)
            head.first[b"content-length"] = b"%d" % len(body)
        tag = head.first.get(b"etag", b"")
        answer = Answer(seen or 0, status, head.pairs, body, tag, trace.of(self.scope).route)
        if seen is not None and seen == self.revision:
            self.kept.answers.put(self.asked.key, answer)
        return answer

    def _name(self, head: Head, seen: int) -> None:
        if b"etag" not in head.first:
            asked = self.asked
            head.first[b"etag"] = self.kept.tag_of(asked.others, asked.key[2], seen)
        head.first.setdefault(b"cache-control", self.kept.cache_control)
        head.vary(VARY)

    def _seen(self, status: int, head: Head) -> int | None:
        """Return the revision that the answer was made from, if it may be kept under one."""
        if self.revision is None or status not in _KEPT_STATUS or b"set-cookie" in head.first:
            return None
        if b"no-store" in head.first.get(b"cache-control", b""):
            return None
        return self.revision if self.reads.revision is None else self.reads.revision

    def coding(self, status: int, head: Head, size: int | None) -> str:
        """Return the coding to bring the answer into; says in Vary that there is a choice."""
        if status == 304 and _of_api(self.scope["path"]):
            head.vary(("Accept-Encoding",))  # as the answer that it stands for
        media = head.first.get(b"content-type", b"")
        if status != 200 or b"content-encoding" in head.first or not encoding.shrinks(media):
            return ""
        head.vary(("Accept-Encoding",))
        return "" if size is not None and size < encoding.FROM_BYTES else self.asked.coding

    def _mark(self, head: Head, coding: str) -> None:
        head.first[b"content-encoding"] = coding.encode()
        if b"etag" in head.first:
            head.first[b"etag"] = _coded(head.first[b"etag"], coding)


class _Answering(Finishing):
    """Takes an answer from the application: packs it, tags it, keeps it, sends it."""

    def __init__(
        self, kept: Kept, scope: Scope, asked: Asked, revision: int | None, reads: Reads, send: Send
    ) -> None:
        super().__init__(kept, scope, asked, revision, reads)
        self.send = send
        self.start: Message | None = None
        self.packer: encoding.Packer | None = None

    async def __call__(self, message: Message) -> None:
        """Take one message; a whole body goes out changed, a stream as it comes."""
        if message["type"] == "http.response.start":
            self.start = _private(message) if self.asked.signed else message
        elif self.start is None:
            await self._stream(message)
        elif message.get("more_body", False):
            start, self.start = self.start, None
            await self._begin(start)
            await self._stream(message)
        else:
            start, self.start = self.start, None
            await self._whole(start, message.get("body", b""))

    async def _whole(self, start: Message, body: bytes) -> None:
        head = Head(start["headers"])
        coding = self.coding(start["status"], head, len(body))
        if coding:
            body = await _packed(body, coding)
        answer = self.finished(start["status"], head, body, coding)
        await _reply(answer, self.scope, self.asked, self.send)

    async def _begin(self, start: Message) -> None:
        head = Head(start["headers"])
        coding = self.coding(start["status"], head, None)
        if coding:
            self.packer = encoding.packer(coding)
            self._mark(head, coding)
            head.first.pop(b"content-length", None)
        await self.send({**start, "headers": head.pairs})

    async def _stream(self, message: Message) -> None:
        body, more = message.get("body", b""), message.get("more_body", False)
        if self.packer:
            body = self.packer.compress(body) + (b"" if more else self.packer.flush())
        if self.scope["method"] == "HEAD":
            body = b""
        if body or not more:
            await self.send({"type": "http.response.body", "body": body, "more_body": more})


def _private(start: Message) -> Message:
    """Return the beginning of an answer that is for nobody but whoever asked."""
    head = Head(start["headers"])
    if b"no-store" not in head.first.get(b"cache-control", b""):
        head.first[b"cache-control"] = b"private, no-cache"
    head.vary(VARY)
    return {**start, "headers": head.pairs}


async def _packed(body: bytes, coding: str) -> bytes:
    if len(body) < PACK_ASIDE_BYTES:
        return encoding.packed(body, coding)
    return await to_thread.run_sync(encoding.packed, body, coding)


@lru_cache(1_000)
def _hashing(made_by: str, others: Hashable, revision: int) -> Any:
    """Return a digest that is begun with what many tags have in common."""
    text = repr((made_by, others, revision))
    return hashlib.blake2b(text.encode(), digest_size=12)


def _of_api(path: str) -> bool:
    return path.startswith("/api/") or path == "/api"


def _asked(scope: Scope) -> Asked:
    varying: list[Any] = []
    own: dict[bytes, bytes] = {}
    special = False
    for pair in scope["headers"]:
        name = pair[0]
        if name in _VARYING:
            varying.append(pair)
        elif name in _OWN:
            own[name] = pair[1]
        elif name in _FORWARDED:
            varying += (
                pair,
                (scope["client"] or ("",))[0],
            )  # whose word it is decides whether it counts
        elif name in _SPECIAL:
            special = True
    coding = encoding.wanted(own.get(b"accept-encoding", b""))
    place = scope["scheme"], scope["path"], scope["query_string"]
    signed = (special or b"cookie" in own) and _of_api(scope["path"]) and has_credentials(scope)
    day = period.today()
    return Asked(day, (*place, day, *varying, coding), own, special or signed, signed)


def _holds(asked: Asked, tag: bytes) -> bool:
    """Say whether the client holds an answer with this tag."""
    known = asked.own.get(b"if-none-match")
    if known is None or not tag:
        return False
    return known == b"*" or tag in [part.strip().removeprefix(b"W/") for part in known.split(b",")]


def _shown(answer: Answer, asked: Asked) -> tuple[int, Headers, bytes]:
    """Return the status, the headers and the body of an answer for somebody who may hold it."""
    if answer.status in _KEPT_STATUS and _holds(asked, answer.tag):
        return 304, [pair for pair in answer.headers if _stays(pair[0])], b""
    return answer.status, answer.headers, answer.body


async def _repeat(answer: Answer, scope: Scope, asked: Asked, send: Send) -> None:
    """Give an answer from memory, and note what it holds for."""
    given = _given(answer, scope, asked)
    await _send(scope, given.status, given.headers, given.body, send)


def _given(answer: Answer, scope: Scope, asked: Asked) -> Given:
    known = trace.of(scope)
    known.route = answer.route
    known.given = Given(answer.revision, asked.day, *_shown(answer, asked))
    return known.given


async def _reply(answer: Answer, scope: Scope, asked: Asked, send: Send) -> None:
    await _send(scope, *_shown(answer, asked), send)


async def _send(scope: Scope, status: int, headers: Headers, body: bytes, send: Send) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    body = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": body})


def _stays(name: bytes) -> bool:
    return name in _ON_304 or name.startswith(b"access-control-")


def _vary() -> tuple[bytes, bytes]:
    return b"vary", ", ".join(("Accept-Encoding", *VARY)).encode()


def _coded(tag: bytes, coding: str) -> bytes:
    """Return the tag of an answer in a coding: its bytes differ, so its strong tag must too."""
    return b'%b.%b"' % (tag[:-1], coding.encode()) if coding and tag.endswith(b'"') else tag


def _plain(tags: bytes) -> bytes:
    """Return tags without the codings that this layer has added to them."""
    return tags.replace(b'.zstd"', b'"').replace(b'.gzip"', b'"')


def _without_codings(scope: Scope) -> Scope:
    """Return the scope with the tags that it names as the application knows them."""
    conditional = (b"if-match", b"if-none-match")
    if not any(name in conditional for name, _ in scope.get("headers", ())):
        return scope
    headers = [(k, _plain(v) if k in conditional else v) for k, v in scope["headers"]]
    return {**scope, "headers": headers}
