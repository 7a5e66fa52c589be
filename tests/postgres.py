"""A PostgreSQL with PostGIS of the tests' own: found, installed by apt where allowed, started.

`python -m tests.postgres` installs what it may and says whether the tests can use one. It never
fails unless COMPULSORY is set, as CI does: without PostGIS those tests skip and say so.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests import apt

COMPULSORY = "COTMOC_TEST_POSTGIS"  # set to "required", a missing PostGIS is a failure
FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
PACKAGE = "postgresql-postgis"  # Debian and Ubuntu; it follows the release's PostgreSQL
DATABASE = "cotmoc"
MEMORY = Path("/dev/shm")  # a folder that is no disk, on Linux
ROOM = 12 * 2**30  # bytes that are free there and of memory: a run of all tests fills a third
# Speed instead of safety: nothing here outlives the tests.
SETTINGS = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off",
    "max_connections=200", "shared_buffers=64MB", "wal_level=minimal", "max_wal_senders=0",
)  # fmt: skip


class NoPostgisError(Exception):
    """This machine has no PostGIS for the tests; the message holds the command that brings it."""


def find() -> Path:
    """Return the programs of the newest PostgreSQL that has PostGIS. Raises NoPostgisError."""
    found = [Path(path).resolve() for path in (shutil.which("initdb"),) if path]
    for pattern in FOLDERS:
        found += sorted(Path("/").glob(f"{pattern[1:]}/initdb"), reverse=True)
    for program in found:
        if _has_postgis(program.parent):
            return program.parent
    raise NoPostgisError(
        "The tests of the store on PostGIS need PostgreSQL with PostGIS. "
        f"Run: sudo apt-get install {PACKAGE}"
    )


def _has_postgis(folder: Path) -> bool:
    if not (folder / "pg_config").exists():
        return False
    return (Path(_told(folder, "--sharedir")) / "extension" / "postgis.control").exists()


def _told(folder: Path, what: str) -> str:
    ask = [str(folder / "pg_config"), what]
    return subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()


def _preloaded() -> Sequence[str]:
    """Let the server load PostGIS once, not each of some thousand connections by itself."""
    libraries = Path(_told(find(), "--pkglibdir")).glob("postgis-[0-9]*.so")
    return [f"shared_preload_libraries={one.stem}" for one in libraries][:1]


@contextmanager
def running(like: Path | None = None, *, within: Path | None = None) -> Iterator[str]:
    """Start a server of its own, empty or a copy of what was kept; gives its address.

    Its folder comes to lie `within` another one, or where temporary files do.
    """
    with _folder(within) as folder:
        if like is None:
            make(folder)
        else:
            _copy(like, folder)
        with _serving(folder) as address:
            if like is None:
                _create(folder)
            yield address


def keep(kept: Path, fill: Callable[[str], None]) -> None:
    """Make a server, fill its database through its address and keep it in a new folder."""
    with _folder() as folder:
        make(folder)
        with _serving(folder, stop="fast") as address:
            _create(folder)
            fill(address)
        _copy(folder, kept)


def memory() -> Path | None:
    """Return the folder in memory if there is room: a register is made there in half the time."""
    try:
        told = Path("/proc/meminfo").read_text(encoding="ascii")
        [free] = (line.split()[1] for line in told.splitlines() if line.startswith("MemAvailable:"))
        room = min(int(free) * 1024, shutil.disk_usage(MEMORY).free)
    except (OSError, ValueError):
        return None
    return MEMORY if room > ROOM else None


@contextmanager
def _folder(within: Path | None = None) -> Iterator[Path]:
    """Give a folder with a name that is short enough for a socket in it."""
    with tempfile.TemporaryDirectory(
        prefix="cotmoc-pg-", dir=within, ignore_cleanup_errors=True
    ) as name:
        yield Path(name)


def _copy(source: Path, folder: Path) -> None:
    _own(folder)
    _run(["cp", "-R", "-p", source / "data", folder], None)


def _create(folder: Path) -> None:
    _run([find() / "createdb", "-h", folder, "-U", DATABASE, DATABASE], _user())


@contextmanager
def _serving(folder: Path, *, stop: str = "immediate") -> Iterator[str]:
    settings = (*SETTINGS, *_preloaded(), "listen_addresses=", f"unix_socket_directories={folder}")
    with started(folder, settings, stop=stop):
        yield f"postgresql://{DATABASE}@/{DATABASE}?host={quote(str(folder))}"


def make(folder: Path) -> None:
    """Make an empty cluster in `folder`/data; `folder` is there and its parents may be entered."""
    data, user = folder / "data", _user()
    _own(folder)
    options = ["-D", data, "-U", DATABASE, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    _run([find() / "initdb", *options], user)


def _own(folder: Path) -> None:
    """Let PostgreSQL's user have a folder."""
    folder.chmod(0o755)
    if user := _user():
        shutil.chown(folder, user)


@contextmanager
def started(folder: Path, settings: Sequence[str], *, stop: str = "immediate") -> Iterator[None]:
    """Run the cluster that `make` made, with settings name=value; `stop` is a mode of pg_ctl."""
    options = " ".join(f"-c {setting}" for setting in settings)
    control = [find() / "pg_ctl", "-D", folder / "data", "-w"]
    if (folder / "data" / "postmaster.pid").exists():  # of a run that was killed
        _run([*control, "-m", stop, "stop"], _user(), may_fail=True)
    _run([*control, "-l", folder / "log", "-o", options, "start"], _user())
    try:
        yield
    finally:
        _run([*control, "-m", stop, "stop"], _user())


def restart(folder: Path, *, stop: str) -> None:
    """Stop the cluster of a folder by a mode of pg_ctl and start it again as it was."""
    control = [find() / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log"]
    _run([*control, "-m", stop, "restart"], _user())


def wake(address: str) -> None:
    """Notify those who wait for changes of registers, so that they see whether they are wanted."""
    with psycopg.connect(address) as db:
        db.execute("NOTIFY cotmoc")


def _user() -> str | None:
    """Return the user to run as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _run(command: Sequence[object], user: str | None, *, may_fail: bool = False) -> None:
    done = subprocess.run(
        [str(word) for word in command], user=user, cwd="/", stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode and not may_fail:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")


def main() -> int:
    """Install what may be installed, then say what the tests will use."""
    try:
        print(f"PostGIS: {_found_or_installed()}")  # noqa: T201
    except NoPostgisError as error:
        print(f"cotmoc: {error}", file=sys.stderr)  # noqa: T201
        return int(os.environ.get(COMPULSORY) == "required")
    return 0


def _found_or_installed() -> Path:
    try:
        return find()
    except NoPostgisError:
        apt.install([PACKAGE])
        return find()


if __name__ == "__main__":
    sys.exit(main())
