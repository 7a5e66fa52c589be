"""Secrets that have to be read again: sealed by AES-256-GCM with a key of the installation.

The key lies in a file outside the private database: who gets the database or a backup of it reads
none of them. Each is sealed for one account, so that it opens nothing in the row of another.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import os
from binascii import Error as NotBase64
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from geo.errors import StoreError
from geo.later import later

if TYPE_CHECKING:
    from cryptography import exceptions
    from cryptography.hazmat.primitives.ciphers import aead
else:
    exceptions = later("cryptography.exceptions")
    aead = later("cryptography.hazmat.primitives.ciphers.aead")


log = logging.getLogger(__name__)
_BITS = 256
_NONCE = 12  # bytes, as NIST SP 800-38D recommends
_NAME = 16  # hexadecimal digits
_MARK = "sealed:"
_MODE = 0o600
_OTHERS = 0o077  # mode bits of everybody but the owner
OPTION = "seal"  # of an engine, see office.database


class SealError(StoreError):
    """A sealed secret cannot be read: the key is not there, or another one."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Seals and opens with the key in a file, which is made when it is first needed."""

    path: Path

    def close(self, text: str, owner: str) -> str:
        """Return a secret as it is kept for an account.

        Raises:
            SealError: there is no key and none can be made.
        """
        key, nonce = self._key(make=True), os.urandom(_NONCE)
        held = nonce + aead.AESGCM(key).encrypt(nonce, text.encode(), owner.encode())
        return f"{_MARK}{_name(key)}:{base64.b64encode(held).decode()}"

    def open(self, kept: str, owner: str) -> str:
        """Return a secret that was kept for an account.

        Raises:
            SealError: the key is not there, or it was sealed with another or for another.
        """
        key, held = self._key(make=False), base64.b64decode(kept.rpartition(":")[2])
        try:
            return aead.AESGCM(key).decrypt(held[:_NONCE], held[_NONCE:], owner.encode()).decode()
        except exceptions.InvalidTag as error:
            said = f"A secret was not sealed with the key in {self.path}; see docs/operations.md"
            log.warning("%s", said)
            raise SealError(said) from error

    def fits(self, kept: str) -> bool:
        """Say whether a secret was sealed with this key, which may not be there.

        Raises:
            SealError: the file is no key.
        """
        if not self.path.exists():
            return False
        return kept.startswith(f"{_MARK}{_name(self._key(make=False))}:")

    def _key(self, *, make: bool) -> bytes:
        try:
            if make and not self.path.exists():
                _write(self.path)
            return _read(self.path)
        except FileNotFoundError as error:
            said = f"The key {self.path} is not there; see docs/operations.md"
            raise SealError(said) from error
        except (OSError, NotBase64, ValueError) as error:
            raise SealError(f"Cannot use the key {self.path}: {error}") from error


def make(path: Path) -> str:
    """Write a new key for its owner alone (mode 0600); returns its name.

    Raises:
        SealError: there is a file already, or it cannot be written.
    """
    if path.exists():
        raise SealError(f"{path} exists already; a key is never replaced")
    try:
        _write(path)
        return _name(_read(path))
    except OSError as error:
        raise SealError(f"Cannot write {path}: {error.strerror}") from error


def _write(path: Path) -> None:
    """Put a new key in its place, whole; the first of several that try so wins."""
    part = path.with_name(f".{path.name}.{token_hex(8)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(aead.AESGCM.generate_key(_BITS)) + b"\n")
            file.flush()
            os.fsync(handle)
        with suppress(FileExistsError):
            os.link(part, path)
    finally:
        part.unlink()


def _read(path: Path) -> bytes:
    key = base64.b64decode(path.read_bytes().strip(), validate=True)
    if len(key) != _BITS // 8:
        raise ValueError("it is no key of 32 bytes in base64")
    if path.stat().st_mode & _OTHERS:
        raise ValueError(f"others may read it; run: chmod 600 {path}")
    return key


def _name(key: bytes) -> str:
    return hashlib.sha256(b"cotmoc key " + key).hexdigest()[:_NAME]


def of(conn: Connection) -> Seal:
    """Return what seals in a private database."""
    found: Seal = conn.get_execution_options()[OPTION]
    return found
