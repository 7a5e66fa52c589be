"""A worker that stands still in the middle of a commit, so that it can be killed there.

It says in the point that it saves where it stands: `before` the rows that it wrote are committed,
or `after` that, when the job does not know of it yet.
"""

import sys
import time
from pathlib import Path

from geo.imports import judging
from geo.imports.commit import Done
from office import importing, worker
from office.work import Kind, Outcome, Task

MOMENT, *PLACES = sys.argv[1:]


def stand(task: Task) -> None:
    task.save({"at": MOMENT})
    time.sleep(3_600)


def commit(task: Task) -> Outcome:
    """Commit as in earnest, as far as the moment to die."""
    _write = judging.write

    def write(*given: object, **named: object) -> Done:
        done = _write(*given, **named)  # type: ignore[arg-type]
        stand(task)
        return done

    def progress(self: Task, done: int, of: int | None, *, vi: str, en: str) -> None:
        if en.startswith("Writing"):
            stand(self)

    if MOMENT == "before":
        Task.progress = progress  # type: ignore[method-assign]
    else:
        judging.write = write
    return importing.commit(task)


def main() -> None:
    """Work on the store, private database and folders that the arguments name."""
    target, office, results, imports = PLACES
    shop = worker.opened(
        target, office, results=Path(results), data=Path("data"), imports=Path(imports)
    )
    worker.run(shop, {importing.COMMIT: Kind("Nhập", "Import", commit)})


if __name__ == "__main__":
    main()
