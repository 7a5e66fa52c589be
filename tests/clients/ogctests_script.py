"""Run ogctests over each layer of a server. Run by the Python that has it: script ADDRESS LAYERS.

`LAYERS` is JSON: by name, the condition under which a layer's features all have a geometry, or null
where none has one. It prints how each test ended, by layer.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from ogctests import main as suite  # type: ignore[import-not-found]
from ogctests.main import ClientOverridePlugin  # type: ignore[import-not-found]

CORE = Path(suite.__file__).parent / "features/core"
# The two that hold answers against a schema of OGC which, unlike RFC 7946, has no null geometry.
PLACED = ("test_ast22", "test_ast28")


class OneLayer(httpx.Client):
    """A client that sees one layer only, and of that only what meets a condition."""

    def __init__(self, address: str, layer: str, condition: str | None) -> None:
        super().__init__(base_url=address, timeout=60)
        self.layer, self.condition = layer, condition

    def get(self, url: str, **asked: Any) -> httpx.Response:  # type: ignore[override]
        if self.condition and url.endswith("/items"):
            asked["params"] = {**(asked.get("params") or {}), "filter": self.condition}
        answer = super().get(url, **asked)
        if url.rstrip("/").endswith("/collections"):
            body = answer.json()
            body["collections"] = [one for one in body["collections"] if one["id"] == self.layer]
            headers = {"content-type": answer.headers["content-type"]}
            return httpx.Response(200, json=body, headers=headers, request=answer.request)
        return answer


class Outcomes:
    """A plugin of pytest that keeps how each test ended."""

    def __init__(self) -> None:
        self.ended: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "call" or report.outcome != "passed":
            name = report.nodeid.rpartition("::")[2]
            self.ended[name] = "passed" if report.passed else report.longreprtext[-600:]


def run(client: httpx.Client, chosen: str) -> dict[str, str]:
    outcomes = Outcomes()
    # The second plugin collects garbage five times at the end of every run.
    without = [word for name in ("cacheprovider", "unraisableexception")
               for word in ("-p", f"no:{name}")]  # fmt: skip
    arguments = [str(CORE), "-q", *without, "-k", chosen]
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(arguments, plugins=[ClientOverridePlugin(client), outcomes])
    return outcomes.ended


def main() -> None:
    address, layers = sys.argv[1], json.loads(sys.argv[2])
    os.environ |= {"CLIENT_OVERRIDDEN": "True", "INSTANCE_URL": address}
    # It reads its schemas anew in every run; the same reader in C is eight times as quick.
    yaml.safe_load = partial(yaml.load, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    made = {}
    for layer, condition in layers.items():
        other = " and ".join(f"not {name}" for name in PLACED)
        with OneLayer(address, layer, None) as client:
            made[layer] = run(client, other)
        if condition:
            with OneLayer(address, layer, condition) as client:
                made[layer] |= run(client, " or ".join(PLACED))
    print(json.dumps(made))  # noqa: T201


main()
