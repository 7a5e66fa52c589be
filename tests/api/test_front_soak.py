"""Anything at all over raw sockets: each request gets the answer that it gets alone, in order."""

import gc
import os
import resource
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.app import Served, create_app
from api.protocol import GRACE_S, KEEP_ALIVE_S, Protocol
from api.settings import Settings
from geo.store import Target
from tests import soak
from tests.api import talking
from tests.api.live import connected, serving
from tests.api.talking import Asked, Said
from tests.geo import build
from tests.server import until

SECONDS = float(os.environ.get("COTMOC_SOAK_SECONDS", "180"))  # of a whole campaign
CLIENTS = 6
WAYS = ("one by one", "together", "pieces", "bytes", "slow", "bad", "half", "leaves", "resets")
MOST_MB = 60  # that the process may grow by in a campaign; what is kept is limited
SMALL = 32_768  # bytes that a slow reader takes


class Campaign:
    """Clients that ask one server; `other` answers each request alone and keeps nothing."""

    def __init__(self, port: int, other: int) -> None:
        self.port, self.other = port, other
        self.known: dict[bytes, Said] = {}
        self.counted: Counter[str] = Counter()
        self.lock = threading.Lock()

    def expected(self, asked: Asked) -> Said:
        """Return what the request gets alone."""
        found = self.known.get(asked.raw)
        if found is None:
            found = self.known[asked.raw] = talking.alone(self.other, asked)
        return found

    def note(self, **more: int) -> None:
        """Count what was sent and answered."""
        with self.lock:
            self.counted.update(more)

    def client(self, seed: int, rounds: int, seconds: float) -> None:
        """Talk in one way after another, on a connection each."""
        rng, end = Random(seed), time.monotonic() + seconds
        for number in range(rounds):
            if time.monotonic() > end:
                return
            self.talk(rng, rng.choice(WAYS), f"client {seed}, round {number}")

    def talk(self, rng: Random, way: str, where: str) -> None:
        """Ask up to twenty things on one connection in one way."""
        size = rng.randint(1, 3) if way in ("bytes", "slow") else rng.randint(2, 20)
        ends = way not in ("bad", "half") and rng.random() < 0.3
        every = [talking.request(rng, last=ends and n == size - 1) for n in range(size)]
        for asked in every:  # before a connection is open that would be idle meanwhile
            self.expected(asked)
        with connected(self.port) as link:
            if way == "slow":
                link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
            if way == "one by one":
                self._heard(link, every, where, send_each=True)
                return
            raw = b"".join(asked.raw for asked in every) + (talking.BAD if way == "bad" else b"")
            if way in ("leaves", "resets"):
                self._leave(link, raw, rng, size, reset=way == "resets")
                return
            talking.send(link, raw, way if way in ("pieces", "bytes") else "together", rng)
            if way == "half":
                link.shutdown(socket.SHUT_WR)
                self._some(link, every, where)
                return
            if way == "slow":
                time.sleep(rng.random() / 10)
            left = self._heard(link, every, where)
            if way == "bad":
                last = talking.said(link, left, Asked(b"", False, True))
                assert (last.status, link.recv(1)) == (400, b""), where

    def _heard(
        self, link: socket.socket, every: list[Asked], where: str, *, send_each: bool = False
    ) -> bytearray:
        left = bytearray()
        for asked in every:
            if send_each:
                link.sendall(asked.raw)
            try:
                found = talking.said(link, left, asked)
            except EOFError:
                pytest.fail(f"{where}: no answer to {asked.raw!r} of {[one.raw for one in every]}")
            self._compare(asked, found, where)
        if every[-1].ends:
            assert not left, where
            assert link.recv(1) == b"", where
        return left

    def _some(self, link: socket.socket, every: list[Asked], where: str) -> None:
        """Who says that he sends no more may not be answered all; what comes is right."""
        left, heard = bytearray(), 0
        with suppress(EOFError, ConnectionResetError):
            for asked in every:
                self._compare(asked, talking.said(link, left, asked), where, sure=False)
                heard += 1
        self.note(sure=heard, unsure=len(every) - heard)

    def _leave(
        self, link: socket.socket, raw: bytes, rng: Random, size: int, *, reset: bool
    ) -> None:
        self.note(unsure=size)
        link.sendall(raw[: rng.randint(1, len(raw))])
        if rng.random() < 0.5:
            time.sleep(rng.random() / 100)
        talking.leave(link, reset=reset)

    def _compare(self, asked: Asked, found: Said, where: str, *, sure: bool = True) -> None:
        expected = self.expected(asked)
        unlike = set(found.headers) ^ set(expected.headers)
        if found != expected:
            pytest.fail(f"{where}: {asked.raw!r}: {unlike} {found!r}"[:2_000])
        if sure:
            self.note(sure=1)


