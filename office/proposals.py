"""Proposals: changes to the register that wait until somebody else agrees.

Each is decided once, in a transaction of its own under the lock of whoever writes the register.
That it was accepted the history says, by its mark; here it is noted after that, so a server that
dies in between has lost nothing: the next who looks notes it, see office.deciding.
"""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    RowMapping,
    Table,
    Text,
    and_,
    func,
    insert,
    or_,
    select,
    update,
)

from geo import layers
from geo.errors import ConflictError, NotFoundError
from geo.proposing import Proposed
from geo.tables import JsonText
from geo.vocabulary import Vocabulary
from office import clock
from office.actor import Actor
from office.database import metadata

MOST_OPEN = 200  # of one author
AT_ONCE = 200  # that one look at the table brings
MARK = 16  # hexadecimal digits


class State(Vocabulary):
    """Where a proposal is on its way."""

    OPEN = "open", "chờ phê duyệt", "waiting"
    ACCEPTED = "accepted", "đã chấp thuận", "accepted"
    REJECTED = "rejected", "không chấp thuận", "rejected"
    WITHDRAWN = "withdrawn", "đã rút", "withdrawn"


STATES = {state.value: state for state in State}

proposals = Table(
    "proposals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("mark", Text, nullable=False),  # ends the reason in the history; told to nobody before
    Column("layer", Text, nullable=False),
    Column("row_id", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("at", Text, nullable=False),  # date whose version is meant
    Column("base", BigInteger),  # revision that it was made on
    Column("patch", JsonText, nullable=False),
    Column("reason", Text, nullable=False),
    Column("author_id", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),  # seconds since 1970
    Column("state", Text, nullable=False),
    Column("decider", Text),
    Column("decided_at", BigInteger),
    Column("note", Text),
    Column("revision", BigInteger),  # of the row, once accepted
    Index("proposals_state", "state", "made_at", "id"),
    Index("proposals_author", "author_id", "made_at"),
)
_PLAIN = (
    "id", "mark", "reason", "author_id", "author", "made_at", "decider", "decided_at", "note",
    "revision",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal as its row tells it; times are seconds since 1970.

    The note of one that is open is of somebody who was about to accept it.
    """

    id: str
    mark: str
    asked: Proposed
    reason: str
    author_id: str
    author: str
    made_at: int
    state: State
    decider: str | None
    decided_at: int | None
    note: str | None
    revision: int | None

    @property
    def is_open(self) -> bool:
        """Whether it waits."""
        return self.state is State.OPEN

    @property
    def told(self) -> str:
        """The reason that stands in the history: it names the author, and ends with the mark."""
        return f"{self.reason} · proposed by {self.author} · {self.mark}"


class DecidedError(ConflictError):
    """The proposal has been accepted, rejected or withdrawn already."""

    code = "decided"


def make(conn: Connection, asked: Proposed, reason: str, author: Actor) -> str:
    """Keep a proposal; returns its id.

    Raises:
        ConflictError: too many of the author's wait already.
    """
    waiting = (proposals.c.author_id == author.id) & (proposals.c.state == State.OPEN.value)
    if conn.execute(select(func.count()).where(waiting)).scalar_one() >= MOST_OPEN:
        raise ConflictError(
            f"{MOST_OPEN} proposals of yours wait; withdraw some",
            vi=f"bạn có {MOST_OPEN} đề nghị đang chờ, hãy rút bớt",
        )
    key = uuid4().hex
    conn.execute(
        insert(proposals).values(
            id=key, mark=token_hex(MARK // 2), layer=asked.layer.name,
            row_id=asked.id, action=asked.action, at=asked.when, base=asked.base,
            patch=asked.patch, reason=reason, author_id=author.id, author=author.name,
            made_at=clock.now(), state=State.OPEN.value,
        )
    )  # fmt: skip
    return key


def find(conn: Connection, key: str) -> Proposal:
    """Return a proposal. Raises NotFoundError."""
    found = conn.execute(select(proposals).where(proposals.c.id == key)).mappings().first()
    if found is None:
        raise missing(key)
    return _proposal(found)


def missing(key: str) -> NotFoundError:
    """Return the error of a proposal that is not there, or not for whoever asks."""
    return NotFoundError(f"There is no proposal {key!r}", parameter="proposal_id", value=key)


def listed(
    conn: Connection, *, state: State | None, author: str | None, before: Proposal | None
) -> list[Proposal]:
    """Return the newest, at most AT_ONCE: in a state, of an author, older than another."""
    c = proposals.c
    query = select(proposals).order_by(c.made_at.desc(), c.id.desc()).limit(AT_ONCE)
    if state is not None:
        query = query.where(c.state == state.value)
    if author is not None:
        query = query.where(c.author_id == author)
    if before is not None:
        query = query.where(_older(before))
    return [_proposal(row) for row in conn.execute(query).mappings()]


def _older(than: Proposal) -> ColumnElement[bool]:
    c = proposals.c
    same = and_(c.made_at == than.made_at, c.id < than.id)
    return or_(c.made_at < than.made_at, same)


def agree(conn: Connection, key: str, note: str | None) -> None:
    """Keep the note of whoever is about to accept an open proposal."""
    _put(conn, key, note=note)


def decide(
    conn: Connection,
    key: str,
    state: State,
    *,
    decider: str,
    at: int | None = None,
    revision: int | None = None,
    **more: Any,
) -> None:
    """Note what became of an open proposal; what became of another stays."""
    when = clock.now() if at is None else at
    told = {"state": state.value, "decider": decider, "decided_at": when, "revision": revision}
    _put(conn, key, **told, **more)


def _put(conn: Connection, key: str, **values: Any) -> None:
    waits = (proposals.c.id == key) & (proposals.c.state == State.OPEN.value)
    conn.execute(update(proposals).where(waits).values(**values))


def _proposal(row: RowMapping) -> Proposal:
    asked = Proposed(
        layers.get(row["layer"]), row["action"], row["row_id"], row["at"], row["base"], row["patch"]
    )
    given = {name: row[name] for name in _PLAIN}
    return Proposal(asked=asked, state=STATES[row["state"]], **given)
