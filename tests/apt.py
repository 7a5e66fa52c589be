"""System packages for the tests, where they may be installed: as root on a machine with apt."""

import os
import shutil
import subprocess
from collections.abc import Sequence


def allowed() -> bool:
    """Say whether packages may be installed."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Sequence[str]) -> None:
    """Install packages where that is allowed; whoever needs them looks whether they are there."""
    if not allowed():
        return
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", "-q", *step], env=env, check=False, stdin=subprocess.DEVNULL)
