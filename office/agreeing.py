"""Imports that wait for an approver: their rows as somebody sees them, and the jobs of long ones.

Who sees one, and that it is decided once, is as of every proposal, see office.deciding.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from geo import period, proposing, store
from geo.change_many import Progress
from geo.errors import NotFoundError
from geo.imports import agreeing, judging, spool
from geo.imports.commit import Done
from geo.imports.findings import MOST_SAID, RowsError
from geo.imports.findings import Refusal as Forbidden
from geo.imports.proposing import Draft
from geo.layers import MARKERS
from geo.proposing import Proposed, Sides
from geo.query import Filter
from geo.scope import OF_MARKERS
from office import database, deciding, importing, proposals, sights
from office.actor import Actor
from office.can import Action
from office.deciding import Eyes, Shown
from office.errors import RefusedError
from office.proposals import Proposal
from office.work import Outcome, Task

PROPOSE, ACCEPT = "import_propose", "import_accept"


class RowShown(NamedTuple):
    """One row of an import that waits, as somebody sees it; `sides` is None if it is hidden.

    `row` is its number in the sheet, `changed` says that it has changed since.
    """

    row: int
    asked: Proposed
    sides: Sides | None
    changed: bool


def rows(
    conn: Connection,
    office: Engine,
    one: Shown,
    eyes: Eyes,
    *,
    start: int,
    limit: int,
    changed: bool = False,
) -> tuple[int, list[RowShown]]:
    """Return how many rows an import has, or how many have changed since, and some of them.

    Raises:
        NotFoundError: it is no import.
    """
    proposal = one.proposal
    if isinstance(one.sides, Sides):
        raise NotFoundError("It is no import", parameter="proposal_id", value=proposal.id)
    with office.connect() as own:
        known = proposals.known(own, proposal.id)
        every = one.sides.changed if changed else range(len(known))
        places = every[start : start + limit]
        drawn = list(proposals.drawn(own, proposal.id, places))
    made = {one.id for one in known if one.layer == MARKERS.name and one.base is None}
    late = set(one.sides.changed)
    return len(every), [
        RowShown(row.row, asked, _sides(conn, proposal, asked, eyes, made), place in late)
        for place, row in zip(places, drawn, strict=True)
        for asked in (row.asked(proposal.asked.when),)
    ]


def _sides(
    conn: Connection, of: Proposal, asked: Proposed, eyes: Eyes, made: Collection[str]
) -> Sides | None:
    """Return what somebody sees of a row; who sees a new marker sees what comes with it."""
    found = proposing.sides(conn, asked)
    new = asked.layer in OF_MARKERS and asked.base is None and found.after is not None
    if new and found.after and found.after.properties["marker_id"] in made:
        return found
    return proposing.shown(conn, asked, found, eyes.sight, free=of.is_free)


def keep(office: Engine, draft: Draft, reason: str, author: Actor, key: str | None = None) -> str:
    """Keep an import that is proposed, once under a key; returns the proposal's id.

    Raises:
        ConflictError: too many of the author's wait already.
    """
    with database.writing(office) as own:
        if key is not None:
            with suppress(NotFoundError):
                return proposals.find(own, key).id
        return proposals.make_import(own, draft, reason, author, key)


def accept(
    engine: Engine,
    office: Engine,
    key: str,
    eyes: Eyes,
    *,
    revision: int | None,
    note: str | None,
    progress: Progress = lambda _: None,
) -> Done:
    """Write an import that waits, on the revisions of its rows that were looked at.

    Raises:
        NotFoundError, DecidedError: as of deciding.accept.
        RowsError: rows have changed since, or what is there by now forbids some.
        GeoError: he may not approve it.
    """
    with store.writing(engine) as conn:
        proposal = deciding.waiting(conn, office, key, eyes)
        _check_looked_at(conn, office, proposal, eyes, revision)
        with database.writing(office) as own:
            proposals.agree(own, key, note)
        day = period.Period(period.today(), period.today())
        with office.connect() as own:
            done = agreeing.write(
                conn,
                proposals.drawn(own, key),
                deciding.edit(proposal, eyes),
                layer=proposal.asked.layer,
                key=proposal.number,
                asked=Filter(day, sight=eyes.sight),
                progress=progress,
            )
    deciding.note_accepted(office, key, eyes, None)
    return done


def _check_looked_at(
    conn: Connection, office: Engine, proposal: Proposal, eyes: Eyes, revision: int | None
) -> None:
    stands = deciding.standing(conn, office, proposal, eyes)
    if stands.revision == revision:
        return
    with office.connect() as own:
        late = list(proposals.drawn(own, proposal.id, stands.changed[:MOST_SAID]))
    when, sight = proposal.asked.when, eyes.sight
    raise RowsError(Forbidden.CHANGED, list(agreeing.meanwhile(conn, late, when, sight)))


def run_propose(task: Task) -> Outcome:
    """Draw an upload up and keep it for an approver, once however often it is tried."""
    shop, given = task.shop, task.job.given
    actor = importing.actor(shop, given["acting"])
    who, upload = importing.importer(actor, shop.register), importing.upload(shop, given)
    with shop.office.connect() as own, suppress(NotFoundError):
        return Outcome({"proposal": proposals.find(own, given["key"]).id})
    tell = importing.teller(task)
    draft = judging.propose(shop.register.engine, upload, who, tell=tell)
    key = keep(shop.office, draft, given["reason"], actor, given["key"])
    spool.clear(upload)
    return Outcome({"proposal": key})


def run_accept(task: Task) -> Outcome:
    """Write an import that waits, once however often it is tried: all of it or nothing."""
    shop, given = task.shop, task.job.given
    with shop.office.connect() as own:
        proposal = proposals.find(own, given["proposal"])
    done = importing.before(task, proposal.number)
    if done is None:
        actor = importing.actor(shop, given["acting"], Action.APPROVE)
        sight = sights.sight(actor, shop.register.units, shop.register.stretches)
        eyes = Eyes(actor, sight, shop.register.units, RefusedError)
        done = accept(
            shop.register.engine,
            shop.office,
            proposal.id,
            eyes,
            revision=given["revision"],
            note=given["note"],
            progress=importing.adding(task, given["rows"]),
        )
    return Outcome(importing.told(done))
