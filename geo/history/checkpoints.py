"""Signed checkpoints: where the chain stood at a time, kept outside of the register.

A checkpoint is one line of JSON in a file that only grows. Whoever rewrites the register cannot
rewrite what was signed without the private key; so keep the key, or a copy of the file, where he
who holds the register cannot reach it.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import orjson
from sqlalchemy import Connection, func, select

from geo import store
from geo.errors import GeoError
from geo.history import chain, keys
from geo.history.proof import START, Fault, Link, Tampering, walk
from geo.tables import history

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )


class CheckpointError(GeoError):
    """A file of checkpoints cannot be read or written, or what stands before is not sound."""

    code = "bad_checkpoint"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The hash (hexadecimal) of entry `seq` of a register at a time (UTC), signed by a key."""

    register: str
    seq: int
    hash: str
    at: str
    key: str
    signature: str = ""

    def message(self) -> bytes:
        """Return what is signed: all but the signature, as canonical JSON."""
        said = asdict(self)
        del said["signature"]
        return chain.canonical(said)


class File(NamedTuple):
    """A file of checkpoints with what stands in it; None where it cannot be read."""

    name: str
    held: list[Checkpoint | str] | None


Signed = dict[int, list[Checkpoint]]  # by the number of the entry


class Audit(NamedTuple):
    """What an audit found: sound entries, the last of them that is signed, the first fault.

    It is not `done` where its time ended before the chain did.
    """

    entries: int
    signed: int
    fault: Fault | None
    done: bool = True


def last_number(conn: Connection) -> int:
    """Return the number of the last entry, 0 if there is none."""
    return int(conn.execute(select(func.coalesce(func.max(history.c.seq), 0))).scalar_one())


def link(conn: Connection, seq: int) -> Link | None:
    """Return an entry as a link of the chain, as it says itself; None if there is none."""
    query = select(history.c.hash, history.c.at).where(history.c.seq == seq)
    held = conn.execute(query).first()
    return None if held is None else Link(seq, bytes(held.hash), held.at)


def sign(
    conn: Connection, key: Ed25519PrivateKey, files: Sequence[Path], *, every: int = 1
) -> Checkpoint | None:
    """Sign where the chain stands, and append that to each file.

    Nothing is signed, and None returned, before `every` entries have come after the last
    checkpoint of the first file. What came since then is proved first, so that a broken chain is
    never signed.

    Raises:
        CheckpointError: the chain is broken, or is not the one that was signed before, or a file
            cannot be written.
    """
    with _locked(files[0]) as file:
        before = _last(_parsed(file.read().splitlines(), files[0]), key.public_key())
        signed, last = before.seq if before else 0, last_number(conn)
        if signed <= last < signed + every:
            return None
        made = _signed(conn, key, _proved(conn, before))
        _append(file, made)
    for path in files[1:]:
        with _locked(path) as copy:
            _append(copy, made)
    return made


def _proved(conn: Connection, before: Checkpoint | None) -> Link:
    """Return where the chain stands, having walked it from the last checkpoint."""
    last = START
    if before is not None:
        held = link(conn, before.seq)
        if held is None or held.hash.hex() != before.hash:
            raise CheckpointError(
                f"The history is not the one that was signed at entry {before.seq}; "
                "run: cotmoc audit verify"
            )
        last = held
    for found in walk(conn, last):
        if isinstance(found, Fault):
            raise CheckpointError(f"A broken chain is not signed; {found}")
        last = found
    return last


def _signed(conn: Connection, key: Ed25519PrivateKey, last: Link) -> Checkpoint:
    said = {
        "register": store.get_value(conn, "identity"),
        "seq": last.seq,
        "hash": last.hash.hex(),
        "at": chain.now().isoformat(timespec="milliseconds"),
        "key": keys.fingerprint(key.public_key()),
    }
    bare = Checkpoint(**said)  # type: ignore[arg-type]
    signature = base64.b64encode(key.sign(bare.message())).decode()
    return Checkpoint(**said, signature=signature)  # type: ignore[arg-type]


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    """Give a file to read and append to, to nobody else at the same time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            yield file
    except OSError as error:
        raise CheckpointError(f"Cannot write {path}: {error.strerror}") from error


def _append(file: BinaryIO, made: Checkpoint) -> None:
    """Add a line for good; half a line, of a machine that stopped, goes first."""
    file.seek(0)
    whole = file.read()
    if not whole.endswith(b"\n"):
        file.truncate(whole.rfind(b"\n") + 1)
    file.write(orjson.dumps(asdict(made)) + b"\n")
    file.flush()
    os.fsync(file.fileno())


def read(path: Path) -> list[Checkpoint | str]:
    """Return the checkpoints of a file; a line that is none comes as a text that says so.

    Raises:
        CheckpointError: the file cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"Cannot read {path}: {error.strerror}") from error
    whole = content[: content.rfind(b"\n") + 1]  # the rest is of a machine that stopped
    return list(_parsed(whole.splitlines(), path))