@pytest.fixture
def apps(place: Target) -> Iterator[tuple[Any, Any]]:
    rows = [build.marker(f"m.{n}", 107.5, 12.5) for n in range(300)]
    build.register(place, markers=rows).engine.dispose()
    made = create_app(Settings(store=place)), create_app(Settings(store=place, kept_bytes=0))
    for app in made:
        until(lambda app=app: app.state.watch.revision() is not None)  # type: ignore[misc]
    yield made
    for app in made:
        app.state.engine.dispose()


def connections() -> int:
    gc.collect()
    return sum(isinstance(one, Protocol) for one in gc.get_objects())


def requests(port: int) -> int:
    """How many requests /metrics counts; the one that asks is not among them yet."""
    asked = b"GET /metrics HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
    with connected(port) as link:
        link.sendall(asked)
        text = talking.said(link, bytearray(), Asked(asked, False, False)).body.decode()
    families = text_string_to_metric_families(text)
    found = [one for family in families for one in family.samples]
    return int(sum(one.value for one in found if one.name == "cotmoc_requests_total"))


def ask_all(apps: tuple[Any, Any], *, rounds: int, seconds: float) -> str:
    """Let all clients talk; returns what was seen, in words."""
    before = connections()
    with (
        serving(Served(apps[0]), timeout_keep_alive=KEEP_ALIVE_S) as port,
        serving(Served(apps[1])) as other,
        ThreadPoolExecutor(CLIENTS) as pool,
    ):
        campaign = Campaign(port, other)
        campaign.client(0, 60, seconds)  # threads and connections that are kept begin here
        threads, held = threading.active_count(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        talks = [pool.submit(campaign.client, n, rounds, seconds) for n in range(1, CLIENTS + 1)]
        for talk in talks:
            talk.result()
        until(lambda: connections() <= before + 4)
        counted, sent = requests(port), campaign.counted
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held) / 1024
        assert threading.active_count() <= threads + CLIENTS + 24
    assert sent["sure"] <= counted <= sent["sure"] + sent["unsure"]
    until(lambda: connections() <= before)
    assert grown < MOST_MB + 60
    return (
        f"{sent['sure']:,} requests answered as alone and in order, {sent['unsure']:,} whose client"
        f" left; {counted:,} counted, no connection left, {grown:.0f} MB more at the peak"
    )


def test_each_gets_the_answer_that_it_gets_alone(apps: tuple[Any, Any]) -> None:
    ask_all(apps, rounds=12, seconds=60)


@pytest.mark.soak
def test_each_does_so_for_long(apps: tuple[Any, Any], back_end: str) -> None:
    section = "The HTTP front, " + ("one file" if back_end == "file" else "PostGIS")
    soak.record(section, ask_all(apps, rounds=10**9, seconds=SECONDS))


def test_who_is_told_to_stop_leaves_no_half_answer(apps: tuple[Any, Any]) -> None:
    rng = Random(1)
    every = [talking.request(rng) for _ in range(400)]
    going, cut = threading.Event(), []

    def talk(port: int, own: list[Asked]) -> None:
        with connected(port) as link:
            for number, asked in enumerate(own):
                left = bytearray()
                try:
                    link.sendall(asked.raw)
                    talking.said(link, left, asked)
                except (EOFError, ConnectionError):
                    cut.append(bytes(left))
                    return
                if number == 5:
                    going.set()

    with ThreadPoolExecutor(CLIENTS) as pool:
        with serving(Served(apps[0]), timeout_graceful_shutdown=GRACE_S) as port:
            talks = [pool.submit(talk, port, every * 50) for _ in range(CLIENTS)]
            going.wait(60)
        for one in talks:
            one.result()
    assert cut == [b""] * CLIENTS
    with pytest.raises(OSError, match="refused"), connected(port):
        pass
