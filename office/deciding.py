"""Who sees a proposal, and what becomes of it: two databases, and no fault between them.

Its author sees a proposal, and whoever may approve it, as long as he is shown all that it
changes; to everybody else it is not there. What was accepted the history tells by the mark of the
proposal. So decisions are made under the lock of whoever writes the register, after a look at the
history: an accepted proposal is never decided again, nor written twice, whatever died in between.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from geo import period, proposing, scope, store
from geo.audience import Sight
from geo.change import Edit, Permit, Saved
from geo.errors import GeoError, StoreError
from geo.proposing import Sides
from geo.schema import Layer
from geo.types import Row
from geo.units import Units
from office import database, proposals
from office.actor import Actor
from office.can import Action, Refusal, Thing, can
from office.proposals import DecidedError, Proposal, State

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks, what he is shown of the register, whose units these are.

    `refuse` makes the error of what he may not do.
    """

    actor: Actor
    sight: Sight
    units: Units
    refuse: Callable[[Refusal], GeoError]

    @property
    def works_here(self) -> bool:
        """Whether he is of those who propose or approve; a token that only reads does for that."""
        whole = dataclasses.replace(self.actor, scopes=None)
        return can(whole, Action.PROPOSE) is None

    def refusal(
        self, conn: Connection, layer: Layer, rows: Sequence[Row], author: str
    ) -> Refusal | None:
        """Return why he may not approve a change to these versions, None if he may."""
        for row in rows:
            territory = self.units.territory(scope.holders(conn, layer, row))
            found = can(self.actor, Action.APPROVE, Thing(layer, territory, author=author))
            if found:
                return found
        return None


class Shown(NamedTuple):
    """A proposal as somebody sees it; `refusal` is why he may not decide it."""

    proposal: Proposal
    sides: Sides
    mine: bool
    refusal: Refusal | None

    @property
    def stale(self) -> bool:
        """Whether it waits, and its row has changed since."""
        return self.proposal.is_open and self.sides.stale

    @property
    def may_decide(self) -> bool:
        """Whether it waits for him."""
        return self.proposal.is_open and self.refusal is None

    @property
    def may_withdraw(self) -> bool:
        """Whether it waits, and is his own."""
        return self.proposal.is_open and self.mine


def look(conn: Connection, office: Engine, proposal: Proposal, eyes: Eyes) -> Shown | None:
    """Return what somebody sees of a proposal, None if it is not for him."""
    mine, asked = proposal.author_id == eyes.actor.id, proposal.asked
    if not eyes.works_here:
        return None
    found = proposing.sides(conn, asked)
    reading = dataclasses.replace(eyes, actor=dataclasses.replace(eyes.actor, scopes=None))
    hidden = reading.refusal(conn, asked.layer, found.rows, proposal.author_id)
    if hidden and not mine:
        return None
    seen = proposing.shown(conn, asked, found, eyes.sight)
    if seen is None:
        return None
    refusal = eyes.refusal(conn, asked.layer, found.rows, proposal.author_id)
    return Shown(_settled(conn, office, proposal), seen, mine, refusal)


def _settled(conn: Connection, office: Engine, proposal: Proposal) -> Proposal:
    """Return a proposal as the history has it; note it where that was not done in time."""
    found = proposing.written(conn, proposal.asked, proposal.mark) if proposal.is_open else None
    if found is None:
        return proposal
    at = int(datetime.fromisoformat(found.at).timestamp())
    who, revision, accepted = found.actor, found.revision, State.ACCEPTED
    with suppress(StoreError), database.writing(office) as own:
        proposals.decide(own, proposal.id, accepted, decider=who, at=at, revision=revision)
    return dataclasses.replace(
        proposal, state=accepted, decider=who, decided_at=at, revision=revision
    )


def one(conn: Connection, office: Engine, key: str, eyes: Eyes) -> Shown:
    """Return one proposal.

    Raises:
        NotFoundError: there is none, or it is not for him.
    """
    with office.connect() as own:
        proposal = proposals.find(own, key)
    found = look(conn, office, proposal, eyes)
    if found is None:
        raise proposals.missing(key)
    return found


