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
from geo.imports import agreeing
from geo.imports import proposing as imports
from geo.imports.proposing import Standing
from geo.proposing import Proposed, Sides
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
    sides: Sides | Standing  # of a whole import how its rows stand
    mine: bool
    refusal: Refusal | None

    @property
    def stale(self) -> bool:
        """Whether it waits, and its row, or one of its rows, has changed since."""
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
    mine = proposal.author_id == eyes.actor.id
    if not eyes.works_here:
        return None
    faces = [(asked, proposing.sides(conn, asked)) for asked in _faces(office, proposal)]
    reading = dataclasses.replace(eyes, actor=dataclasses.replace(eyes.actor, scopes=None))
    hidden = _refusal(conn, faces, proposal, reading)
    if hidden and not mine:
        return None
    settled = _settled(conn, office, proposal)
    seen = [
        proposing.shown(conn, asked, found, eyes.sight, free=settled.is_free)
        for asked, found in faces
    ]
    whole = [sides for sides in seen if sides is not None]
    if len(whole) < len(seen):
        return None
    refusal = _refusal(conn, faces, proposal, eyes)
    sides = standing(conn, office, settled, eyes) if proposal.is_import else whole[0]
    return Shown(settled, sides, mine, refusal)


def _faces(office: Engine, proposal: Proposal) -> list[Proposed]:
    """Return the change, or those of an import that stand for all as to who may see them."""
    if not proposal.is_import:
        return [proposal.asked]
    with office.connect() as own:
        found = proposals.drawn(own, proposal.id, proposal.asked.patch["faces"])
        return [one.asked(proposal.asked.when) for one in found]


def _refusal(
    conn: Connection, faces: Sequence[tuple[Proposed, Sides]], proposal: Proposal, eyes: Eyes
) -> Refusal | None:
    author = proposal.author_id
    found = (eyes.refusal(conn, asked.layer, sides.rows, author) for asked, sides in faces)
    return next((one for one in found if one), None)


def standing(conn: Connection, office: Engine, proposal: Proposal, eyes: Eyes) -> Standing:
    """Return how the rows of an import stand; what is decided has changed in none."""
    with office.connect() as own:
        known = proposals.known(own, proposal.id)
    if not proposal.is_open:
        base = sum(one.base or 0 for one in known)
        return Standing(base, base, [])
    return imports.standing(conn, known, eyes.sight)


def _settled(conn: Connection, office: Engine, proposal: Proposal) -> Proposal:
    """Return a proposal as the history has it; note it where that was not done in time."""
    if not proposal.is_open:
        return proposal
    if proposal.is_import:
        found = agreeing.written(conn, proposal.number)
    else:
        found = proposing.written(conn, proposal.asked, proposal.mark)
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
        proposal = waiting(conn, office, key, eyes)
        with database.writing(office) as own:
            proposals.agree(own, key, note)
        saved = proposing.write(conn, proposal.asked, edit(proposal, eyes), revision=revision)
    note_accepted(office, key, eyes, saved.revision)
    return saved


def note_accepted(office: Engine, key: str, eyes: Eyes, revision: int | None) -> None:
    """Note what was written; where that cannot be done, the next who looks does."""
    try:
        with database.writing(office) as own:
            who = eyes.actor.name
            proposals.decide(own, key, State.ACCEPTED, decider=who, revision=revision)
    except StoreError as error:
        log.warning("proposal %s was accepted, which is not noted yet: %s", key, error.detail)


def edit(proposal: Proposal, eyes: Eyes) -> Edit:
    """Return who writes a proposal, and why; he is asked whether he may approve each row."""

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
        waiting(conn, office, key, eyes)
        _close(office, key, State.REJECTED, eyes, note=note)


def withdraw(engine: Engine, office: Engine, key: str, eyes: Eyes) -> None:
    """Take one's own proposal back. Raises as `accept`."""
    with store.writing(engine) as conn:
        waiting(conn, office, key, eyes, own=True)
        _close(office, key, State.WITHDRAWN, eyes, note=None)


def _close(office: Engine, key: str, state: State, eyes: Eyes, *, note: str | None) -> None:
    with database.writing(office) as own:
        proposals.decide(own, key, state, decider=eyes.actor.name, note=note)


def waiting(
    conn: Connection, office: Engine, key: str, eyes: Eyes, *, own: bool = False
) -> Proposal:
    """Return a proposal that waits for somebody, or that is his own and waits.

    Raises:
        NotFoundError: it is not there for him.
        DecidedError, GeoError: as of check_waiting.
    """
    found = one(conn, office, key, eyes)
    check_waiting(found, eyes, own=own)
    return found.proposal


def check_waiting(found: Shown, eyes: Eyes, *, own: bool = False) -> None:
    """Check that a proposal waits for somebody, or that it is his own and waits.

    Raises:
        DecidedError: it waits no more.
        GeoError: as `eyes.refuse` makes it.
    """
    refusal = found.refusal if not own else None if found.mine else Refusal.ROLE
    if refusal:
        raise eyes.refuse(refusal)
    if not found.proposal.is_open:
        state, key = found.proposal.state, found.proposal.id
        said, vi = f"The proposal is {state.en} already", state.vi
        raise DecidedError(said, vi=vi, parameter="proposal_id", value=key)
