"""The project's own files and what they import, for the tests of its structure."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent


def tracked() -> list[Path]:
    """The files of the project: what git knows, and new files that it would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


FILES = tracked()


def python_files(folder: str) -> list[Path]:
    return [p for p in FILES if p.suffix == ".py" and p.is_relative_to(ROOT / folder)]


def imports(source: str) -> Iterator[tuple[str, str]]:
    """(module, name) of every import, wherever in the file it stands; name is "" for a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((node.module or "", alias.name) for alias in node.names)


def roots(source: str) -> set[str]:
    return {module.split(".")[0] for module, _ in imports(source)}
