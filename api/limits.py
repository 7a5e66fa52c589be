"""How much one client may ask for in a time: by address, and by account where there is one.

Each key has an instant up to which it has asked ahead (GCRA, ITU-T I.371); asking moves it on by
one step, and who is more than the burst ahead of the clock waits. Plain reads are counted in each
process, changes and files in cells that all processes of the server share.
"""

import re
import struct
from functools import lru_cache
from hashlib import blake2b
from math import ceil
from mmap import mmap
from time import monotonic
from typing import NamedTuple, Protocol

from fastapi import Request

from api import actors, gate, logged
from api.errors import TooManyError
from api.settings import Settings
from api.shared import Shared
from office import throttle
from office.actor import ANONYMOUS

BURST_S = 30.0  # what of that many seconds may be asked at once
OF_ADDRESS = 4  # an address may ask for that much more than an account: an office shares one
MOST_KEYS = 20_000  # in the memory of one process
CELLS, NEAR = 65_536, 8  # how many cells there are, and in how many of them a key may lie
_CELL = struct.Struct("<8sd")  # whose it is, and the instant
_NETWORK = re.compile(r"[0-9.]+|[0-9a-f:]+/64")
_SAFE = ("GET", "HEAD", "OPTIONS")
HERE = ("127.0.0.1", "::1")  # the addresses that programs on this machine mostly have
_WRITING = ("/api/oidc/",)  # GET, and yet something is written


class Rate(NamedTuple):
    """How much may be asked: so much a second on the average, and `BURST_S` of it at once."""

    per_s: float

    def after(self, ahead_to: float, now: float) -> tuple[float, float]:
        """Return the instant that asking once more leads to, and how long to wait; seconds."""
        step, most = 1 / self.per_s, now + max(BURST_S, 1 / self.per_s)
        asked = max(ahead_to, now) + step
        return asked, max(0.0, asked - most)


class Cells(Protocol):
    """Where the instants are kept."""

    def wait(self, key: str, rate: Rate) -> float:
        """Count that something is asked for; return how long to wait instead, seconds."""


class Own:
    """Instants in the memory of this process, of those who asked last.

    They lie in two halves: when the younger is full, it becomes the older one, and what lay there
    is forgotten. So memory is bounded, and asking costs the same however many others ask.
    """

    def __init__(self) -> None:
        self._young: dict[str, float] = {}
        self._old: dict[str, float] = {}

    def left(self, key: str, rate: Rate) -> float:
        """Return how long to wait before something may be asked for, seconds."""
        now = monotonic()
        known = self._young.get(key)
        return rate.after(self._old.get(key, now) if known is None else known, now)[1]

    def wait(self, key: str, rate: Rate) -> float:
        """Count that something is asked for; return how long to wait instead, seconds."""
        now = monotonic()
        known = self._young.get(key)
        ahead = self._old.get(key, now) if known is None else known
        asked, wait = rate.after(ahead, now)
        if known is None and len(self._young) >= MOST_KEYS // 2:
            self._old, self._young = self._young, {}
        self._young[key] = ahead if wait else asked
        return wait


class Common:
    """Instants that the processes of a server have in common."""

    def __init__(self) -> None:
        self._cells = Shared(CELLS * _CELL.size)

    def wait(self, key: str, rate: Rate) -> float:
        """Count that something is asked for; return how long to wait instead, seconds."""
        digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        now = monotonic()
        with self._cells.alone() as held:
            at, ahead = _find(held, digest, now)
            asked, wait = rate.after(ahead, now)
            if not wait:
                _CELL.pack_into(held, at, digest[8:], asked)
        return wait


def _find(held: mmap, digest: bytes, now: float) -> tuple[int, float]:
    """Return the place of a key and its instant; a new one takes that of who is least ahead."""
    first = int.from_bytes(digest[:8])
    places = [(first + step) % CELLS * _CELL.size for step in range(NEAR)]
    found = {at: _CELL.unpack_from(held, at) for at in places}
    for at, (owner, ahead) in found.items():
        if owner == digest[8:]:
            return at, ahead
    return min(found, key=lambda at: found[at][1]), now


@lru_cache(4_096)
def who(address: str) -> str:
    """Return what is counted for an address: the network that one client commands.

    Nothing where that is this machine, or no address at all.
    """
    found = throttle.network(address)
    return "" if gate.loopback(address) or not _NETWORK.fullmatch(found) else found


class Limits:
    """The limits of one server."""

    def __init__(self, settings: Settings) -> None:
        self.local = settings.limit_loopback
        self.reads = settings.limit_reads
        self.rates = {"changes": settings.limit_changes, "files": settings.limit_files}
        self._own, self._common = Own(), Common()

    def read(self, address: str) -> None:
        """Count a request of an address in this process. Raises TooManyError."""
        if address in HERE and not self.local:
            return
        key = self._key(address)
        if key and self.reads:
            _check(self._own, key, self.reads)

    def refuses(self, address: str) -> bool:
        """Say whether `read` would refuse a request of an address now."""
        if address in HERE and not self.local:
            return False
        key = self._key(address)
        return bool(key and self.reads and self._own.left(key, Rate(self.reads)))

    def take(self, kind: str, address: str) -> None:
        """Count a change or a file that an address asks for. Raises TooManyError."""
        key = self._key(address)
        if key and self.rates[kind]:
            _check(self._common, f"{kind} {key}", self.rates[kind] * OF_ADDRESS)

    def take_of(self, account: str, kind: str, address: str) -> None:
        """Count it of an account too, wherever that asks from. Raises TooManyError."""
        if self._key(address) and self.rates[kind]:
            _check(self._common, f"{kind} of {account}", self.rates[kind])

    def _key(self, address: str) -> str:
        return who(address) or (address if self.local else "")


def _check(cells: Cells, key: str, per_s: float) -> None:
    wait = cells.wait(key, Rate(per_s))
    if wait:
        raise TooManyError(ceil(wait))


def _kind(request: Request) -> str | None:
    if request.method not in _SAFE or request.scope["path"].startswith(_WRITING):
        return "changes"
    return "files" if logged.exported(request.scope) else None


async def check(request: Request) -> None:
    """Let a change or a file through if its sender has not asked for too much.

    Raises:
        TooManyError: he has.
        BadTokenError: the API token is no good.
    """
    kind = _kind(request)
    if kind is None:
        return
    limits: Limits = request.app.state.limits
    address = actors.address(request) or ""
    limits.take(kind, address)
    actor = await actors.actor_soon(request)
    if actor is not ANONYMOUS:
        limits.take_of(actor.id, kind, address)
