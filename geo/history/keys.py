"""The Ed25519 key pair that signs checkpoints; it never lies in the register."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import GeoError
from geo.later import later

if TYPE_CHECKING:
    from cryptography import exceptions
    from cryptography.hazmat.primitives import serialization as pem
    from cryptography.hazmat.primitives.asymmetric import ed25519
else:
    exceptions = later("cryptography.exceptions")
    pem = later("cryptography.hazmat.primitives.serialization")
    ed25519 = later("cryptography.hazmat.primitives.asymmetric.ed25519")


_OTHERS = 0o077  # mode bits of everybody but the owner


class KeyFileError(GeoError):
    """A file is not the key that is wanted, or others may read it."""

    code = "bad_key"


def public_path(private: Path) -> Path:
    """Return where the public key of a private key file lies."""
    return private.with_name(f"{private.name}.pub")


def make(private: Path) -> Path:
    """Write a new key pair: the private key for its owner alone (mode 0600), the public beside it.

    A folder that is missing is made, for its owner alone. Returns the path of the public key.

    Raises:
        KeyFileError: there is a file already, or it cannot be written.
    """
    key, public = ed25519.Ed25519PrivateKey.generate(), public_path(private)
    secret = key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    told = key.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
    try:
        private.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(private, secret, 0o600)
        _write(public, told, 0o644)
    except FileExistsError as error:
        raise KeyFileError(f"{error.filename} exists already; a key is never replaced") from error
    except OSError as error:
        raise KeyFileError(f"Cannot write {error.filename}: {error.strerror}") from error
    return public


def _write(path: Path, content: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(handle)


def private(path: Path) -> ed25519.Ed25519PrivateKey:
    """Read a private key.

    Raises:
        KeyFileError: it is none, or others than its owner may read it.
    """
    found = _read(path, lambda content: pem.load_pem_private_key(content, None))
    if not isinstance(found, ed25519.Ed25519PrivateKey):
        raise KeyFileError(f"{path} holds no Ed25519 private key")
    if path.stat().st_mode & _OTHERS:
        raise KeyFileError(f"Others may read {path}; run: chmod 600 {path}")
    return found


def public(path: Path) -> ed25519.Ed25519PublicKey:
    """Read a public key.

    Raises:
        KeyFileError: it is none.
    """
    found = _read(path, pem.load_pem_public_key)
    if not isinstance(found, ed25519.Ed25519PublicKey):
        raise KeyFileError(f"{path} holds no Ed25519 public key")
    return found


def _read(path: Path, load: Callable[[bytes], object]) -> object:
    try:
        return load(path.read_bytes())
    except OSError as error:
        raise KeyFileError(f"Cannot read {path}: {error.strerror}") from error
    except (ValueError, TypeError, exceptions.UnsupportedAlgorithm) as error:
        raise KeyFileError(f"{path} is not a key: {error}") from error


def fingerprint(key: ed25519.Ed25519PublicKey) -> str:
    """Return a short name of a public key: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def signed_by(key: ed25519.Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """Say whether the owner of a key signed this message."""
    try:
        key.verify(signature, message)
    except exceptions.InvalidSignature:
        return False
    return True
