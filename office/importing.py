"""Imports as jobs: files with more rows than are judged while their sender waits."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from geo import store
from geo.audience import PUBLIC
from geo.change import Edit
from geo.errors import NotFoundError, StoreError
from geo.imports import commit as committing
from geo.imports import judging, spool
from geo.imports import undo as undoing
from geo.imports.commit import Done
from geo.imports.judging import Importer
from geo.imports.preview import Phase
from geo.imports.spool import Upload
from geo.period import Period, today
from geo.query import Filter
from geo.register import Register
from office import people, permits, sights
from office.actor import ANONYMOUS, Actor
from office.can import Action, Refusal, can
from office.errors import RefusedError
from office.jobs import Facts
from office.work import DiedError, Outcome, Task, Workshop

PREVIEW, COMMIT, UNDO = "import_preview", "import_commit", "import_undo"
MOST_WRITES = 2  # tries at one commit or undo


def importer(actor: Actor, register: Register) -> Importer:
    """Return what somebody is shown and may write when he imports; anybody sees what is public."""
    sight = sights.sight(actor, register.units, register.stretches)
    asked = Filter(Period(today(), today()), sight=sight)
    if actor is ANONYMOUS:  # a program on this machine, which the operator lets write
        return Importer(Filter(asked.when, sight=PUBLIC))
    return Importer(asked, permits.refusals(actor, register.units, Action.IMPORT))


def edit(actor: Actor, who: Importer, reason: str) -> Edit:
    """Return who writes an import, and why."""
    return Edit(actor.name, reason, who.asked.sight, who.asked.when)


def acting(actor: Actor) -> Facts:
    """Return as JSON values as whom somebody asks."""
    scopes = None if actor.scopes is None else sorted(actor.scopes)
    return {
        "id": actor.id,
        "via": actor.via,
        "second_factor": actor.second_factor,
        "scopes": scopes,
    }


def actor(shop: Workshop, asked: Facts, action: Action = Action.IMPORT) -> Actor:
    """Return who asked, as his account is by now.

    Raises:
        RefusedError: it may not do that any more.
    """
    if asked["via"] == ANONYMOUS.via:
        return ANONYMOUS
    with shop.office.connect() as conn:
        try:
            person = people.get(conn, asked["id"])
        except NotFoundError as error:
            raise RefusedError(Refusal.SIGN_IN) from error
    if not person.active:
        raise RefusedError(Refusal.SIGN_IN)
    scopes = None if asked["scopes"] is None else frozenset(asked["scopes"])
    found = person.acting(asked["via"], second_factor=asked["second_factor"], scopes=scopes)
    refusal = can(found, action)
    if refusal:
        raise RefusedError(refusal)
    return found


def preview(task: Task) -> Outcome:
    """Judge an upload; a further try begins anew."""
    shop, given = task.shop, task.job.given
    who = importer(actor(shop, given["acting"]), shop.register)
    judging.judge(shop.register.engine, upload(shop, given), who, tell=teller(task))
    return Outcome({})


def commit(task: Task) -> Outcome:
    """Write an upload, once however often it is tried: all of it or nothing."""
    shop, given = task.shop, task.job.given
    done = before(task, task.job.given["key"])
    if done is None:
        by = actor(shop, given["acting"])
        who = importer(by, shop.register)
        done = judging.write(
            shop.register.engine,
            upload(shop, given),
            who,
            edit(by, who, given["reason"]),
            key=given["key"],
            tell=teller(task),
        )
    with suppress(NotFoundError):
        spool.clear(upload(shop, given))
    return Outcome(told(done))


def undo(task: Task) -> Outcome:
    """Take an import back, once however often it is tried: all of it or nothing."""
    shop, given = task.shop, task.job.given
    done = before(task, task.job.given["key"])
    if done is None:
        by = actor(shop, given["acting"])
        who = importer(by, shop.register)
        with store.writing(shop.register.engine) as conn:
            done = undoing.undo(
                conn,
                given["import"],
                edit(by, who, given["reason"]),
                may=who.may,
                new=given["key"],
                progress=adding(task, undoing.count(conn, given["import"])),
            )
    return Outcome(told(done))


def told(done: Done) -> Facts:
    """Return what an import did as JSON values."""
    return {"import": done.id, "written": done.written}


def before(task: Task, key: str) -> Done | None:
    """Return what an earlier try wrote before its worker died, None if nothing.

    Raises:
        DiedError: that happened too often.
    """
    with task.shop.register.engine.connect() as conn:
        done = committing.written(conn, key)
    if done is None and task.job.tries > MOST_WRITES:
        raise DiedError(f"The worker died {MOST_WRITES} times; nothing was written")
    return done


def upload(shop: Workshop, given: Facts) -> Upload:
    """Return the upload of a job. Raises NotFoundError, StoreError."""
    if shop.imports is None:
        raise StoreError("This worker has no folder of uploads")
    return spool.find(Path(shop.imports), given["import"], given["owner"])


def teller(task: Task) -> Callable[[Phase, int, int | None], None]:
    """Return what tells how far a job is with a file."""

    def tell(phase: Phase, done: int, of: int | None) -> None:
        task.progress(done, of, vi=phase.vi, en=phase.en)

    return tell


def adding(task: Task, total: int) -> Callable[[int], None]:
    """Return what adds up the rows that a job writes."""
    return judging.adding(teller(task), total)
