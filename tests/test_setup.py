"""The set-up scripts say what to do where they cannot do it, and touch nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ("sh", "env", "dirname", "cat", "rm", "mkdir", "ln", "chmod", "grep")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that holds the scripts alone, and bin/ with the commands that a machine has."""
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    (tmp_path / "web").mkdir()
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or "/missing")
    return tmp_path


def command(project: Path, name: str, script: str) -> None:
    path = project / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments,
        cwd=project,
        env={"PATH": str(project / "bin"), "HOME": str(project)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_python_it_says_what_to_install(project: Path) -> None:
    done = run(project, "deploy/setup.sh", "requirements.lock")
    assert done.returncode == 1
    assert "Python 3.11 or newer was not found" in done.stderr
    assert not (project / ".venv").exists()


def test_an_old_python_does_not_do(project: Path) -> None:
    command(project, "python3", "exit 1")
    assert "Python 3.11 or newer was not found" in run(project, "deploy/setup.sh").stderr


def test_a_python_without_pip_names_the_package(project: Path) -> None:
    lacks = f'case "$2" in *ensurepip*|*pip*) exit 1 ;; esac; exec {sys.executable} "$@"'
    command(project, "python3", lacks)
    done = run(project, "deploy/setup.sh", "requirements.lock")
    assert done.returncode == 1
    assert "sudo apt-get install python3-venv" in done.stderr


@pytest.mark.parametrize(("venv", "told"), [(".venv", ""), (".venv/s3", " --no-compile")])
def test_what_only_the_tests_want_is_compiled_when_it_runs(
    project: Path, venv: str, told: str
) -> None:
    """One whole lock with pip, which is told of a registry: half of the work, for nothing."""
    answers = """case "$*" in
      *"pip install"*|*" install "*) echo "pip $*" ;;
      *"config list") echo "global.index-url='https://pip.example/simple'" ;;
      *"-m venv"*) for venv; do :; done; mkdir -p "$venv/bin"; ln -sf "$0" "$venv/bin/python" ;;
    esac"""
    command(project, "python3", answers)
    (project / ".venv").mkdir()
    done = run(project, "deploy/setup.sh", "some.lock", venv)
    assert done.returncode == 0, done.stderr
    install = next(line for line in done.stdout.splitlines() if line.startswith("pip "))
    assert f" install{told} --no-deps --require-hashes -r some.lock" in install


def test_an_old_node_does_not_do(project: Path) -> None:
    command(project, "node", "exit 1")
    command(project, "npm", "echo must not run")
    done = run(project, "deploy/npm.sh", "ci")
    assert done.returncode == 1
    assert "Install Node.js 20.19 or newer" in done.stderr
    assert "must not run" not in done.stdout


def test_the_node_of_the_machine_is_used_if_new_enough(project: Path) -> None:
    command(project, "node", "exit 0")
    command(project, "npm", 'echo "npm got $* in ${PWD##*/}"')
    assert run(project, "deploy/npm.sh", "ci").stdout == "npm got ci in web\n"


@pytest.mark.parametrize(
    ("version", "good"),
    [
        ("18.20.0", False),
        ("20.18.3", False),
        ("20.19.0", True),
        ("22.11.0", False),
        ("24.0.0", True),
    ],
)
def test_versions_of_node(project: Path, version: str, good: bool) -> None:
    node = shutil.which("node", path=f"{ROOT}/.venv/node{os.pathsep}{os.environ['PATH']}")
    assert node, "make test brings Node.js"
    fake = 'Object.defineProperty(process.versions, "node", {value: "' + version + '"});'
    (project / "fake.cjs").write_text(fake, encoding="utf-8")
    command(project, "node", f'exec {node} -r {project}/fake.cjs "$@"')
    command(project, "npm", "echo ran")
    assert ("ran" in run(project, "deploy/npm.sh", "ci").stdout) == good
