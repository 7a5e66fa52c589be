"""ogctests, a published suite of the abstract tests of OGC API – Features, Part 1, passes.

It comes from the package registry and knows nothing of us. Its tests for Part 3 are left out: they
cannot pass anywhere (they look for a queryable named after its value).
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from geo.layers import LAYERS
from tests.clients.conftest import Truth

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv/ogctests/bin/python"
SCRIPT = Path(__file__).with_name("ogctests_script.py")
TESTS = {f"test_ast{n}" for n in range(1, 30)}
# Of features without geometry, which its schema does not know though RFC 7946 does.
OF_GEOMETRIES = {"test_ast22", "test_ast28"}


@pytest.fixture(scope="module")
def ended(server: str, truth: Truth) -> Any:
    """How each test ended, by layer."""
    placed = {name: any(one["geometry"] for one in truth(name)) for name in LAYERS}
    plan = {name: "NOT geometry IS NULL" if some else None for name, some in placed.items()}
    done = subprocess.run(
        [PYTHON, SCRIPT, f"{server}/api", json.dumps(plan)],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("layer", LAYERS)
def test_it_passes(ended: Any, truth: Truth, layer: str) -> None:
    failed = {name: how for name, how in ended[layer].items() if how != "passed"}
    assert failed == {}
    placed = any(one["geometry"] for one in truth(layer))
    assert ended[layer].keys() == (TESTS if placed else TESTS - OF_GEOMETRIES)
