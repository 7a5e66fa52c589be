"""`make audit` names known faults, and never takes no answer for a good one where it must not."""

import subprocess
from pathlib import Path

import pytest

from tests.source import ROOT

CLEAN = "No known vulnerabilities found", 0
FAULTS = "Found 2 known vulnerabilities in 1 package", 1
NPM_FAULTS = "3 vulnerabilities (1 moderate, 2 high)", 1
AWAY = "ConnectionError: the service cannot be reached", 1
SKIPPED = "No known vulnerabilities found\nuvloop could not be audited", 0
NPM_AWAY = "npm error audit endpoint returned an error", 1


def program(path: Path, told: tuple[str, int]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text, code = told
    path.write_text(f"#!/bin/sh\ncat <<'EOF'\n{text}\nEOF\nexit {code}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("python", "web", "env", "code"),
    [
        (CLEAN, CLEAN, {}, 0),
        (CLEAN, CLEAN, {"CI": "1"}, 0),
        (FAULTS, CLEAN, {}, 1),
        (CLEAN, NPM_FAULTS, {}, 1),
        (AWAY, CLEAN, {}, 0),
        (SKIPPED, CLEAN, {}, 0),
        (CLEAN, NPM_AWAY, {}, 0),
        (AWAY, NPM_AWAY, {"CI": "1"}, 2),
        (SKIPPED, CLEAN, {"AUDIT": "strict"}, 2),
    ],
)
def test_what_is_known_what_is_not_and_what_was_not_asked(
    tmp_path: Path,
    python: tuple[str, int],
    web: tuple[str, int],
    env: dict[str, str],
    code: int,
) -> None:
    script = tmp_path / "deploy/audit.sh"
    program(tmp_path / ".venv/bin/uv", python)
    program(tmp_path / "deploy/npm.sh", web)
    script.write_text((ROOT / "deploy/audit.sh").read_text(encoding="utf-8"), encoding="utf-8")
    given = {"PATH": "/usr/bin:/bin", **env}
    done = subprocess.run(["bash", script], env=given, capture_output=True, text=True, check=False)
    assert done.returncode == code
    unasked = {AWAY, SKIPPED, NPM_AWAY} & {python, web}
    assert ("cannot be reached" in done.stderr) == bool(unasked)
