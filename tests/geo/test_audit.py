"""Whatever is done to a history, the audit names the first bad entry and what was done."""

import stat
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select

from geo import history, store
from geo.history import chain, checkpoints, keys
from geo.history.checkpoints import Audit
from geo.history.proof import Tampering
from geo.register import Register
from geo.store import Target
from geo.tables import history as table
from tests.geo import edits
from tests.geo.build import marker

Key = tuple[Path, Path]  # private, public


@pytest.fixture
def register(place: Target) -> Iterator[Register]:
    made = edits.make(place)  # entries 1 to 8
    for note in ("một", "hai", "ba", "bốn"):
        edits.patch(made, "vn-kh.48.0.1", note=note)  # entries 9 to 12
    yield made
    made.engine.dispose()


@pytest.fixture
def key(tmp_path: Path) -> Key:
    return tmp_path / "audit.key", keys.make(tmp_path / "audit.key")


def count(register: Register) -> int:
    with register.engine.connect() as conn:
        return checkpoints.last_number(conn)


def sign(register: Register, key: Key, *files: Path) -> None:
    with register.engine.connect() as conn:
        checkpoints.sign(conn, keys.private(key[0]), files)


def audit(register: Register, key: Key | None = None, *files: Path) -> Audit:
    signed = [one for file in files for one in checkpoints.read(file)]
    with register.engine.connect() as conn:
        return checkpoints.verify(conn, signed, keys.public(key[1]) if key else None)


def tamper(register: Register, *statements: str) -> None:
    with store.writing(register.engine) as conn:
        for sql in statements:
            conn.exec_driver_sql(sql)


def rebuild(register: Register, start: int) -> None:
    """Change what an entry says and seal it and all that follow anew, as only a forger would."""
    with store.writing(register.engine) as conn:
        rows = conn.execute(select(table).order_by(table.c.seq)).mappings().all()
        previous = history.GENESIS
        for row in rows:
            said = {str(name): row[name] for name in row if name not in chain.LINKS}
            if said["seq"] == start:
                said["actor"] = "nobody"
            own = chain.digest(previous, said)
            new = said | {"previous_hash": previous, "hash": own}
            conn.execute(table.update().where(table.c.seq == said["seq"]).values(new))
            previous = own


SWAP = (
    "UPDATE history SET seq = -1 WHERE seq = 9",
    "UPDATE history SET seq = 9 WHERE seq = 10",
    "UPDATE history SET seq = 10 WHERE seq = -1",
)


@pytest.mark.parametrize(
    ("statements", "seq", "kind"),
    [
        (["UPDATE history SET after = replace(after, 'một', 'mốt') WHERE seq = 9"], 9, "EDITED"),
        (["UPDATE history SET reason = 'x' WHERE seq = 1"], 1, "EDITED"),
        (["UPDATE history SET at = '2001-01-01T00:00:00.000+00:00' WHERE seq = 4"], 4, "EDITED"),
        (["DELETE FROM history WHERE seq = 10"], 10, "DELETED"),
        (["DELETE FROM history WHERE seq IN (1, 2)"], 1, "DELETED"),
        (SWAP, 9, "REORDERED"),
        (["UPDATE history SET seq = seq + 10 WHERE seq = 12"], 22, "REORDERED"),
    ],
)
def test_tampering_is_named(register: Register, statements: list[str], seq: int, kind: str) -> None:
    assert audit(register).fault is None
    tamper(register, *statements)
    fault = audit(register).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (seq, Tampering[kind])


def test_an_entry_that_was_changed_and_sealed_anew_is_named(register: Register) -> None:
    with store.writing(register.engine) as conn:
        row = conn.execute(select(table).where(table.c.seq == 9)).mappings().one()
        said = {str(n): row[n] for n in row if n not in chain.LINKS} | {"actor": "nobody"}
        own = chain.digest(row["previous_hash"], said)
        conn.execute(table.update().where(table.c.seq == 9).values(actor="nobody", hash=own))
    fault = audit(register).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (9, Tampering.EDITED)


def test_a_cut_tail_is_seen_by_a_checkpoint_alone(
    register: Register, key: Key, tmp_path: Path
) -> None:
    file, last = tmp_path / "c.jsonl", count(register)
    sign(register, key, file)
    assert audit(register, key, file) == Audit(last, last, None)
    tamper(register, f"DELETE FROM history WHERE seq > {last - 2}")
    assert audit(register).fault is None
    fault = audit(register, key, file).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (last - 1, Tampering.CUT)


def test_a_chain_rebuilt_without_the_key_is_seen(
    register: Register, key: Key, tmp_path: Path
) -> None:
    file, early = tmp_path / "c.jsonl", count(register)
    sign(register, key, file)
    edits.patch(register, "vn-kh.49.0.1", note="sau")
    sign(register, key, file)
    rebuild(register, early + 1)
    assert audit(register).fault is None  # by itself it is a good chain
    fault = audit(register, key, file).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (early + 1, Tampering.REBUILT)
    rebuild(register, 2)
    fault = audit(register, key, file).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (1, Tampering.REBUILT)


