"""The files of tests that take longest, so that a run begins with them."""

from pathlib import Path

HERE = Path(__file__).parent
LONGEST = (  # from some minutes of a core down to ten seconds
    "clients/test_fuzz.py",
    "clients/test_ogctests.py",
    "clients/test_qgis.py",
    "matrix/test_matrix.py",
    "web/test_screens.py",
    "web/test_commander.py",
    "api/test_cli.py",
    "kill/test_kill.py",
    "geo/test_tiles.py",
    "clients/test_gdal.py",
    "geo/test_exercise.py",
    "geo/test_formats_out.py",
    "web/test_many.py",
    "web/test_offline_map.py",
    "web/test_planner.py",
    "web/test_partner.py",
    "web/test_editing.py",
    "web/test_accounts.py",
    "web/test_connect.py",
    "geo/imports/test_messy.py",
    "kill/test_faults.py",
    "geo/test_copying.py",
    "clients/test_owslib.py",
    "api/test_workers.py",
    "geo/test_change_random.py",
)
_RANKS = {HERE / name: rank for rank, name in enumerate(LONGEST)}


def rank(path: Path) -> int:
    """Return a number by which to sort files of tests: those that take longest come first."""
    return _RANKS.get(path, len(_RANKS))
