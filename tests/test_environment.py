"""The declared, the locked and the conda environment are one; locks hold hashes, no addresses."""

import json
import re
import sys
import tomllib
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.source import ROOT, python_files, roots

LOCKS = {
    "requirements.lock": ("build",),
    "requirements-dev.lock": ("build", "dev"),
    "requirements-node.lock": ("node",),
    "requirements-ogctests.lock": ("ogctests",),
    "requirements-s3.lock": ("s3",),
}
OWN = {"geo", "office", "api", "compression"}  # the last is Python's own from 3.14 on
PACKAGE_OF = {"PIL": "pillow", "argon2": "argon2_cffi"}  # where a package has another name
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)", re.MULTILINE)


def declared(lock: str) -> list[Requirement]:
    project = PYPROJECT["project"]
    sets = PYPROJECT["dependency-groups"] | project["optional-dependencies"]
    own = project["dependencies"] if "build" in LOCKS[lock] else []
    return [Requirement(text) for text in [*own, *(r for s in LOCKS[lock] for r in sets[s])]]


def locked(lock: str) -> dict[str, set[Version]]:
    """Versions by package; a package may have one for older and one for newer Pythons."""
    pins: dict[str, set[Version]] = {}
    for match in PIN.finditer((ROOT / lock).read_text(encoding="utf-8")):
        pins.setdefault(canonicalize_name(match["name"]), set()).add(Version(match["version"]))
    return pins


def environment() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_satisfies_every_declared_dependency(lock: str) -> None:
    pins = locked(lock)
    for requirement in declared(lock):
        versions = pins.get(canonicalize_name(requirement.name))
        assert versions, f"{lock} lacks {requirement.name}: run `make lock`"
        assert all(v in requirement.specifier for v in versions), f"{requirement} in {lock}"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_line_an_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = [e for e in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE) if "==" in e]
    assert len(entries) == sum(map(len, locked(lock).values())) > 0
    assert [e.split(" ")[0] for e in entries if "--hash=sha256:" not in e] == []
    assert re.findall(r"^--\S*(?:index|find-links).*|\S*://\S*", text, re.MULTILINE) == []


@pytest.mark.parametrize("folder", ["geo", "office", "api"])
def test_what_the_packages_import_is_declared(folder: str) -> None:
    imported = {r for p in python_files(folder) for r in roots(p.read_text(encoding="utf-8"))}
    names = {re.split(r"[.\[]", r.name)[0].replace("-", "_") for r in declared("requirements.lock")}
    foreign = imported - set(sys.stdlib_module_names) - OWN
    assert {PACKAGE_OF.get(name, name) for name in foreign} - names == set()


def test_dev_lock_agrees_with_the_runtime_lock() -> None:
    dev = locked("requirements-dev.lock")
    assert {n: v for n, v in locked("requirements.lock").items() if dev.get(n) != v} == {}


def test_conda_environment_has_the_python_of_pyproject_and_the_lock() -> None:
    conda = environment()
    assert conda["name"] == PYPROJECT["project"]["name"]
    plain = dict(d.split(" ") for d in conda["dependencies"] if isinstance(d, str) and " " in d)
    assert SpecifierSet(plain["python"]) == SpecifierSet(PYPROJECT["project"]["requires-python"])
    (by_pip,) = [d["pip"] for d in conda["dependencies"] if isinstance(d, dict)]
    assert by_pip == ["--require-hashes", "-r requirements.lock"]


def test_conda_environment_has_a_node_that_the_web_build_accepts() -> None:
    plain = dict(d.split(" ") for d in environment()["dependencies"] if " " in d)
    engines = json.loads((ROOT / "web/package.json").read_text(encoding="utf-8"))["engines"]
    lowest = Version(plain["nodejs"].removeprefix(">="))
    assert lowest in SpecifierSet(engines["node"])


def package_lock() -> dict[str, dict[str, Any]]:
    lock = json.loads((ROOT / "web/package-lock.json").read_text(encoding="utf-8"))
    return {name: entry for name, entry in lock["packages"].items() if name}


def test_package_lock_has_hashes_and_no_addresses() -> None:
    packages = package_lock()
    assert packages
    assert [n for n, e in packages.items() if "resolved" in e] == []
    unhashed = [e for e in packages.values() if "integrity" not in e and not e.get("inBundle")]
    assert [e for e in unhashed if not (e.get("optional") and e.get("os"))] == []


def test_package_lock_holds_every_platform() -> None:
    """Else `npm ci` refuses it; deploy/complete-lock.mjs adds what npm left out."""
    packages = package_lock()
    optional = {n for e in packages.values() for n in e.get("optionalDependencies", {})}
    assert optional
    assert {n for n in optional if f"node_modules/{n}" not in packages} == set()