def test_a_rebuilt_chain_whose_checkpoints_were_forged_is_seen(
    register: Register, key: Key, tmp_path: Path
) -> None:
    file, last = tmp_path / "c.jsonl", count(register)
    sign(register, key, file)
    rebuild(register, 9)
    [signed] = checkpoints.read(file)
    assert isinstance(signed, checkpoints.Checkpoint)
    with register.engine.connect() as conn:
        own = conn.execute(select(table.c.hash).where(table.c.seq == last)).scalar_one()
    forged = replace(signed, hash=bytes(own).hex())
    file.write_bytes(orjson.dumps(forged) + b"\n")
    fault = audit(register, key, file).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (last, Tampering.FORGED)
    other = (tmp_path / "other", keys.make(tmp_path / "other"))
    file.unlink()
    sign(register, other, file)
    fault = audit(register, key, file).fault
    assert fault is not None
    assert fault.kind == Tampering.FORGED


def test_a_second_place_shows_that_the_first_was_cut(
    register: Register, key: Key, tmp_path: Path
) -> None:
    first, second = tmp_path / "c.jsonl", tmp_path / "usb" / "c.jsonl"
    sign(register, key, first, second)
    assert first.read_bytes() == second.read_bytes()
    edits.patch(register, "vn-kh.49.0.1", note="sau")
    last = count(register)
    sign(register, key, first, second)
    first.write_bytes(first.read_bytes().splitlines(keepends=True)[0])
    tamper(register, f"DELETE FROM history WHERE seq = {last}")
    assert audit(register, key, first).fault is None
    fault = audit(register, key, first, second).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (last, Tampering.CUT)


def test_a_broken_or_another_chain_is_not_signed(
    register: Register, key: Key, tmp_path: Path
) -> None:
    file = tmp_path / "c.jsonl"
    sign(register, key, file)
    whole = file.read_bytes()
    sign(register, key, file)  # nothing new
    assert file.read_bytes() == whole
    edits.patch(register, "vn-kh.49.0.1", note="sau")
    tamper(register, f"UPDATE history SET reason = 'x' WHERE seq = {count(register)}")
    with pytest.raises(checkpoints.CheckpointError, match="not signed"):
        sign(register, key, file)
    rebuild(register, 3)
    with pytest.raises(checkpoints.CheckpointError, match="not the one"):
        sign(register, key, file)
    assert file.read_bytes() == whole


def test_half_a_line_of_a_machine_that_stopped_is_mended(
    register: Register, key: Key, tmp_path: Path
) -> None:
    file = tmp_path / "c.jsonl"
    sign(register, key, file)
    file.write_bytes(file.read_bytes() + b'{"register":"half')
    assert audit(register, key, file).fault is None
    edits.patch(register, "vn-kh.49.0.1", note="sau")
    sign(register, key, file)
    assert len(checkpoints.read(file)) == 2
    assert audit(register, key, file).fault is None


def test_a_key_is_for_its_owner_alone(key: Key, tmp_path: Path) -> None:
    assert stat.S_IMODE(key[0].stat().st_mode) == 0o600
    with pytest.raises(keys.KeyFileError, match="exists"):
        keys.make(key[0])
    key[0].chmod(0o644)
    with pytest.raises(keys.KeyFileError, match="chmod 600"):
        keys.private(key[0])
    with pytest.raises(keys.KeyFileError, match="not a key"):
        keys.public(key[0])


def test_a_clock_that_was_set_back_dates_nothing_before_what_it_follows(
    register: Register, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(chain, "now", lambda: datetime(2001, 1, 1, tzinfo=UTC))
    edits.patch(register, "vn-kh.49.0.1", note="sau")
    assert "the clock says 2001-01-01" in caplog.text
    with register.engine.connect() as conn:
        times = conn.execute(select(table.c.at).order_by(table.c.seq)).scalars().all()
    assert list(times) == sorted(times)
    assert audit(register).fault is None
    with store.writing(register.engine) as conn:
        late = history.Change("markers", "a", 1, None, marker("a", 107, 12))
        monkeypatch.setattr(chain, "_not_before", lambda _last: "2001-01-01T00:00:00.000+00:00")
        history.append(conn, [late], actor="a tester", reason="by another program")
    fault = audit(register).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (count(register), Tampering.DATED)


def test_a_line_that_somebody_else_adds_stops_no_signing(
    register: Register, key: Key, tmp_path: Path
) -> None:
    file = tmp_path / "c.jsonl"
    sign(register, key, file)
    [made] = checkpoints.read(file)
    assert isinstance(made, checkpoints.Checkpoint)
    with file.open("ab") as lines:
        lines.write(orjson.dumps(asdict(replace(made, seq=1_000_000))) + b"\n")
    edits.patch(register, "vn-kh.48.0.1", note="năm")
    sign(register, key, file)
    last = checkpoints.read(file)[-1]
    assert isinstance(last, checkpoints.Checkpoint)
    assert last.seq == count(register)


def test_who_signs_finds_a_cut_tail(register: Register, key: Key, tmp_path: Path) -> None:
    sign(register, key, tmp_path / "c.jsonl")
    tamper(register, "DELETE FROM history WHERE seq > 10")
    with pytest.raises(checkpoints.CheckpointError, match="not the one that was signed"):
        sign(register, key, tmp_path / "c.jsonl")


@pytest.mark.parametrize("line", ['{"seq": "9"}', '{"seq": 9.5}', '{"seq": true}', '{"at": 7}'])
def test_a_checkpoint_of_other_types_is_none(tmp_path: Path, line: str) -> None:
    sound = asdict(checkpoints.Checkpoint("r", 9, "00", "2026-11-22T00:00:00.000+00:00", "k"))
    file = tmp_path / "c.jsonl"
    file.write_bytes(orjson.dumps(sound | orjson.loads(line)) + b"\n")
    assert checkpoints.read(file) == ["line 1 of c.jsonl is no checkpoint"]
