"""Serving to others is safe unless the operator says otherwise: https, or a clear no."""

import json
import re
import socket
import ssl
import subprocess
import urllib.request
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from api import cli
from tests.geo import build
from tests.server import COTMOC, ROOT, free_port, until

PLAIN = "serve", "--host", "0.0.0.0", "--no-worker"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What `cotmoc serve` would have run."""
    found: list[Any] = []
    monkeypatch.setattr("api.workers.run", lambda config, *_, **__: found.append(config))
    return found


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "r.gpkg"
    build.register(path).engine.dispose()
    return path


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that it signed itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "cotmoc")])
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    cert, secret = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    return cert, secret


def serve(store: Path, *words: str | Path, **env: str) -> Any:
    given = [*map(str, words), "--port", str(free_port()), "--store", str(store)]
    return CliRunner().invoke(cli.app, given, env=env)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "moc.example"])
def test_plain_http_to_others_is_refused(store: Path, started: list[Any], host: str) -> None:
    done = serve(store, "serve", "--host", host)
    assert done.exit_code == 2
    assert started == []
    for way in ("--ssl-certfile", "--behind-proxy", "--insecure-http"):
        assert way in done.stderr


def test_a_proxy_elsewhere_has_to_be_named(store: Path, started: list[Any]) -> None:
    done = serve(store, *PLAIN, "--behind-proxy")
    assert (done.exit_code, started) == (2, [])
    assert "COTMOC_TRUSTED_PROXIES" in done.stderr
    assert serve(store, *PLAIN, "--behind-proxy", COTMOC_TRUSTED_PROXIES="").exit_code == 2
    named = serve(store, *PLAIN, "--behind-proxy", COTMOC_TRUSTED_PROXIES="192.0.2.0/28")
    assert (named.exit_code, len(started)) == (0, 1)


@pytest.mark.parametrize(
    "words",
    [[*PLAIN, "--insecure-http"], ["serve"], ["serve", "--host", "localhost"]],
    ids=["told", "default", "loopback"],
)
def test_it_serves_where_nobody_listens_or_the_operator_says_so(
    store: Path, started: list[Any], words: list[str]
) -> None:
    assert serve(store, *words).exit_code == 0
    (config,) = started
    assert config.limit_concurrency == 1_000
    assert (config.timeout_keep_alive, config.timeout_graceful_shutdown) == (15, 10)  # seconds
    assert config.ssl_certfile is None


def test_a_certificate_that_cannot_be_used_is_told_at_once(
    store: Path, started: list[Any], certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    cert, key = certificate
    (tmp_path / "no.pem").write_text("no certificate")
    for words in (
        ("--ssl-certfile", cert),
        ("--ssl-keyfile", key),
        ("--ssl-certfile", tmp_path / "gone.pem", "--ssl-keyfile", key),
        ("--ssl-certfile", cert, "--ssl-keyfile", tmp_path / "no.pem"),
        ("--ssl-certfile", key, "--ssl-keyfile", key),
    ):
        done = serve(store, *PLAIN, *words)
        assert done.exit_code == 2, words
        assert "ssl" in done.stderr or ".pem" in done.stderr
    assert started == []


def test_https_by_itself(store: Path, certificate: tuple[Path, Path]) -> None:
    cert, key = certificate
    port = free_port()
    url = f"https://127.0.0.1:{port}"
    words = [str(COTMOC), "serve", "--port", str(port), "--workers", "2", "--no-worker"]
    words += ["--ssl-certfile", str(cert), "--ssl-keyfile", str(key), "--store", str(store)]
    trust = ssl.create_default_context(cafile=str(cert))

    def answer(path: str) -> Any:
        return urllib.request.urlopen(f"{url}{path}", timeout=30, context=trust)

    def ready() -> bool:
        try:
            with answer("/health/ready") as told:
                return bool(told.status == 200)
        except OSError:
            return False

    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, cwd=ROOT) as server:
        try:
            until(ready)
            with answer("/api") as landing:
                assert landing.headers["strict-transport-security"]
                assert f"{url}/api/collections" in str(json.load(landing))
            with socket.create_connection(("127.0.0.1", port), timeout=30) as plain:
                plain.sendall(b"GET /api HTTP/1.1\r\nhost: x\r\n\r\n")
                assert b"HTTP/1.1 200" not in plain.recv(1_000)
            link = socket.create_connection(("127.0.0.1", port), timeout=30)
            with trust.wrap_socket(link, server_hostname="127.0.0.1") as odd:
                odd.sendall(b"nonsense\r\n\r\n")
                assert b"strict-transport-security: max-age=" in odd.recv(1_000).lower()
            link = socket.create_connection(("127.0.0.1", port), timeout=30)
            with trust.wrap_socket(link, server_hostname="127.0.0.1") as idle:
                idle.sendall(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n")
                assert idle.recv(1_000)
                server.terminate()
                assert server.stderr is not None
                told = server.stderr.read()
            assert re.search(rf"{url}/link#\S+", told)
            assert "graceful" not in told  # nobody waits for a client that says no goodbye
        finally:
            server.terminate()
