"""A server of S3 for the tests: moto's, in an environment of its own, that asks who one is."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import NamedTuple
from urllib.parse import quote

from tests.server import ROOT, free_port, until

PROGRAMS = ROOT / ".venv/s3/bin"
BUCKET = "evidence"
# What is done before anybody is asked who he is, and counted: a bucket, a user and his key.
_SETUP = f"""
import boto3, json, sys
given = dict(endpoint_url=sys.argv[1], region_name="us-east-1",
             aws_access_key_id="a", aws_secret_access_key="b")
iam = boto3.client("iam", **given)
boto3.client("s3", **given).create_bucket(Bucket="{BUCKET}")
iam.create_user(UserName="cotmoc")
every = {{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
policy = json.dumps({{"Version": "2012-10-17", "Statement": [every]}})
iam.put_user_policy(UserName="cotmoc", PolicyName="p", PolicyDocument=policy)
key = iam.create_access_key(UserName="cotmoc")["AccessKey"]
print(json.dumps([key["AccessKeyId"], key["SecretAccessKey"]]))
"""
_STEPS = 4  # of the above


class S3(NamedTuple):
    """Where the server is, and the one key that is good."""

    port: int
    key: str
    secret: str

    def address(
        self, folder: str, *, port: int | None = None, key: str = "", bucket: str = BUCKET
    ) -> str:
        """Return the address of a folder; `key` names another account than the good one."""
        who = f"{quote(key or self.key, safe='')}:{quote(self.secret, safe='')}"
        return f"s3://{who}@{bucket}/{folder}?{self.told(port)}"

    def told(self, port: int | None = None) -> str:
        """Return what an address says of the server."""
        host = f"127.0.0.1%3A{port or self.port}"
        return f"region=us-east-1&scheme=http&endpoint_override={host}"


@contextmanager
def serving() -> Iterator[S3]:
    """Serve S3 with one bucket; nobody but the holder of the key does anything in it."""
    program = PROGRAMS / "moto_server"
    assert program.exists(), f"{program} is missing: run `make setup`"
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = os.environ | {"INITIAL_NO_AUTH_ACTION_COUNT": str(_STEPS)}
    command = [str(program), "-H", "127.0.0.1", "-p", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=env, stdout=quiet, stderr=quiet) as server:
        try:
            until(lambda: server.poll() is not None or _answers(port))
            done = subprocess.run(
                [str(PROGRAMS / "python"), "-c", _SETUP, url],
                check=True,
                capture_output=True,
                text=True,
            )
            yield S3(port, *json.loads(done.stdout))
        finally:
            server.terminate()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


@contextmanager
def breaking(port: int, *, after: int) -> Iterator[int]:
    """Give a port that hands on to another so many bytes, and then breaks every connection."""
    left = [after]
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client = door.accept()[0]
                    there = socket.create_connection(("127.0.0.1", port))
                    Thread(target=_carry, args=(client, there, left), daemon=True).start()
                    Thread(target=_carry, args=(there, client, [1 << 60]), daemon=True).start()

        Thread(target=serve, daemon=True).start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)


def _carry(one: socket.socket, other: socket.socket, left: list[int]) -> None:
    """Hand on what comes until it ends, or there is no more to be handed on."""
    with suppress(OSError):
        while left[0] > 0 and (data := one.recv(65_536)):
            left[0] -= len(data)
            other.sendall(data)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
