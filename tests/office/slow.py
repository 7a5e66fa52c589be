"""A worker in a process of its own whose every step takes long, to be killed in the middle."""

import sys
import time
from pathlib import Path

from office import exporting, worker
from office.work import Kind, Outcome, Task

STEPS = 12
PAUSE_S = 0.1


def count(task: Task) -> Outcome:
    """Write the numbers down one by one, each once: a try goes on where the last was cut off."""
    seen: list[list[int]] = task.job.saved or []
    for number in range(len(seen), STEPS):
        seen.append([number, task.job.tries])
        task.save(seen)
        task.look()
    return Outcome({"seen": seen})


_look, _progress = Task.look, Task.progress


def slow_look(task: Task) -> None:
    """Wait before looking whether the work is still wanted."""
    time.sleep(PAUSE_S)
    _look(task)


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
    Task.look = slow_look  # type: ignore[method-assign, assignment]
    Task.progress = saving  # type: ignore[method-assign, assignment]
    shop = worker.opened(target, office, results=Path(results), data=Path("data"))
    worker.run(shop, KINDS)


if __name__ == "__main__":
    main()
