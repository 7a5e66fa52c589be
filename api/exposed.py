"""What was counted, as Prometheus reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from api.tally import BOUNDS, Process

MEDIA_TYPE = CONTENT_TYPE_LATEST


def told(processes: list[Process], waiting: dict[str, int], revision: int) -> bytes:
    """Return the figures of all processes; `waiting` are jobs by state."""
    registry = CollectorRegistry()
    registry.register(_Figures(processes, waiting, revision))
    return generate_latest(registry)


class _Figures(Collector):
    """What was counted, as Prometheus names it."""

    def __init__(self, processes: list[Process], waiting: dict[str, int], revision: int) -> None:
        self.processes = processes
        self.waiting = waiting
        self.revision = revision

    def collect(self) -> Iterator[Metric]:
        """Yield each figure."""
        yield from _requests(self.processes)
        yield _gauge("cotmoc_jobs", "Jobs by state.", "state", self.waiting.items())
        yield GaugeMetricFamily("cotmoc_revision", "Revision of the register.", self.revision)
        living = [one for one in self.processes if one.lives]
        memory = ((str(one.pid), one.memory) for one in living)
        what = "Memory of each process that serves."
        yield _gauge("cotmoc_process_memory_bytes", what, "pid", memory)
        yield _pools(living)


def _requests(processes: Iterable[Process]) -> Iterator[Metric]:
    answered: dict[tuple[str, ...], int] = defaultdict(int)
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS) + 1))
    seconds: dict[str, float] = defaultdict(float)
    for cell in (cell for process in processes for cell in process.cells):
        answered[cell.method, cell.route, str(cell.status)] += sum(cell.counts)
        counts[cell.route] = [a + b for a, b in zip(counts[cell.route], cell.counts, strict=True)]
        seconds[cell.route] += cell.seconds
    total = CounterMetricFamily(
        "cotmoc_requests", "Requests answered.", labels=("method", "route", "status")
    )
    for labels, number in answered.items():
        total.add_metric(labels, number)
    yield total
    took = HistogramMetricFamily(
        "cotmoc_request_seconds", "Time from the head of a request to the end of its answer.",
        labels=("route",),
    )  # fmt: skip
    bounds = [*map(str, BOUNDS), "+Inf"]
    for route, found in counts.items():
        buckets = list(zip(bounds, accumulate(found), strict=True))
        took.add_metric([route], buckets, seconds[route])
    yield took


def _gauge(name: str, what: str, label: str, values: Iterable[tuple[str, int]]) -> Metric:
    made = GaugeMetricFamily(name, what, labels=(label,))
    for value, number in values:
        made.add_metric([value], number)
    return made


def _pools(processes: Iterable[Process]) -> Metric:
    made = GaugeMetricFamily(
        "cotmoc_connections", "Connections to a database.", labels=("pid", "database", "state")
    )
    for one in processes:
        for database, (used, held) in one.connections.items():
            made.add_metric([str(one.pid), database, "in use"], used)
            made.add_metric([str(one.pid), database, "idle"], held - used)
    return made