def files(paths: Iterable[Path]) -> list[File]:
    """Read files of checkpoints; one that is not there, or cannot be read, breaks nothing off."""
    found = []
    for path in paths:
        try:
            found.append(File(path.name, read(path)))
        except CheckpointError:
            found.append(File(path.name, None))
    return found


def _parsed(lines: Iterable[bytes], path: Path) -> Iterator[Checkpoint | str]:
    for number, line in enumerate(lines, 1):
        try:
            yield _checkpoint(orjson.loads(line))
        except (TypeError, ValueError):
            yield f"line {number} of {path.name} is no checkpoint"


def _checkpoint(said: dict[str, Any]) -> Checkpoint:
    """Return what a line says. Raises TypeError."""
    for name, value in said.items():
        if type(value) is not (int if name == "seq" else str):
            raise TypeError(name)
    return Checkpoint(**said)


def _last(found: Iterable[Checkpoint | str], key: Ed25519PublicKey) -> Checkpoint | None:
    """Return the last checkpoint that this key signed; a line of anybody else stops nothing."""
    held = [one for one in found if isinstance(one, Checkpoint)]
    latest = sorted(held, key=lambda one: one.seq, reverse=True)  # few signatures are looked at
    return next((one for one in latest if _is_signed(one, key)), None)


def verify(
    conn: Connection,
    checkpoints: Iterable[Checkpoint | str] = (),
    key: Ed25519PublicKey | None = None,
    *,
    after: int = 0,
    seconds: float | None = None,
) -> Audit:
    """Prove the chain, and that it is the one which was signed.

    It stops after so many `seconds`, and goes on `after` the entry that it reached then. Read the
    checkpoints before the transaction begins: entries that are signed later are not in it.

    Without checkpoints an end that was cut off, or a chain that was made anew as a whole, cannot
    be seen. The number of a fault is that of the first bad entry; of a chain that was rebuilt,
    that of the first which no sound checkpoint covers.
    """
    identity = store.get_value(conn, "identity")
    wanted: Signed = defaultdict(list)
    for one in checkpoints:
        forged = _forged(one, identity, key)
        if isinstance(one, str) or forged:
            seq = 0 if isinstance(one, str) else one.seq
            return Audit(0, 0, Fault(seq, Tampering.FORGED, forged))
        wanted[one.seq].append(one)
    start = link(conn, after) if after else START
    if start is None:
        gone = f"entry {after} was there when the audit came by"
        return Audit(0, 0, Fault(after, Tampering.DELETED, gone))
    until = None if seconds is None else time.monotonic() + seconds
    return _compared(conn, wanted, start, until)


def _forged(one: Checkpoint | str, identity: str, key: Ed25519PublicKey | None) -> str:
    """Return what is wrong with a checkpoint by itself, "" if nothing."""
    if isinstance(one, str):
        return one
    if one.register != identity:
        return "the checkpoint is that of another register"
    if key is not None and not _is_signed(one, key):
        return f"its signature is not that of the key {keys.fingerprint(key)}"
    return ""


def _is_signed(one: Checkpoint, key: Ed25519PublicKey) -> bool:
    try:
        signature = base64.b64decode(one.signature, validate=True)
    except (binascii.Error, TypeError):
        return False
    return keys.signed_by(key, signature, one.message())


def _compared(conn: Connection, wanted: Signed, start: Link, until: float | None) -> Audit:
    last, signed = start, max((seq for seq in wanted if seq <= start.seq), default=0)
    for found in walk(conn, start):
        if isinstance(found, Fault):
            return Audit(last.seq, signed, found)
        here = wanted.pop(found.seq, [])
        for other in (one for one in here if one.hash != found.hash.hex()):
            said = f"entry {found.seq} is not the one signed at {other.at}"
            return Audit(signed, signed, Fault(signed + 1, Tampering.REBUILT, said))
        last, signed = found, found.seq if here else signed
        if until is not None and time.monotonic() > until:
            return Audit(last.seq, signed, None, done=False)
    beyond = max(wanted, default=0)
    if beyond > last.seq:
        at = wanted[beyond][0].at
        said = f"entry {beyond} was signed at {at}, the last one here is {last.seq}"
        return Audit(last.seq, signed, Fault(last.seq + 1, Tampering.CUT, said))
    return Audit(last.seq, signed, None)
