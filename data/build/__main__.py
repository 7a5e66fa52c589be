"""`python -m data.build`: make every file of the embedded data set, then its catalogue."""

import argparse
import importlib
import logging
from pathlib import Path

from data.build.common import Context, write_catalog

THEMES = (
    "admin_units",
    "borders",
    "islands",
    "places",
    "terrain",
    "basemap",
    "hillshade",
    "markers",
    "progress",
    "gates",
    "corridors",
    "projects",
    "cooperation",
    "sources",
)

log = logging.getLogger("data.build")


def arguments() -> argparse.Namespace:
    """Folders from the command line; the defaults fit a checkout beside the shared folder."""
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(prog="python -m data.build", description=__doc__)
    parser.add_argument("--geodata", type=Path, default=root / "../shared/geodata")
    parser.add_argument("--facts", type=Path, default=root / "../shared/facts")
    parser.add_argument("--out", type=Path, default=root / "data")
    parser.add_argument("--only", nargs="*", help="themes to make; no catalogue is written then")
    return parser.parse_args()


def main() -> None:
    """Run the themes in order; a theme is a module of this package with `build(context)`."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options = arguments()
    context = Context(options.geodata, options.facts, options.out)
    for theme in options.only or THEMES:
        log.info("data: %s", theme)
        importlib.import_module(f"data.build.{theme}").build(context)
    if not options.only:
        write_catalog(context)


if __name__ == "__main__":
    main()
