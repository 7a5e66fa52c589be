"""Run the benchmark: `make bench`, or `python -m bench --markers 10000 --seconds 1`."""

import argparse
import os
import platform
import signal
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from bench import data, load, postgres, questions, registers, run, table
from bench.peers import Server
from bench.peers.cotmoc import Cotmoc
from bench.peers.crunchy import Crunchy
from bench.peers.datasette import Datasette
from bench.peers.pygeoapi import Pygeoapi
from bench.peers.ready import Nginx, Uvicorn
from bench.peers.tipg import Tipg
from bench.postgres import Cluster
from bench.run import Figures, Trial
from tests.postgres import NoPostgisError

STORES = {"file": Cotmoc(), "postgis": Cotmoc("cotmoc PostGIS", on_postgres=True)}
PEERS: dict[str, Server] = {
    "pygeoapi-file": Pygeoapi(),
    "pygeoapi-postgis": Pygeoapi("pygeoapi PostGIS", on_postgres=True),
    "tipg": Tipg(),
    "pg_featureserv": Crunchy("pg_featureserv"),
    "pg_tileserv": Crunchy("pg_tileserv"),
    "datasette": Datasette(),
}
CEILINGS = ("uvicorn", "nginx")
ALONE_FROM = 1_000_000  # markers from which only our own stores are measured


def main() -> None:
    """Measure what was asked for and print the tables; Ctrl+C prints what there is."""
    asked = _arguments()
    try:
        load.find()
    except load.NoWrkError as error:
        sys.exit(str(error))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stops every server, as Ctrl+C does
    done: dict[int, list[Figures]] = {}
    try:
        with ExitStack() as stack:
            cluster = _cluster(stack, asked)
            for markers in asked.markers:
                done[markers] = []
                _measure(markers, cluster, asked, done[markers])
    except KeyboardInterrupt:
        _say("stopped; these figures were ready")
    if asked.prepare:
        return
    text = "\n".join([_machine(asked), *(_section(*one) for one in done.items() if one[1])])
    print(text)
    if asked.into:
        table.put_into(asked.into, text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--markers", type=_numbers, default=[10_000, 100_000], metavar="N,N")
    parser.add_argument("--stores", type=_names(STORES), default=list(STORES), metavar="NAME,…")
    everyone = [*PEERS, *CEILINGS]
    parser.add_argument("--peers", type=_names(everyone), default=everyone, metavar="NAME,…")
    parser.add_argument("--kinds", type=_names(_kinds()), default=list(_kinds()), metavar="NAME,…")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each figure")
    parser.add_argument("--connections", type=int, default=16, help="of the load generator")
    parser.add_argument("--into", type=Path, metavar="FILE", help="document that gets the tables")
    parser.add_argument("--prepare", action="store_true", help="make all data, measure nothing")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


class _names:  # noqa: N801  used as a type of argparse
    """Reads a list of names with commas between; an empty text is an empty list."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = list(known)

    def __call__(self, text: str) -> list[str]:
        found = [name for name in text.split(",") if name]
        for name in found:
            if name not in self.known:
                raise argparse.ArgumentTypeError(f"{name}: not one of {', '.join(self.known)}")
        return found


def _kinds() -> list[str]:
    return [kind.name for kind in questions.COLD]


def _cluster(stack: ExitStack, asked: argparse.Namespace) -> Cluster | None:
    wanted = [STORES[name] for name in asked.stores] + [PEERS.get(name) for name in asked.peers]
    if not any(server and server.on_postgres for server in wanted):
        return None
    try:
        return stack.enter_context(postgres.running())
    except NoPostgisError as error:
        _say(f"without PostGIS: {error}")
        return None


def _measure(
    markers: int, cluster: Cluster | None, asked: argparse.Namespace, done: list[Figures]
) -> None:
    _say(f"{markers:,} markers")
    loaded = data.load(registers.made(markers), cluster)
    kinds = tuple(k for k in questions.KINDS if (k.of or k.name) in asked.kinds)
    trial = Trial(
        loaded, questions.draw(loaded.markers), kinds, asked.seconds, asked.connections,
        os.cpu_count() or 1, _say,
    )  # fmt: skip
    for server in _servers(markers, asked, trial):
        found = _one(server, trial, prepare=asked.prepare)
        done.append(found)  # at once, for a run that is stopped


def _servers(markers: int, asked: argparse.Namespace, trial: Trial) -> Iterable[Server]:
    """Our stores, then the ceilings on what the first of them answers, then the peers."""
    stores = [STORES[name] for name in asked.stores]
    yield from stores
    if markers >= ALONE_FROM:
        return
    if stores and not asked.prepare and set(asked.peers) & set(CEILINGS):
        recordings = run.record(stores[0], trial)
        ready: dict[str, Server] = {"uvicorn": Uvicorn("uvicorn, ready bytes", recordings),
                 "nginx": Nginx("nginx, ready bytes", recordings)}  # fmt: skip
        yield from (ready[name] for name in CEILINGS if name in asked.peers)
    yield from (PEERS[name] for name in PEERS if name in asked.peers)


def _one(server: Server, trial: Trial, *, prepare: bool) -> Figures:
    _say(f"{server.name}")
    nothing = Figures(server.name, server.role, len(trial.data.markers.ids))
    reason = server.missing()
    if server.on_postgres and trial.data.cluster is None:
        reason = "no PostGIS on this machine"
    if reason:
        _say(f"  {reason}")
        nothing.problems[""] = reason
        return nothing
    if prepare:
        server.prepare(trial.data)
        return nothing
    return run.measure(server, trial)


def _machine(asked: argparse.Namespace) -> str:
    command = "python -m bench " + " ".join(sys.argv[1:])
    return (
        f"{date.today().isoformat()}; {os.cpu_count()} cores ({_processor()}), "
        f"{_memory()} GiB of memory, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; {asked.connections} connections, "
        f"{asked.seconds:g} s for each figure; `{command.strip()}`\n"
    )


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    if not file.exists():
        return platform.processor()
    lines = file.read_text().splitlines()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), "unknown")


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _section(markers: int, figures: Sequence[Figures]) -> str:
    parts = (table.summary(figures), table.everything(figures), table.processes(figures))
    return f"## {markers:,} markers\n\n" + "\n".join(parts)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
