"""A mail server on this machine that speaks TLS and asks for a name and a password."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
USER, PASSWORD = "cotmoc", "ba hon da ben song"
DAY = timedelta(days=1)


@dataclass
class Post:
    """What the server was told."""

    port: int = 0
    commands: list[str] = field(default_factory=list)
    tried: list[bytes] = field(default_factory=list)  # passwords
    mails: list[Envelope] = field(default_factory=list)
    end: Callable[[], object] = int

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(envelope)
        return "250 taken"

    def authenticate(self, _server: SMTP, _s: Session, _e: Envelope, _how: str, data: Any) -> Any:
        assert isinstance(data, LoginPassword)
        self.tried.append(data.password)
        good = data == LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=False)


class _Heard(SMTP):
    """Writes down which commands came, not what they say."""

    async def _call_handler_hook(self, command: str, *args: Any) -> Any:
        self.event_handler.commands.append(command)
        return await super()._call_handler_hook(command, *args)


def certificate(folder: Path, host: str = HOST, *, ended: bool = False) -> Path:
    """Make a certificate that stands for itself; the file holds its key too."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    until = now - DAY if ended else now + DAY
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 2 * DAY)
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8
    pem = serialization.Encoding.PEM
    path = folder / f"{host}-{ended}.pem"
    secret = key.private_bytes(pem, form, serialization.NoEncryption())
    path.write_bytes(secret + made.public_bytes(pem))
    return path


@contextmanager
def post(pem: Path | None, *, whole: bool = False) -> Iterator[Post]:
    """Serve with this certificate, by STARTTLS, or from the first byte for `whole`."""
    told, ready = Post(), threading.Event()
    context = None
    if pem is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)

    def talk() -> SMTP:
        return _Heard(
            told,
            tls_context=None if whole else context,
            authenticator=told.authenticate,
            auth_require_tls=pem is not None and not whole,
            auth_required=True,
            hostname="test",
            loop=asyncio.get_running_loop(),
        )

    async def serve() -> None:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.set_exception_handler(lambda *_: None)  # a client that goes away is what is tried
        server = await loop.create_server(talk, HOST, 0, ssl=context if whole else None)
        told.port = server.sockets[0].getsockname()[1]
        told.end = lambda: loop.call_soon_threadsafe(ended.set)
        ready.set()
        await ended.wait()
        server.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(60)
    try:
        yield told
    finally:
        told.end()
        thread.join()
