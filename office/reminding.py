"""Reminders as jobs: each person is told once a day what of his duties is overdue or ends soon.

The job of the day makes one of his own for everybody who has something to be told. Its result is
what he finds among his jobs, and, where mail can be sent to him, in one mail. A mail leaves the
house: it tells no more than he sees before he has shown his second factor.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from geo import overdue
from geo.layers import AGREEMENTS, COMMITMENTS, INSPECTIONS
from geo.overdue import Due
from geo.period import Period
from geo.query import Filter
from geo.register import Register
from geo.schema import Layer, Title
from office import clock, database, jobs, mail, people, sights, tokens
from office.can import MAY, Action, Reach, Thing, can
from office.jobs import Facts
from office.people import Person
from office.work import Outcome, Task

log = logging.getLogger(__name__)

KIND, OWN_KIND = "reminders", "reminder"
MOST_TOLD = 100  # rows of one duty
TOKEN_DAYS = 14  # ahead, that a token which ends is told of
SENT = "sent"


class Duty(NamedTuple):
    """What is looked for, and whose it is: of who may do `action` in `layer` where the row lies."""

    name: str
    title: Title
    action: Action
    layer: Layer
    find: Callable[[Connection, Filter, str], list[Due]]


DUTIES = (
    Duty(
        "inspections",
        Title("Cột mốc quá hạn kiểm tra", "Markers whose inspection is overdue"),
        Action.CREATE,
        INSPECTIONS,
        overdue.inspections,
    ),
    Duty(
        "commitments",
        Title("Cam kết quá hạn", "Overdue commitments"),
        Action.EDIT,
        COMMITMENTS,
        overdue.commitments,
    ),
    Duty(
        "agreements",
        Title("Thỏa thuận sắp hết hiệu lực", "Agreements that expire soon"),
        Action.EDIT,
        AGREEMENTS,
        overdue.agreements,
    ),
)
TOKENS = Title("Mã truy cập sắp hết hạn", "Tokens that expire soon")
Told = list[tuple[str, Title, list[Due]]]  # by the name of a duty


def run(task: Task) -> Outcome:
    """Make a job for each person who has something to be told."""
    office, day = task.shop.office, task.job.given["date"]
    with office.connect() as conn:
        everybody = [person for person in people.everybody(conn) if person.active]
    told = 0
    for done, person in enumerate(everybody, 1):
        if any(found for _, _, found in due(task, person, day)):
            told += 1
            key = f"{OWN_KIND}-{day}-{person.id}"
            with database.writing(office) as conn:
                jobs.submit_once(conn, key, OWN_KIND, {"date": day}, person.id)
        task.progress(done, len(everybody), vi="Đang xem từng người", en="Looking at each person")
    return Outcome({"people": len(everybody), "reminded": told})


def run_own(task: Task) -> Outcome:
    """Tell one person, who is the owner of the job, at most once by mail."""
    with task.shop.office.connect() as conn:
        person = people.get(conn, task.job.actor)
    told = due(task, person, task.job.given["date"])
    facts: Facts = {name: _facts(found) for name, _, found in told}
    return Outcome(facts | {"mail": _mailed(task, person, told)})


def due(task: Task, person: Person, day: str) -> Told:
    """Return what a person is to be told on a day."""
    register = task.shop.register
    with register.engine.connect() as conn:
        told = [
            (duty.name, duty.title, duty.find(conn, asked, day))
            for duty, asked in _duties(register, person, day)
        ]
    with task.shop.office.connect() as conn:
        return [*told, ("tokens", TOKENS, _tokens(conn, person))]


def _duties(register: Register, person: Person, day: str) -> Iterator[tuple[Duty, Filter]]:
    whole = person.acting("session", second_factor=True)
    shown = person.acting("session", second_factor=False)
    sight = sights.sight(shown, register.units, register.stretches)
    for duty in DUTIES:
        if can(whole, duty.action, Thing(duty.layer)) is None:
            at_home = MAY[duty.action][whole.role] is Reach.HOME
            units = register.units.territory(whole.provinces) if at_home else None
            yield duty, Filter(Period(day, day), units=units, sight=sight)


def _tokens(conn: Connection, person: Person) -> list[Due]:
    last = clock.now() + TOKEN_DAYS * clock.DAY
    held = [one for one in tokens.of(conn, person.id) if one.expires_at <= last]
    found = [Due("tokens", one.id, one.name, _date(one.expires_at)) for one in held]
    return sorted(found, key=lambda one: one.date)


def _date(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


def _facts(found: list[Due]) -> Facts:
    return {"count": len(found), "rows": [one._asdict() for one in found[:MOST_TOLD]]}


def _mailed(task: Task, person: Person, told: Told) -> str:
    """Send the one mail; says what came of it, for a mail that fails spoils no reminder."""
    server = task.shop.chores.mail
    to = people.address_of(person)
    if server is None or to is None:
        return "none"
    if task.job.saved is not None:  # of a try that was cut off: nobody gets two
        return SENT if task.job.saved == SENT else "unknown"
    task.save("sending")
    subject = f"Cột Mốc: nhắc việc / reminders {task.job.given['date']}"
    try:
        mail.send(server, to=to, name=person.name, subject=subject, text=text(told))
    except mail.MailError as error:
        log.warning("no reminder was sent to %s: %s", person.id, error.detail)
        return "failed"
    task.save(SENT)
    return SENT


def text(told: Told) -> str:
    """Return the text of a mail, Vietnamese first."""
    parts = [
        "\n".join([f"{title.vi} / {title.en}: {len(found)}", *_lines(found)])
        for _, title, found in told
        if found
    ]
    return "\n\n".join(parts) + "\n"


def _lines(found: list[Due]) -> list[str]:
    lines = [f"- {one.date}  {one.name}  ({one.id})" for one in found[:MOST_TOLD]]
    more = len(found) - MOST_TOLD
    return [*lines, f"… và {more} việc khác / and {more} more"] if more > 0 else lines
