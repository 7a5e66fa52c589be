"""Figures of the running server, as Prometheus reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from api import gate
from api.deps import Conn, Office
from api.errors import NotAllowedError
from api.settings import Settings
from api.tally import BOUNDS, Process, Tally
from geo import store
from office import jobs, secret
from office.errors import BadTokenError

router = APIRouter(tags=["health"])
_BEARER = "bearer "


def _let(request: Request) -> None:
    """Let on who shows the token of the settings, and programs on this machine.

    Raises:
        BadTokenError: another token is shown.
        NotAllowedError: none is, and it comes from elsewhere.
    """
    settings: Settings = request.app.state.settings
    given = request.headers.get("authorization", "")
    wanted = settings.metrics_token.get_secret_value()
    if wanted and given.lower().startswith(_BEARER):
        if not secret.same(given[len(_BEARER) :].strip(), wanted):
            raise BadTokenError("This is not the token of COTMOC_METRICS_TOKEN")
        return
    client = request.client.host if request.client else ""
    if not gate.loopback(client) or not gate.loopback(request.url.hostname or ""):
        raise NotAllowedError("Metrics are for this machine, or for the token that is set for them")


@router.get("/metrics", dependencies=[Depends(_let)])
def metrics(request: Request, conn: Conn, office: Office) -> Response:
    """Return figures of all processes: requests, times, jobs, revision, connections, memory."""
    tally: Tally = request.app.state.tally
    tally.pools["office"] = office
    with office.connect() as private:
        waiting = jobs.counted(private)
    registry = CollectorRegistry()
    registry.register(_Figures([*tally.all()], waiting, store.revision_of_all(conn)))
    answer = Response(generate_latest(registry), headers={"cache-control": "no-store"})
    answer.headers["content-type"] = CONTENT_TYPE_LATEST
    return answer


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
