"""Run the benchmark: `make bench`, or `python -m bench --markers 20000 --seconds 2`."""

import argparse

from bench.bench import Row, measure

TITLES = ("question", "answers", "kB", "ours ms", "p99 ms", "plain ms", "ours / plain")


def line(cells: tuple[str, ...]) -> str:
    """One line of the table, the first column to the left."""
    return cells[0].ljust(12) + "".join(cell.rjust(14) for cell in cells[1:])


def show(row: Row) -> str:
    """One question's figures as a line of the table."""
    return line(
        (
            row.name,
            str(row.answers),
            f"{row.kilobytes:.1f}",
            f"{row.ours.median_ms:.2f}",
            f"{row.ours.p99_ms:.2f}",
            f"{row.plain.median_ms:.2f}",
            f"{row.ratio:.2f}",
        )
    )


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--markers", type=int, default=20_000, help="markers of the register")
    parser.add_argument("--seconds", type=float, default=3.0, help="time for each question")
    given = parser.parse_args()
    print(line(TITLES))
    for row in measure(markers=given.markers, seconds=given.seconds):
        print(show(row), flush=True)


if __name__ == "__main__":
    main()
