"""Proving the chain: the first entry that is not as it was written, and what was done to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from geo.history.chain import GENESIS, LINKS, digest
from geo.tables import history
from geo.vocabulary import Vocabulary

BATCH = 5_000  # entries held in memory


class Tampering(Vocabulary):
    """What was done to the history, or to the checkpoints that prove it."""

    EDITED = "edited", "bị sửa", "edited"
    DELETED = "deleted", "bị xóa", "deleted"
    REORDERED = "reordered", "bị đổi chỗ", "reordered"
    DATED = "dated", "ghi ngày trước mục đứng trước nó", "dated before the entry that it follows"
    CUT = "cut", "phần cuối bị cắt", "cut off"
    REBUILT = "rebuilt", "chuỗi bị làm lại", "rebuilt"
    FORGED = "forged", "điểm chốt giả", "forged checkpoint"


class Fault(NamedTuple):
    """The first bad entry, by its number, and what is wrong with it in words."""

    seq: int
    kind: Tampering
    detail: str

    def __str__(self) -> str:
        return f"history {self.seq}: {self.kind.en}: {self.detail}"


class Link(NamedTuple):
    """One sound entry: its number, its hash, the time that it says."""

    seq: int
    hash: bytes
    at: str


START = Link(0, GENESIS, "")


def walk(conn: Connection, after: Link = START) -> Iterator[Link | Fault]:
    """Yield each sound entry after a known one; a fault comes last."""
    last = after
    for entry in entries(conn, after.seq):
        fault = _fault(conn, entry, last)
        if fault is not None:
            yield fault
            return
        last = Link(entry["seq"], bytes(entry["hash"]), entry["at"])
        yield last


def first_fault(conn: Connection) -> Fault | None:
    """Return the first fault of the chain by itself, or None; a cut tail needs checkpoints."""
    return next((found for found in walk(conn) if isinstance(found, Fault)), None)


def first_broken(conn: Connection) -> int | None:
    """Return the number of the first bad entry of the chain, or None if all fit."""
    fault = first_fault(conn)
    return None if fault is None else fault.seq


def entries(conn: Connection, after: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the entries after a number, in order, few in memory at a time."""
    names = [str(name) for name in history.c.keys()]  # noqa: SIM118
    query = select(history).where(history.c.seq > after).order_by(history.c.seq)
    for row in conn.execute(query, execution_options={"yield_per": BATCH}):
        yield dict(zip(names, row, strict=True))


def _fault(conn: Connection, entry: dict[str, Any], last: Link) -> Fault | None:
    seq, expected = int(entry["seq"]), last.seq + 1
    said = {name: value for name, value in entry.items() if name not in LINKS}
    previous, own = bytes(entry["previous_hash"]), bytes(entry["hash"])
    if digest(previous, said) != own:
        return _broken_seal(conn, said, previous, own)
    if seq != expected:
        gone = f"{expected}" if seq == expected + 1 else f"{expected} to {seq - 1}"
        return Fault(expected, Tampering.DELETED, f"there is no entry {gone}")
    if previous != last.hash:
        return Fault(last.seq, Tampering.EDITED, f"entry {seq} was written after another one")
    if entry["at"] < last.at:
        return Fault(seq, Tampering.DATED, f"{entry['at']} comes before {last.at}")
    return None


def _broken_seal(conn: Connection, said: dict[str, Any], previous: bytes, own: bytes) -> Fault:
    """Tell an entry that stands at another's place from one that says something else."""
    seq = int(said["seq"])
    numbers = conn.execute(select(history.c.seq).order_by(history.c.seq.desc()).limit(1))
    for number in range(1, int(numbers.scalar_one()) + 1):
        if digest(previous, said | {"seq": number}) == own:
            return Fault(seq, Tampering.REORDERED, f"what stands here was entry {number}")
    return Fault(seq, Tampering.EDITED, "what it says does not give its hash")
