"""One who proposes and one who accepts while the server is killed, and what came of it."""

from __future__ import annotations

import http.client
import json
from itertools import count
from threading import Event, Thread
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from geo import store
from geo.errors import NotFoundError
from geo.store import Target
from geo.tables import history
from office import database, people, proposals, tokens
from office.actor import Role
from office.proposals import Proposal, State
from tests.kill.writers import ITEMS, TIMEOUT_S, Known

PROPOSALS = "/api/proposals"
SHAPE = {"type": "Point", "coordinates": [107.5, 12.5]}
_names = count(1)


class Pair(NamedTuple):
    """The tokens of one who proposes and of one who accepts."""

    author: str
    approver: str


def pair(place: Target) -> Pair:
    """Make the two accounts in the private database of a store."""
    office = database.open_office(database.beside(place))
    with database.writing(office) as conn:
        made = Pair(_token(conn, "author"), _token(conn, "approver"))
    office.dispose()
    return made


def _token(conn: Connection, login: str) -> str:
    found = people.create(conn, login, name=login, role=Role.ADMIN)
    actor = found.acting("session", second_factor=True)
    scopes = frozenset({tokens.Scope.WRITE})
    return tokens.make(conn, actor, name="kill", scopes=scopes, days=1)[1]


class Proposer(Thread):
    """Adds markers and changes each by a proposal; what was not answered is asked for again."""

    def __init__(self, port: int, known: Known, stop: Event, pair: Pair) -> None:
        super().__init__(daemon=True)
        self.port, self.known, self.stop, self.pair = port, known, stop, pair
        self.name = f"p{next(_names)}"
        self.made = 0

    def run(self) -> None:
        """Go on until it is stopped, or the server does not answer any more."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        try:
            for key, (row, note) in list(self.known.waiting.items()):
                self._accept(connection, key, row, note)
            for number in count():
                if self.stop.is_set():
                    break
                self._propose(connection, f"{self.name}.{number}")
        except (OSError, http.client.HTTPException):
            pass
        connection.close()

    def _propose(self, connection: http.client.HTTPConnection, row: str) -> None:
        first, second = f"{row} as it was", f"{row} as proposed"
        values = {"number": row, "note": first}
        feature = {"type": "Feature", "id": row, "geometry": SHAPE, "properties": values}
        self._ask(row, first)
        self._send(connection, self.pair.author, ITEMS, feature, 201)
        self._told(row, new=True)
        change = {"properties": {"note": second}}
        asked = {"layer": "markers", "id": row, "reason": "kill", "feature": change}
        made = self._send(connection, self.pair.author, PROPOSALS, asked, 201)
        self.known.waiting[made["id"]] = (row, second)
        self.made += 1
        self._accept(connection, made["id"], row, second)

    def _accept(
        self, connection: http.client.HTTPConnection, key: str, row: str, note: str
    ) -> None:
        """Accept a proposal; one of which nobody knows what became of it may be accepted."""
        self._ask(row, note)
        path = f"{PROPOSALS}/{key}/accept"
        told = self._send(connection, self.pair.approver, path, {"revision": 1}, 200, 409)
        assert "register" in told or told["code"] == "decided", told
        self._told(row, new="register" in told)
        del self.known.waiting[key]
        self.known.accepted.add(key)

    def _ask(self, row: str, note: str) -> None:
        with self.known.lock:
            self.known.asked[row] = note

    def _told(self, row: str, *, new: bool) -> None:
        with self.known.lock:
            self.known.told[row] = self.known.asked.pop(row)
            self.known.acknowledged += new

    def _send(
        self,
        connection: http.client.HTTPConnection,
        token: str,
        path: str,
        body: dict[str, Any],
        *expected: int,
    ) -> dict[str, Any]:
        media = "application/geo+json" if path == ITEMS else "application/json"
        headers = {"Authorization": f"Bearer {token}", "Content-Type": media}
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        said = answer.read()
        assert answer.status in expected, (answer.status, said)
        return json.loads(said) if said else {}


def wrong(place: Target, known: Known) -> list[str]:
    """Return each proposal that was lost, or written when it was not to be, or more than once."""
    office, engine = database.open_office(database.beside(place)), store.open_store(place)
    with office.connect() as own, engine.connect() as conn:
        keys = sorted({*known.accepted, *known.waiting})
        found = [said for key in keys if (said := _wrong(own, conn, key, known))]
    for one in (office, engine):
        one.dispose()
    return found


def _wrong(own: Connection, conn: Connection, key: str, known: Known) -> str | None:
    try:
        proposal = proposals.find(own, key)
    except NotFoundError:
        return f"proposal {key} is lost"
    times = _written(conn, proposal)
    accepted = proposal.state is State.ACCEPTED
    if key in known.accepted:
        sound = accepted and times == 1
    else:  # what was written the history tells, though it was not noted in time
        sound = times <= 1 and (times == 1 or not accepted)
    return None if sound else f"proposal {key} is {proposal.state.value}, written {times} times"


def _written(conn: Connection, proposal: Proposal) -> int:
    marked = history.c.reason.like(f"%{proposal.mark}")
    return int(conn.execute(select(func.count()).where(marked)).scalar_one())
