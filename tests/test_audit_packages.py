"""`make audit` names known faults, and never takes no answer for a good one where it must not."""

import subprocess
from pathlib import Path

import pytest

from tests.source import ROOT

CLEAN = "No known vulnerabilities found", 0
FAULTS = "Found 2 known vulnerabilities in 1 package", 1
NPM_CLEAN = "found 0 vulnerabilities", 0
NPM_FAULTS = "3 vulnerabilities (1 moderate, 2 high)", 1
NPM_FAULT = "# npm audit report\n\n1 high severity vulnerability", 1
AWAY = "ConnectionError: the service for known vulnerabilities cannot be reached", 1
SKIPPED = "No known vulnerabilities found\nuvloop could not be audited", 0
NPM_AWAY = "npm error audit endpoint returned an error\nnpm error 503 high load", 1
NO_ANSWERS = (AWAY, SKIPPED, NPM_AWAY)
STRICT = {"COTMOC_AUDIT": "required"}


def program(path: Path, told: tuple[str, int], first: str = ":") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text, code = told
    path.write_text(f"#!/bin/sh\n{first}\ncat <<'EOF'\n{text}\nEOF\nexit {code}\n")
    path.chmod(0o755)


def audit(folder: Path, env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    script = folder / "deploy/audit.sh"
    script.write_text((ROOT / "deploy/audit.sh").read_text(encoding="utf-8"), encoding="utf-8")
    given = {"PATH": "/usr/bin:/bin", **env}
    return subprocess.run(["bash", script], env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("python", "web", "env", "code"),
    [
        (CLEAN, NPM_CLEAN, {}, 0),
        (CLEAN, NPM_CLEAN, STRICT, 0),
        (FAULTS, NPM_CLEAN, {}, 1),
        (CLEAN, NPM_FAULTS, {}, 1),
        (CLEAN, NPM_FAULT, STRICT, 1),
        (AWAY, NPM_FAULTS, STRICT, 1),
        (FAULTS, NPM_AWAY, STRICT, 1),
        (AWAY, NPM_CLEAN, {}, 0),
        (AWAY, NPM_CLEAN, {"CI": "1"}, 0),
        (SKIPPED, NPM_CLEAN, {}, 0),
        (CLEAN, NPM_AWAY, {}, 0),
        (AWAY, NPM_AWAY, STRICT, 2),
        (SKIPPED, NPM_CLEAN, STRICT, 2),
    ],
)
def test_what_is_known_what_is_not_and_what_was_not_asked(
    tmp_path: Path,
    python: tuple[str, int],
    web: tuple[str, int],
    env: dict[str, str],
    code: int,
) -> None:
    program(tmp_path / ".venv/bin/uv", python)
    program(tmp_path / "deploy/npm.sh", web)
    done = audit(tmp_path, env)
    assert done.returncode == code
    unasked = [one for one in (python, web) if one in NO_ANSWERS]
    assert done.stderr.count("NOT LOOKED UP") == len(unasked)


def test_a_service_that_never_answers_holds_nothing_up(tmp_path: Path) -> None:
    program(tmp_path / ".venv/bin/uv", CLEAN, "exec sleep 300")
    program(tmp_path / "deploy/npm.sh", NPM_CLEAN, "exec sleep 300")
    done = audit(tmp_path, {"COTMOC_AUDIT_SECONDS": "0.5"})
    assert (done.returncode, done.stderr.count("NOT LOOKED UP")) == (0, 2)


@pytest.mark.parametrize("step", ["lint", "audit", "test", "none"])
def test_the_checks_of_a_change_stop_at_the_first_that_fails(tmp_path: Path, step: str) -> None:
    """What make is asked for is written down; it fails at one step."""
    run, make = tmp_path / ".ci/run", tmp_path / "bin/make"
    run.parent.mkdir()
    run.write_text((ROOT / ".ci/run").read_text(encoding="utf-8"), encoding="utf-8")
    program(make, ("", 0), f'echo "$1" >>{tmp_path}/asked; [ "$1" != {step} ] || exit 1')
    env = {"PATH": f"{make.parent}:/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(["bash", run], env=env, capture_output=True, text=True, check=False)
    asked = (tmp_path / "asked").read_text().split()
    steps = ["lint", "audit", "test"]
    assert asked == steps[: steps.index(step) + 1 if step in steps else None]
    assert (done.returncode == 0) == (step == "none")