def listed(
    conn: Connection,
    office: Engine,
    eyes: Eyes,
    *,
    state: State | None,
    before: str | None,
    limit: int,
) -> tuple[list[Shown], str | None]:
    """Return the newest proposals that somebody sees, and the one to go on before, None at the end.

    Raises:
        NotFoundError: there is no such proposal to go on before, or it is not for him.
    """
    last = None if before is None else one(conn, office, before, eyes).proposal
    found: list[Shown] = []
    for proposal in _candidates(office, eyes, state, last):
        shown = look(conn, office, proposal, eyes)
        if shown is None or state not in (None, shown.proposal.state):
            continue
        if len(found) == limit:
            return found, found[-1].proposal.id
        found.append(shown)
    return found, None


def _candidates(
    office: Engine, eyes: Eyes, state: State | None, last: Proposal | None
) -> Iterator[Proposal]:
    approves = can(dataclasses.replace(eyes.actor, scopes=None), Action.APPROVE) is None
    author = None if approves else eyes.actor.id
    while True:
        with office.connect() as own:
            part = proposals.listed(own, state=state, author=author, before=last)
        yield from part
        if len(part) < proposals.AT_ONCE:
            return
        last = part[-1]


def accept(
    engine: Engine, office: Engine, key: str, eyes: Eyes, *, revision: int | None, note: str | None
) -> Saved:
    """Write what was proposed, on the revision of the row that was looked at.

    Raises:
        NotFoundError, DecidedError: as of `one`; it waits no more.
        StaleError: the row is not at that revision.
        GeoError: he may not approve it, or it cannot be written; it waits on.
    """
    with store.writing(engine) as conn:
        proposal = _waiting(conn, office, key, eyes)
        with database.writing(office) as own:
            proposals.agree(own, key, note)
        saved = proposing.write(conn, proposal.asked, _edit(proposal, eyes), revision=revision)
    try:
        with database.writing(office) as own:
            who, revision = eyes.actor.name, saved.revision
            proposals.decide(own, key, State.ACCEPTED, decider=who, revision=revision)
    except StoreError as error:  # it is written: the next who looks notes it
        log.warning("proposal %s was accepted, which is not noted yet: %s", key, error.detail)
    return saved


def _edit(proposal: Proposal, eyes: Eyes) -> Edit:
    def permit(
        conn: Connection, layer: Layer, _action: str, versions: Sequence[Row], _guarded: bool
    ) -> None:
        refusal = eyes.refusal(conn, layer, versions, proposal.author_id)
        if refusal:
            raise eyes.refuse(refusal)

    allowed: Permit = permit
    return Edit(
        eyes.actor.name,
        proposal.told,
        eyes.sight,
        when=period.parse(proposal.asked.when),
        permit=allowed,
        author=proposal.author,
    )


def reject(engine: Engine, office: Engine, key: str, eyes: Eyes, *, note: str) -> None:
    """Say no, and why. Raises as `accept`."""
    with store.writing(engine) as conn:
        _waiting(conn, office, key, eyes)
        _close(office, key, State.REJECTED, eyes, note=note)


def withdraw(engine: Engine, office: Engine, key: str, eyes: Eyes) -> None:
    """Take one's own proposal back. Raises as `accept`."""
    with store.writing(engine) as conn:
        _waiting(conn, office, key, eyes, own=True)
        _close(office, key, State.WITHDRAWN, eyes, note=None)


def _close(office: Engine, key: str, state: State, eyes: Eyes, *, note: str | None) -> None:
    with database.writing(office) as own:
        proposals.decide(own, key, state, decider=eyes.actor.name, note=note)


def _waiting(
    conn: Connection, office: Engine, key: str, eyes: Eyes, *, own: bool = False
) -> Proposal:
    """Return a proposal that waits for somebody, or that is his own and waits."""
    found = one(conn, office, key, eyes)
    refusal = found.refusal if not own else None if found.mine else Refusal.ROLE
    if refusal:
        raise eyes.refuse(refusal)
    if not found.proposal.is_open:
        state = found.proposal.state
        said, vi = f"The proposal is {state.en} already", state.vi
        raise DecidedError(said, vi=vi, parameter="proposal_id", value=key)
    return found.proposal
