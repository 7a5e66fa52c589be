"""Schemathesis over the server in-process: every check, every phase, whatever the fuzzer thinks of.

What JSON Schema cannot tell (formats of ours, a box whose south is below its north) is told to it
here, so that a request that it holds for good is good, and must be answered.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import schemathesis
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.engine import events, from_schema
from schemathesis.openapi.checks import UnsupportedMethodResponse
from starlette.types import ASGIApp

SHOWN = 1_500  # letters of a finding's message
# Answers to a request that the document holds for good; 401 and 429 to who is not signed in.
GOOD = ["2xx", "3xx", "401", "403", "404", "429"]
# What no schema tells: other rows, their state, how properties stand to each other.
GOOD_WRITES = [*GOOD, "409", "412", "422", "428"]
_DAYS = st.dates().map(str)
_PERIODS = st.tuples(_DAYS, _DAYS).map(lambda ends: "/".join(sorted(ends)))
_WORDS = st.text("aăđ%_\\'\"(👋 ", max_size=8)
_QUOTED = _WORDS.map(lambda word: word.replace("'", "''"))
_FILTERS = (
    "id = '{}'",
    "id <> '{}' OR NOT id IS NULL",
    "id LIKE '{}%'",
    "CASEI(id) = CASEI('{}')",
    "ACCENTI(id) LIKE ACCENTI('%{}')",
    "id IN ('{}', 'vn-kh.48.0.1')",
    "id BETWEEN '{}' AND 'z'",
)
FORMATS: dict[str, st.SearchStrategy[str]] = {
    "cql2": st.builds(str.format, st.sampled_from(_FILTERS), _QUOTED),
    "date-or-interval": st.one_of(
        _DAYS, _PERIODS, st.sampled_from(["../..", "../2014-12-31", "2014-06-30T07:00:00Z"])
    ),
    "province-name": st.sampled_from(["Đắk Nông", "dak nong", "LA-SV", "Savannakhet", "Quảng Trị"]),
    "moment": _DAYS | _DAYS.map(lambda day: f"{day}T07:00:00+07:00"),
    "property": st.sampled_from(["source", "source_id", "confidence", "classification"]),
}


@dataclass
class Outcome:
    """What a campaign did and found."""

    calls: int = 0
    seconds: float = 0.0
    phases: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    findings: dict[str, str] = field(default_factory=dict)  # the first of each kind
    repeats: Counter[str] = field(default_factory=Counter)

    def __iadd__(self, other: Outcome) -> Outcome:
        """Take over what another campaign did and found."""
        self.calls += other.calls
        self.seconds += other.seconds
        self.phases += other.phases
        self.statuses += other.statuses
        self.findings = other.findings | self.findings
        self.repeats += other.repeats
        return self

    def summary(self) -> str:
        """Return in one line what was done and found."""
        answers = ", ".join(f"{n:,} × {status}" for status, n in sorted(self.statuses.items()))
        found = "; ".join(self.findings) or "nothing found"
        return f"{self.calls:,} calls in {self.seconds / 60:.0f} min ({answers}); {found}"

    def report(self) -> str:
        """Return the findings as text."""
        told = (f"{self.repeats[kind]} × {kind}\n{text}" for kind, text in self.findings.items())
        return "\n\n".join(told)


def campaign(
    app: ASGIApp,
    *,
    seed: int,
    examples: int,
    most: int | None = None,
    writing: Sequence[str] = (),
) -> Outcome:
    """Try every operation with so many examples in each phase; stop after `most` calls.

    `writing` names layers: then what writes to one of them is tried, and nothing else.
    """
    settings = {
        "seed": seed,
        "continue-on-failure": True,
        "request-timeout": 300,  # seconds; how fast the machine is, others judge
        "generation": {"max-examples": examples, "deterministic": True, "no-shrink": True},
        "phases": {"coverage": {"generate-duplicate-query-parameters": True}},
        "checks": _checks(GOOD_WRITES if writing else GOOD),
    }
    config = SchemathesisConfig.from_dict(settings)
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app, config=config)
    done, start = Outcome(), time.monotonic()
    stream = from_schema(_writing(schema, app, config, writing) if writing else schema).execute()
    for event in stream:
        _note(done, event)
        if most is not None and done.calls >= most:
            stream.stop()
    done.seconds = time.monotonic() - start
    return done


def _checks(good: Sequence[str]) -> dict[str, Any]:
    """Return which answers fit a good request, and which a bad one."""
    bad = ["400", "401", "403", "404", "405", "406", "409", "412", "415", "422", "428"]
    return {
        "positive_data_acceptance": {"expected-statuses": good},
        "negative_data_rejection": {"expected-statuses": bad},
    }


def _writing(whole: Any, app: ASGIApp, config: SchemathesisConfig, layers: Sequence[str]) -> Any:
    """Return the paths that can be written to, one for each layer with bodies that fit it."""
    told = json.loads(json.dumps(whole.raw_schema))
    told["paths"] = {
        path.replace("{layer}", layer): {
            method: _of_layer(one, layer) for method, one in operations.items()
        }
        for path, operations in told["paths"].items()
        if any("editing" in one["tags"] for one in operations.values())
        for layer in layers
    }
    schema = schemathesis.openapi.from_dict(told, config=config)
    schema.app, schema.location = app, whole.location
    return schema


def _of_layer(operation: dict[str, Any], layer: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(operation))
    made["operationId"] += f"_{layer}"
    made["parameters"] = [one for one in made["parameters"] if one["name"] != "layer"]
    for content in made.get("requestBody", {}).get("content", {}).values():
        content["schema"]["$ref"] += f".{layer}"
    for answer in made["responses"].values():
        answer.pop("links", None)  # they name the operations of every layer at once
    return made


@schemathesis.hook("before_call")
def _mend(ctx: object, case: Any, kwargs: object) -> None:
    """Make a good request good in what its schema cannot tell; leave a bad one bad."""
    for name, value in (case.path_parameters or {}).items():
        if unquote(str(value)) == f"{{{name}}}":  # taken from the template in a TileJSON
            case.path_parameters[name] = 0
    asked = case.query
    if not asked or case.meta.is_negative_at(ParameterLocation.QUERY):
        return
    if "bbox" in asked:
        asked["bbox"] = _box(asked["bbox"])
        asked.pop("bbox-crs", None)
    if asked.get("filter-lang") == "cql2-json" and "filter" in asked:
        asked["filter"] = json.dumps({"op": "=", "args": [{"property": "id"}, asked["filter"]]})


def _box(given: str | list[Any]) -> str:
    """Return a box on the globe made of the same numbers."""
    numbers = given.split(",") if isinstance(given, str) else given
    half = len(numbers) // 2
    lon = [(float(n) + 180) % 360 - 180 for n in (numbers[0], numbers[half])]
    lat = sorted((float(n) + 90) % 180 - 90 for n in (numbers[1], numbers[half + 1]))
    heights = [0.0] * (half - 2)
    return ",".join(map(str, [lon[0], lat[0], *heights, lon[1], lat[1], *heights]))


def _note(done: Outcome, event: events.EngineEvent) -> None:
    if isinstance(event, events.ScenarioFinished):
        record = event.recorder
        done.calls += len(record.interactions)
        done.phases[event.phase.value] += len(record.interactions)
        done.statuses.update(
            one.response.status_code for one in record.interactions.values() if one.response
        )
        for kind, text in _failures(record):
            done.findings.setdefault(kind, text)
            done.repeats[kind] += 1
    elif isinstance(event, events.NonFatalError | events.FatalError):
        error = event.value if isinstance(event, events.NonFatalError) else event.exception
        label = getattr(event, "label", None)
        kind = f"{label}: {type(error).__name__}"
        done.findings.setdefault(kind, str(error)[:SHOWN])
        done.repeats[kind] += 1


def _failures(record: Any) -> Iterator[tuple[str, str]]:
    for key, checks in record.checks.items():
        for check in checks:
            if check.failure_info:
                failure = check.failure_info.failure
                if _closed(failure):
                    continue
                label = record.cases[key].value.operation.label
                text = f"{failure.message}\n{check.failure_info.code_sample}"
                yield f"{label}: {failure.title}", text[:SHOWN]


def _closed(failure: Any) -> bool:
    """Say whether a server that takes no writes said so: 401, where 405 is for what none takes."""
    return isinstance(failure, UnsupportedMethodResponse) and failure.status_code == 401


for _name, _strategy in FORMATS.items():
    schemathesis.openapi.format(_name, _strategy)
