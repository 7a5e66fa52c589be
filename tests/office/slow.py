"""A worker in a process of its own that goes on for long with what it has begun, to be killed."""

import sys
import time
from pathlib import Path
from typing import Any

from office import exporting, worker
from office.work import Kind, Outcome, Task

STEPS = 12
PAUSE_S = 120.0  # longer than anybody waits with killing it


def count(task: Task) -> Outcome:
    """Write the numbers down one by one, each once: a try goes on where the last was cut off."""
    seen: list[list[int]] = task.job.saved or []
    for number in range(len(seen), STEPS):
        seen.append([number, task.job.tries])
        task.save(seen)
        task.look()
    return Outcome({"seen": seen})


_save, _progress = Task.save, Task.progress


def save_and_pause(task: Task, point: Any) -> None:
    """Wait where others can see that the work was begun."""
    _save(task, point)
    if point:
        time.sleep(PAUSE_S)


def saving(task: Task, done: int, of: int | None, *, vi: str, en: str) -> None:
    """Say in the saved point too how far the work is, so that others see it at once."""
    _progress(task, done, of, vi=vi, en=en)
    if task.job.kind == "export":
        task.save({"done": done})


KINDS = {
    "count": Kind("Đếm", "Count", count),
    "export": Kind("Xuất", "Export", exporting.run),
}


def main() -> None:
    """Work on the store, private database and folder of results that the arguments name."""
    target, office, results = sys.argv[1:]
    Task.save = save_and_pause  # type: ignore[method-assign, assignment]
    Task.progress = saving  # type: ignore[method-assign, assignment]
    shop = worker.opened(target, office, results=Path(results), data=Path("data"))
    worker.run(shop, KINDS)


if __name__ == "__main__":
    main()
