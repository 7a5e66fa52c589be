"""Writers over HTTP that remember what they were told, and what they do not know."""

import http.client
import json
import random
import time
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Lock, Thread

ITEMS = "/api/collections/markers/items"
MEDIA = {"POST": "application/geo+json", "PATCH": "application/merge-patch+json"}
HEADERS = {
    "If-Match": "*",
    "Host": "127.0.0.1",
    "Accept-Language": "en",
}
MAY_FAIL = (503, 507)  # what a server in need may answer
TIMEOUT_S = 30.0  # longer than a server may take for anything
ABSENT = None  # the note of a marker that is not there
_names = count(1)


@dataclass
class Known:
    """The notes of markers: as acknowledged, and as asked for without an answer."""

    told: dict[str, str | None] = field(default_factory=dict)
    asked: dict[str, str | None] = field(default_factory=dict)
    waiting: dict[str, tuple[str, str]] = field(default_factory=dict)  # proposals: row and note
    accepted: set[str] = field(default_factory=set)  # proposals
    acknowledged: int = 0
    statuses: list[int] = field(default_factory=list)
    without_retry: int = 0  # 503 that did not say when to come again
    slowest_s: float = 0.0  # the longest that was waited for an answer
    lock: Lock = field(default_factory=Lock)

    def wrong(self, held: dict[str, str]) -> list[str]:
        """Return each marker that is neither as it was acknowledged nor as it was asked for."""
        found = []
        for key in self.told.keys() | self.asked.keys() | held.keys():
            allowed = {self.told.get(key, ABSENT)}
            allowed |= {self.asked[key]} if key in self.asked else set()
            if held.get(key) not in allowed:
                found.append(f"{key} is {held.get(key)!r}, not one of {allowed!r}")
        return found

    def settle(self, held: dict[str, str]) -> None:
        """Take what is held for known, before the next round."""
        self.told, self.asked = dict(held), {}


class Writer(Thread):
    """Creates, changes and deletes markers of its own until it is stopped or cannot go on."""

    def __init__(
        self, port: int, known: Known, stop: Event, *, stubborn: bool = False, padding: int = 100
    ) -> None:
        super().__init__(daemon=True)
        self.port, self.known, self.stop, self.stubborn = port, known, stop, stubborn
        self.padding = "x" * padding
        self.name = f"w{next(_names)}"
        self.own: list[str] = []
        self.random = random.Random(self.name)

    def run(self) -> None:
        """Write; an answer that never comes leaves the change unknown."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        for number in count():
            if self.stop.is_set():
                break
            try:
                self._write(connection, number)
            except (OSError, http.client.HTTPException):
                connection.close()
                if not self.stubborn:
                    break
        connection.close()

    def _write(self, connection: http.client.HTTPConnection, number: int) -> None:
        chance = self.random.random()
        if len(self.own) < 3 or chance < 0.1:
            key, method = f"{self.name}.{number}", "POST"
        else:
            key, method = self.random.choice(self.own), "PATCH" if chance < 0.8 else "DELETE"
        note = None if method == "DELETE" else f"{self.name} ghi chú {number} {self.padding}"
        with self.known.lock:
            self.known.asked[key] = note
        begun = time.monotonic()
        try:
            status = self._send(connection, method, key, note)
        finally:
            with self.known.lock:
                self.known.slowest_s = max(self.known.slowest_s, time.monotonic() - begun)
        with self.known.lock:
            self.known.statuses.append(status)
            asked = self.known.asked.pop(key)
            assert status in (201, 204, *MAY_FAIL), status
            if status < 300:
                self.known.told[key] = asked
                self.known.acknowledged += 1
                if method == "POST":
                    self.own.append(key)
                if method == "DELETE":
                    self.own.remove(key)

    def _send(
        self, connection: http.client.HTTPConnection, method: str, key: str, note: str | None
    ) -> int:
        properties = {"number": key, "note": note}
        shape = {"type": "Point", "coordinates": [107.0 + self.random.random(), 12.5]}
        body = {"properties": properties}
        if method == "POST":
            body |= {"type": "Feature", "id": key, "geometry": shape}  # type: ignore[dict-item]
        if method == "DELETE":
            body = {}
        path = ITEMS if method == "POST" else f"{ITEMS}/{key}"
        content = json.dumps(body).encode() if body else b""
        media = {"Content-Type": MEDIA[method]} if content else {}
        connection.request(method, path, content, HEADERS | media)
        answer = connection.getresponse()
        answer.read()
        if answer.status == 503 and not answer.getheader("retry-after"):
            self.known.without_retry += 1
        return answer.status


def start(
    port: int,
    known: Known,
    stop: Event,
    *,
    writers: int,
    stubborn: bool = False,
    padding: int = 100,
) -> list[Writer]:
    """Start so many writers; their notes have so many letters more."""
    made = [Writer(port, known, stop, stubborn=stubborn, padding=padding) for _ in range(writers)]
    for one in made:
        one.start()
    return made
