"""The second factor: time-based codes (RFC 6238) and recovery codes, each good for one use."""

from __future__ import annotations

import base64
import logging
import secrets
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from geo.errors import ConflictError
from geo.later import later
from office import clock, people, sealing, secret
from office.database import metadata
from office.errors import BadCodeError
from office.people import Person, accounts
from office.sealing import SealError

if TYPE_CHECKING:
    import pyotp
    import segno
else:
    pyotp = later("pyotp")
    segno = later("segno")

log = logging.getLogger(__name__)

ISSUER = "Cột Mốc"
STEP_S = 30
DRIFT = 1  # steps that a clock may be off, either way
RECOVERY = 10  # codes
_RECOVERY_BYTES = 10  # 16 letters of base32
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("used_at", BigInteger),  # seconds since 1970
)


class Enrolment(NamedTuple):
    """What a person puts into his authenticator: a secret in base32, as an address, as SVG."""

    secret: str
    uri: str
    qr: str


def begin(conn: Connection, person: Person) -> Enrolment:
    """Make a secret; it counts when a code has proved that the person holds it.

    Raises:
        ConflictError: the person has a second factor already.
        SealError: there is no key to seal it with, and none can be made.
    """
    if _held(conn, person.id) is not None:
        raise ConflictError(
            "There is a second factor already; remove it first",
            vi="đã có xác thực bước hai, hãy gỡ bỏ trước",
        )
    made = pyotp.random_base32()
    people.put(conn, person.id, totp_pending=sealing.of(conn).close(made, person.id))
    uri = pyotp.TOTP(made).provisioning_uri(name=person.login, issuer_name=ISSUER)
    qr = segno.make(uri, error="m").svg_inline(border=4, omitsize=True)
    return Enrolment(made, uri, qr)


def confirm(conn: Connection, person: Person, code: str) -> list[str]:
    """Make the new secret count; returns the recovery codes, which are never shown again.

    Raises:
        BadCodeError: the code is not one of the secret, none was begun, or there is one already.
    """
    lacking = (accounts.c.id == person.id) & accounts.c.totp.is_(None)
    asked = select(accounts.c.totp_pending).where(lacking).with_for_update()
    pending = conn.execute(asked).scalar()
    step = _step(conn, pending, person.id, code) if pending else None
    if step is None:
        raise BadCodeError("The code does not fit")
    people.put(conn, person.id, totp=pending, totp_pending=None, totp_step=step)
    return _new_recovery(conn, person.id)


def _new_recovery(conn: Connection, account_id: str) -> list[str]:
    codes = [_recovery_code() for _ in range(RECOVERY)]
    conn.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account_id))
    rows = [{"digest": _digest(account_id, code), "account_id": account_id} for code in codes]
    conn.execute(insert(recovery_codes), rows)
    return codes


def _recovery_code() -> str:
    text = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower()
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def check(conn: Connection, person: Person, code: str) -> None:
    """Use a code up, of the authenticator or for recovery.

    Raises:
        BadCodeError: it is wrong, too old, or was used.
        SealError: the key of the installation is lost; a recovery code is good without it.
    """
    if not (_use_recovery(conn, person.id, code) or _use_step(conn, person.id, code)):
        raise BadCodeError("The code does not fit")


def _held(conn: Connection, account_id: str) -> str | None:
    """Return the secret of an account as it is kept now."""
    held: str | None = conn.execute(
        select(accounts.c.totp).where(accounts.c.id == account_id)
    ).scalar()
    return held


def _use_step(conn: Connection, account_id: str, code: str) -> bool:
    held = _held(conn, account_id)
    step = _step(conn, held, account_id, code) if held else None
    if step is None:
        return False
    fresh = (accounts.c.id == account_id) & (accounts.c.totp_step < step)
    return conn.execute(update(accounts).where(fresh).values(totp_step=step)).rowcount == 1


def _step(conn: Connection, kept: str, owner: str, code: str) -> int | None:
    """Return the step whose code this is, one off at most, or None."""
    given, now = "".join(code.split()), clock.now() // STEP_S
    totp = pyotp.TOTP(sealing.of(conn).open(kept, owner))
    steps = range(now - DRIFT, now + DRIFT + 1)
    fitting = [step for step in steps if secret.same(totp.generate_otp(step), given)]
    return fitting[-1] if fitting else None


def _use_recovery(conn: Connection, account_id: str, code: str) -> bool:
    own = recovery_codes.c.digest == _digest(account_id, code)
    unused = own & recovery_codes.c.used_at.is_(None)
    using = update(recovery_codes).where(unused).values(used_at=clock.now())
    return conn.execute(using).rowcount == 1


def _digest(account_id: str, code: str) -> str:
    return secret.digest(f"{account_id}:{''.join(code.split()).lower()}")


def left(conn: Connection, account_id: str) -> int:
    """Count the recovery codes that were not used."""
    own = recovery_codes.c.account_id == account_id
    asked = select(recovery_codes.c.digest).where(own, recovery_codes.c.used_at.is_(None))
    return len(conn.execute(asked).all())


def check_key(conn: Connection) -> None:
    """See that the key which second factors are sealed with is there, before anybody needs it.

    Raises:
        SealError: it is not there, or it is no key.
    """
    seal = sealing.of(conn)
    kept = conn.execute(select(accounts.c.totp).where(accounts.c.totp.is_not(None))).scalars()
    strange = sum(not seal.fits(text) for text in kept)
    if strange and not seal.path.exists():
        raise SealError(
            f"{strange} second factors are sealed with a key that is not at {seal.path}: put it "
            "there; if it is lost, docs/operations.md says what to do"
        )
    if strange:
        log.warning("%s second factors are sealed with another key than %s", strange, seal.path)


def remove(conn: Connection, account_id: str) -> None:
    """Take the second factor off an account, recovery codes too."""
    people.put(conn, account_id, totp=None, totp_pending=None)
    conn.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account_id))
