"""Proposals: changes to the register, or whole imports, that wait until somebody else agrees.

Each is decided once, in a transaction of its own under the lock of whoever writes the register.
That it was accepted the history says, by its mark; here it is noted after that, so a server that
dies in between has lost nothing: the next who looks notes it, see office.deciding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
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
from geo.later import later
from geo.tables import JsonText
from geo.vocabulary import Vocabulary
from office import clock
from office.actor import Actor
from office.database import metadata

if TYPE_CHECKING:
    from geo import proposing
    from geo.imports import commit
    from geo.imports import proposing as imports
    from geo.imports.proposing import Draft, Drawn, Known
    from geo.proposing import Proposed
else:
    commit = later("geo.imports.commit")
    imports = later("geo.imports.proposing")
    proposing = later("geo.proposing")

MOST_OPEN = 200  # of one author
MOST_IMPORTS = 20  # of those
AT_ONCE = 200  # that one look at the table brings
MARK = 16  # hexadecimal digits
MARK_OF_IMPORT = 24  # its number, without the letter before it


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
# The rows of imports that are proposed.
proposed_rows = Table(
    "proposed_rows",
    metadata,
    Column("proposal", Text, ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),  # in the order of the sheet, from 0
    Column("sheet_row", Integer, nullable=False),
    Column("layer", Text, nullable=False),
    Column("row_id", Text, nullable=False),
    Column("base", BigInteger),
    Column("patch", LargeBinary, nullable=False),
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
    def is_import(self) -> bool:
        """Whether it is a whole import, see geo.imports.proposing."""
        return self.asked.action == imports.IMPORT

    @property
    def is_free(self) -> bool:
        """Whether its new rows have no identifiers yet: an import makes way for what is there."""
        return self.is_import and self.state is not State.ACCEPTED

    @property
    def number(self) -> str:
        """The number of the import; nobody is told before it is written."""
        return f"n{self.mark}"

    @property
    def told(self) -> str:
        """The reason that stands in the history: it names the author, and ends with the mark.

        That of an import begins with its number.
        """
        if self.is_import:
            sheet = self.asked.patch
            said = dict.fromkeys(filter(None, (self.reason, sheet["document"], sheet["file"])))
            return commit.reason(self.number, f"{' – '.join(said)} · proposed by {self.author}")
        return f"{self.reason} · proposed by {self.author} · {self.mark}"


class DecidedError(ConflictError):
    """The proposal has been accepted, rejected or withdrawn already."""

    code = "decided"


def make(
    conn: Connection,
    asked: Proposed,
    reason: str,
    author: Actor,
    *,
    key: str | None = None,
    mark: str | None = None,
) -> str:
    """Keep a proposal, under a new id and mark unless they are given; returns its id.

    Raises:
        ConflictError: too many of the author's wait already.
    """
    waiting = (proposals.c.author_id == author.id) & (proposals.c.state == State.OPEN.value)
    if conn.execute(select(func.count()).where(waiting)).scalar_one() >= MOST_OPEN:
        raise ConflictError(
            f"{MOST_OPEN} proposals of yours wait; withdraw some",
            vi=f"bạn có {MOST_OPEN} đề nghị đang chờ, hãy rút bớt",
        )
    key = key or uuid4().hex
    conn.execute(
        insert(proposals).values(
            id=key, mark=mark or token_hex(MARK // 2), layer=asked.layer.name,
            row_id=asked.id, action=asked.action, at=asked.when, base=asked.base,
            patch=asked.patch, reason=reason, author_id=author.id, author=author.name,
            made_at=clock.now(), state=State.OPEN.value,
        )
    )  # fmt: skip
    return key


def make_import(
    conn: Connection, draft: Draft, reason: str, author: Actor, key: str | None = None
) -> str:
    """Keep an import that is proposed; returns its id. Raises ConflictError as `make`."""
    mine = (proposals.c.author_id == author.id) & (proposals.c.state == State.OPEN.value)
    query = select(func.count()).where(mine, proposals.c.action == imports.IMPORT)
    if conn.execute(query).scalar_one() >= MOST_IMPORTS:
        raise ConflictError(
            f"{MOST_IMPORTS} imports that you proposed wait; withdraw some",
            vi=f"bạn có {MOST_IMPORTS} lần nhập đang chờ phê duyệt, hãy rút bớt",
        )
    key = make(conn, draft.asked, reason, author, key=key, mark=token_hex(MARK_OF_IMPORT // 2))
    for start in range(0, len(draft.rows), AT_ONCE):
        part = enumerate(draft.rows[start : start + AT_ONCE], start)
        conn.execute(
            insert(proposed_rows),
            [
                {"proposal": key, "place": place, "sheet_row": one.row, "patch": one.patch}
                | {"layer": one.known.layer, "row_id": one.known.id, "base": one.known.base}
                for place, one in part
            ],
        )
    return key


def known(conn: Connection, key: str) -> list[Known]:
    """Return which rows an import that is proposed changes, by place."""
    c = proposed_rows.c
    query = select(c.layer, c.row_id, c.base).where(c.proposal == key).order_by(c.place)
    return [imports.Known(*row) for row in conn.execute(query)]


def drawn(conn: Connection, key: str, places: Iterable[int] | None = None) -> Iterator[Drawn]:
    """Yield rows of an import that is proposed, all or those of some places, in their order."""
    c = proposed_rows.c
    query = select(c.sheet_row, c.layer, c.row_id, c.base, c.patch).where(c.proposal == key)
    if places is not None:
        query = query.where(c.place.in_(list(places)))
    for row in conn.execute(query.order_by(c.place)):
        yield imports.Drawn(row[0], imports.Known(*row[1:4]), row[4])


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
    asked = proposing.Proposed(
        layers.get(row["layer"]), row["action"], row["row_id"], row["at"], row["base"], row["patch"]
    )
    given = {name: row[name] for name in _PLAIN}
    return Proposal(asked=asked, state=STATES[row["state"]], **given)
