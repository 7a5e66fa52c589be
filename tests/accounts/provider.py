"""The identity provider of the tests: npm's certified oidc-provider, on this machine alone."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("oidc_provider.mjs")
OWN_NODE = ROOT / ".venv" / "node" / "node"  # where deploy/npm.sh has brought one


@contextmanager
def running(redirect: str) -> Iterator[str]:
    """Start the provider; gives its issuer. Skips the test where there is no Node.js."""
    node = shutil.which("node") or (str(OWN_NODE) if OWN_NODE.exists() else None)
    if node is None:
        pytest.skip("OpenID Connect is tested with Node.js, which was not found: run make setup")
    with subprocess.Popen(
        [node, str(SCRIPT), redirect], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            issuer = process.stdout.readline().strip()
            if not issuer:
                process.wait()
                assert process.stderr is not None
                raise RuntimeError(f"No identity provider: {process.stderr.read()[-2000:]}")
            yield issuer
        finally:
            process.terminate()
