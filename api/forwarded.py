"""The address that a client used: its Host, or what a trusted reverse proxy says of it.

Links are built from it. Only a peer that the operator trusts may say so: `Forwarded` (RFC 7239),
or the older X-Forwarded-Proto, -Host, -Prefix and -For. From anybody else these are ignored.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors, headers
from api.links import PREFIX

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
MAX_PORT = 65_535
KNOWN = 4_096  # clients whose addresses are remembered
_SCHEMES = ("http", "https")
_TOLD = {
    b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host",
    b"x-forwarded-prefix",
}  # fmt: skip
# host [":" port] of RFC 3986: a name, an IPv4 address or an IPv6 address in brackets.
_HOST = re.compile(r"(?:[A-Za-z0-9._~-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?")
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")
_PAIR = re.compile(r'\s*([A-Za-z-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;,"\s]*)\s*')
_ELEMENTS = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')


class _NotAnAddressError(Exception):
    """A Host or what a proxy says of it cannot be part of an address; the text names it."""


class Said(NamedTuple):
    """What the client used, as far as a proxy says it."""

    scheme: str | None = None
    host: str | None = None
    prefix: str | None = None
    client: str | None = None


_NOTHING = Said()


class Forwarded:
    """Puts scheme, host and client as the outermost trusted hop saw them into the scope.

    The prefix, which a proxy has taken off the path, stands under PREFIX in the scope; `prefix` is
    the one where no proxy says it. A Host that is none is a 400.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[Network], prefix: str = "") -> None:
        self.app = app
        self.trusted = trusted
        self.prefix = prefix
        self._client = lru_cache(KNOWN)(self._find_client)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Go on with the address that the client used, or answer 400."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            changed = self._changed(scope)
        except _NotAnAddressError as error:
            answer = errors.problem(Request(scope), 400, "bad_host", value=str(error))
            await answer(scope, receive, send)
            return
        await self.app(changed, receive, _only_https(send) if _is_https(changed) else send)

    def client(self, peer: str, older: str, standard: str) -> str:
        """Return the address of the client, of the peer's and what X-Forwarded-For, Forwarded say.

        It costs little when asked again.
        """
        return self._client(peer, older, standard)

    def _find_client(self, peer: str, older: str, standard: str) -> str:
        given = Headers({"x-forwarded-for": older, "forwarded": standard})
        return self._said({"client": (peer, 0)}, given).client or peer

    def _changed(self, scope: Scope) -> Scope:
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if not hosts and scope.get("http_version") == "1.0":
            return {**scope, PREFIX: self.prefix}
        said = _NOTHING
        if any(name in _TOLD for name, _ in scope["headers"]):
            said = self._said(scope, Headers(scope=scope))
        host = said.host or ", ".join(hosts)
        prefix = self.prefix if said.prefix is None else said.prefix.rstrip("/")
        _check(_HOST, host)
        _check(_PREFIX, prefix)
        changed = {**scope, PREFIX: prefix}
        if said.host:
            changed["headers"] = list(scope["headers"])
            MutableHeaders(scope=changed)["host"] = host
        if said.scheme in _SCHEMES:
            changed["scheme"] = said.scheme
        if said.client:
            changed["client"] = (said.client, 0)
        return changed

    def _said(self, scope: Scope, headers: Headers) -> Said:
        peer = scope.get("client")
        if peer is None or not self._trusts(peer[0]):
            return Said()
        older = self._older(headers)
        # A proxy that speaks the older way passes a client's own Forwarded on unread.
        return older if any(older) else self._standard(headers)

    def _older(self, headers: Headers) -> Said:
        """Read the X- headers: the nearest proxy wrote the last entry of each."""
        scheme, host, prefix = (
            _last(headers, f"x-forwarded-{name}") for name in ("proto", "host", "prefix")
        )
        chain = _entries(headers, "x-forwarded-for")
        return Said(scheme and scheme.lower(), host, prefix, self._outermost(chain))

    def _standard(self, headers: Headers) -> Said:
        """Read Forwarded from its end, as long as the hops are trusted."""
        found = Said()
        for element in reversed(_ELEMENTS.findall(",".join(headers.getlist("forwarded")))):
            pairs = {name.lower(): _bare(value) for name, value in _PAIR.findall(element)}
            client = _address(pairs.get("for", ""))
            found = Said(pairs.get("proto", "").lower() or None, pairs.get("host"), None, client)
            if client is None or not self._trusts(client):
                break
        return found

    def _outermost(self, chain: list[str]) -> str | None:
        """Return the last address of a chain of hops that is not one of our own proxies."""
        addresses = [_address(entry) for entry in chain]
        strange = (one for one in reversed(addresses) if one and not self._trusts(one))
        return next(strange, addresses[0] if addresses else None)

    def _trusts(self, text: str) -> bool:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in self.trusted)


def _is_https(scope: Scope) -> bool:
    return bool(scope["scheme"] == "https")


def _only_https(send: Send) -> Send:
    """Tell the browser to come by https for a year."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], headers.HSTS]
        await send(message)

    return sending


@lru_cache(KNOWN)
def _check(form: re.Pattern[str], text: str) -> None:
    found = form.fullmatch(text)
    if found is None or int(found.groupdict().get("port") or 0) > MAX_PORT:
        raise _NotAnAddressError(text)


def _entries(headers: Headers, name: str) -> list[str]:
    parts: Iterator[str] = (part.strip() for part in ",".join(headers.getlist(name)).split(","))
    return [part for part in parts if part]


def _last(headers: Headers, name: str) -> str | None:
    return next(reversed(_entries(headers, name)), None)


def _bare(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def _address(node: str) -> str | None:
    """Return the IP address of a hop such as 192.0.2.1:80 or [2001:db8::1]:80, or None."""
    bare = node[1:].partition("]")[0] if node.startswith("[") else node
    for text in (bare, bare.partition(":")[0]):
        try:
            return str(ipaddress.ip_address(text))
        except ValueError:
            continue
    return None
