"""What deploy/ holds is right: tried as far as this machine has the tools."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings
from geo.imports.kinds import MOST_BYTES
from tests.commands import COMMANDS
from tests.geo import build
from tests.office.tls_smtp import certificate
from tests.server import COTMOC, free_port, running, until
from tests.source import ROOT

UNIT = (ROOT / "deploy/cotmoc.service").read_text(encoding="utf-8")
NGINX = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
CADDY = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
DATABASE = (ROOT / "deploy/postgresql.environment").read_text(encoding="utf-8")
NAME = "cotmoc.example.org"
MOST_EXPOSED = 3.5  # of 10, as systemd reckons


def needs(tool: str) -> None:
    if not shutil.which(tool):
        pytest.skip(f"There is no {tool} on this machine")


def settings_in(text: str) -> set[str]:
    return set(re.findall(r"\bCOTMOC_\w+(?==)", text))


@pytest.mark.parametrize("text", [UNIT, DATABASE], ids=["unit", "environment"])
def test_every_setting_exists(text: str) -> None:
    known = {f"COTMOC_{name.upper()}" for name in Settings.model_fields}
    assert settings_in(text)
    assert settings_in(text) <= known


def test_the_service_runs_a_command_that_there_is() -> None:
    (words,) = re.findall(r"^ExecStart=\S+/\.venv/bin/cotmoc (.+)$", UNIT, re.MULTILINE)
    name, *options = words.split()
    known = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    assert {word for word in options if word.startswith("--")} <= known
    host, port = (options[options.index(one) + 1] for one in ("--host", "--port"))
    for proxy in (NGINX, CADDY):
        assert re.findall(r"\b127\.0\.0\.1:\d+", proxy) == [f"{host}:{port}"]


def test_what_the_service_writes_it_may_write() -> None:
    """Everything but its own folders is read-only to it."""
    assert "ProtectSystem=strict" in UNIT
    places = re.findall(r"^(?:Environment=)?COTMOC_\w+=(/\S+)$", UNIT + DATABASE, re.MULTILINE)
    assert len(places) == 5
    assert all(place.startswith("/var/lib/cotmoc/") for place in places)
    assert "StateDirectory=cotmoc\n" in UNIT


def test_nobody_else_on_the_machine_reads_the_register() -> None:
    assert {"UMask=0077", "StateDirectoryMode=0700"} <= set(UNIT.splitlines())


def test_systemd_understands_the_service_and_finds_it_closed(tmp_path: Path) -> None:
    needs("systemd-analyze")
    unit = tmp_path / "cotmoc.service"
    here = UNIT.replace("/opt/cotmoc/.venv/bin/cotmoc", str(COTMOC)).replace("User=cotmoc\n", "")
    unit.write_text(here, encoding="utf-8")
    words = ["systemd-analyze", "--no-pager"]
    done = subprocess.run(
        [*words, "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "cotmoc" in line]
    assert (ours, done.returncode) == ([], 0), done.stderr
    closed = subprocess.run(
        [*words, "security", "--offline=true", ROOT / "deploy/cotmoc.service"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    (exposed,) = re.findall(r"exposure level for \S+: ([\d.]+)", closed.stdout)
    assert float(exposed) <= MOST_EXPOSED


# The proxy, run as it is but for its ports and paths


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """The ports of the sample proxy for https and http, in front of a server."""
    needs("nginx")
    user = "user root;\n" if os.geteuid() == 0 else ""  # else its processes become another's
    folder = tmp_path_factory.mktemp("nginx")
    build.register(folder / "r.gpkg", markers=[build.marker("m.1", 107.3, 12.4)]).engine.dispose()
    pem = certificate(folder)
    with running(folder / "r.gpkg") as url:
        secure, plain = free_port(), free_port()
        sample = NGINX.replace("listen 443 ", f"listen 127.0.0.1:{secure} ")
        sample = sample.replace("listen 80;", f"listen 127.0.0.1:{plain};")
        sample = re.sub(r"/etc/ssl/cotmoc/\w+\.pem", str(pem), sample)
        sample = sample.replace("127.0.0.1:8000", url.removeprefix("http://"))
        written = folder / "nginx.conf"
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        written.write_text(
            f"{user}daemon off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
            f"http {{\naccess_log off;\n{temporary}{sample}\n}}\n",
            encoding="utf-8",
        )
        command = ["nginx", "-p", str(folder), "-c", str(written), "-e", "stderr"]
        tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert tried.returncode == 0, tried.stderr
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as proxy:
            try:
                until(lambda: listens(secure))
                yield secure, plain
            finally:
                proxy.terminate()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def ask(
    port: int, path: str, data: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Any:
    """An answer by https; who it is from is not looked at here."""
    given = {"host": NAME, **(headers or {})}
    request = urllib.request.Request(f"https://127.0.0.1:{port}{path}", data, given)
    trusting = ssl._create_unverified_context()
    try:
        return urllib.request.urlopen(request, context=trusting, timeout=60)
    except urllib.error.HTTPError as refused:
        return refused


def test_links_are_those_of_the_proxy(proxied: tuple[int, int]) -> None:
    """Whatever a visitor says of where he comes from."""
    said = {"x-forwarded-host": "evil.example", "x-forwarded-prefix": "/evil"}
    said |= {"forwarded": "host=evil.example", "x-forwarded-proto": "http"}
    answer = ask(proxied[0], "/api?f=json", headers=said)
    links = [link["href"] for link in json.load(answer)["links"]]
    assert links
    assert [link for link in links if not link.startswith(f"https://{NAME}/")] == []
    assert "max-age" in answer.headers["strict-transport-security"]


def test_a_large_import_is_let_through(proxied: tuple[int, int]) -> None:
    """By default nginx takes 1 MB; here the server decides, who wants an account first."""
    answer = ask(proxied[0], "/api/imports?name=a.csv", b"a" * 3_000_000)
    assert (answer.status, json.load(answer)["code"]) == (401, "sign_in_needed")
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    assert int(megabytes) * 2**20 >= MOST_BYTES


def test_a_visitor_is_no_program_of_this_machine(proxied: tuple[int, int]) -> None:
    """Who comes through the proxy comes from elsewhere, whatever name he asks for."""
    for host in (NAME, "127.0.0.1", "localhost"):
        given = {"host": host, "x-forwarded-for": "203.0.113.9"}
        answer = ask(proxied[0], "/metrics", headers=given)
        assert answer.status == 403


def test_plain_http_leads_to_https(proxied: tuple[int, int]) -> None:
    with socket.create_connection(("127.0.0.1", proxied[1]), timeout=60) as link:
        link.sendall(b"GET /api?x=1 HTTP/1.0\r\nHost: evil.example\r\n\r\n")
        told = link.recv(65_536)
    assert b" 301 " in told.splitlines()[0]
    assert f"Location: https://{NAME}/api?x=1".encode() in told
