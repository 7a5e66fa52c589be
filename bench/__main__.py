"""Run the benchmark: `make bench`, or `python -m bench --markers 10000 --growth "" --seconds 1`."""

import argparse
import os
import platform
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import partial
from pathlib import Path

from bench import data, growth, hot, load, postgres, questions, registers, run, table
from bench.peers import Server
from bench.peers.cotmoc import Cotmoc
from bench.peers.crunchy import Crunchy
from bench.peers.datasette import Datasette
from bench.peers.pygeoapi import Pygeoapi
from bench.peers.ready import Nginx, Uvicorn
from bench.peers.tipg import Tipg
from bench.postgres import Cluster
from bench.trial import Figures, Trial, begun
from tests.postgres import NoPostgisError

STORES: dict[str, Callable[[], Server]] = {
    "file": Cotmoc,
    "postgis": partial(Cotmoc, "cotmoc PostGIS", on_postgres=True),
}
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
    grown: list[list[Figures]] = []
    try:
        with ExitStack() as stack:
            cluster = _cluster(stack, asked)
            for markers in asked.markers:
                done[markers] = []
                _measure(markers, cluster, asked, done[markers])
            if asked.growth:
                _grow(cluster, asked, grown)
    except KeyboardInterrupt:
        _say("stopped; these figures were ready")
    if not asked.prepare:
        _tell(asked, "figures", [_section(*one) for one in done.items() if one[1]])
        _tell(asked, "growth", [_growth(one) for one in grown])


def _tell(asked: argparse.Namespace, name: str, sections: Sequence[str]) -> None:
    if sections:
        text = "\n".join([_machine(asked), *sections])
        print(text)
        if asked.into:
            table.put_into(asked.into, name, text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--markers", type=_numbers, default=[10_000, 100_000], metavar="N,N",
        help="sizes of the registers for us and the peers",
    )  # fmt: skip
    parser.add_argument(
        "--growth", type=_numbers, default=[10_000, 100_000, 1_000_000], metavar="N,N",
        help="sizes of the registers, of markers alone, that show what an answer costs",
    )  # fmt: skip
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
    return [int(part) for part in text.split(",") if part]


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
    wanted = [STORES[name]() for name in asked.stores]
    wanted += [PEERS[name] for name in asked.peers if asked.markers and name in PEERS]
    if not any(server.on_postgres for server in wanted):
        return None
    try:
        return stack.enter_context(postgres.running())
    except NoPostgisError as error:
        _say(f"without PostGIS: {error}")
        return None


def _measure(
    markers: int, cluster: Cluster | None, asked: argparse.Namespace, done: list[Figures]
) -> None:
    """Our stores, then the peers, then ours again and the ceilings in turn."""
    _say(f"{markers:,} markers")
    trial = _trial(data.load(registers.made(markers), cluster), asked)
    stores = [STORES[name]() for name in asked.stores]
    done.extend(_one(server, trial, prepare=asked.prepare) for server in stores)
    if markers < ALONE_FROM:
        peers = (PEERS[name] for name in PEERS if name in asked.peers)
        done.extend(_one(server, trial, prepare=asked.prepare) for server in peers)
    ready = [pair for pair in zip(stores, done, strict=False) if pair[1].timings]
    if ready:
        _say("asked again, in turn")
        with _going_on():
            done += hot.measure(ready, partial(_ceilings, asked.peers), trial)


def _trial(loaded: data.Data, asked: argparse.Namespace) -> Trial:
    kinds = tuple(k for k in questions.KINDS if (k.of or k.name) in asked.kinds)
    return Trial(
        loaded, questions.draw(loaded.markers), kinds, asked.seconds, asked.connections,
        os.cpu_count() or 1, _say,
    )  # fmt: skip


def _ceilings(wanted: Sequence[str], recordings: hot.Recordings) -> list[Server]:
    """The ceilings that run here, uvicorn first."""
    known: dict[str, Server] = {
        "uvicorn": Uvicorn("uvicorn, ready bytes", recordings),
        "nginx": Nginx("nginx, ready bytes", recordings),
    }
    return [known[name] for name in CEILINGS if name in wanted and not known[name].missing()]


def _grow(cluster: Cluster | None, asked: argparse.Namespace, grown: list[list[Figures]]) -> None:
    """Each of our stores alone, with registers of several sizes."""
    _say("registers of markers alone")
    lean = [data.load(registers.made(n, lean=True), cluster) for n in sorted(asked.growth)]
    trials = [_trial(one, asked) for one in lean]
    for make in (STORES[name] for name in asked.stores):
        servers = [make() for _ in trials]
        _say(servers[0].name)
        reason = _missing(servers[0], cluster)
        if reason:
            _say(f"  {reason}")
        elif asked.prepare:
            for server, trial in zip(servers, trials, strict=True):
                server.prepare(trial.data)
        else:
            with _going_on():
                grown.append(growth.measure(servers, trials))


@contextmanager
def _going_on() -> Iterator[None]:
    """Let what comes after have its turn, whatever fails here."""
    try:
        yield
    except run.FAILURES as error:
        _say(f"  {error!r}")


def _one(server: Server, trial: Trial, *, prepare: bool) -> Figures:
    """What a server did, or why it did nothing; the others go on."""
    _say(f"{server.name}")
    nothing = begun(server, trial)
    reason = _missing(server, trial.data.cluster)
    try:
        if not reason and prepare:
            server.prepare(trial.data)
        elif not reason:
            return run.measure(server, trial)
    except run.FAILURES as error:
        reason = f"{error!r:.{run.MOST_LETTERS}}"
    if reason:
        _say(f"  {reason}")
        nothing.problems[""] = reason
    return nothing


def _missing(server: Server, cluster: Cluster | None) -> str | None:
    if server.on_postgres and cluster is None:
        return "no PostGIS on this machine"
    return server.missing()


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


def _growth(figures: Sequence[Figures]) -> str:
    parts = (growth.table(figures, questions.COLD), growth.servers(figures))
    return f"### {figures[0].server}\n\n" + "\n".join(parts)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
