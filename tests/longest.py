"""The files of tests that take longest, so that a run begins with them."""

from pathlib import Path

HERE = Path(__file__).parent
LONGEST = (  # from some minutes of a core down to ten seconds; the browser is started once
    "matrix/test_matrix.py",
    "clients/test_fuzz.py",
    "web/test_screens.py",
    "web/test_commander.py",
    "web/test_importing.py",
    "web/test_auditing.py",
    "web/test_offline_map.py",
    "web/test_accounts.py",
    "web/test_editing.py",
    "web/test_planner.py",
    "web/test_proposals.py",
    "web/test_partner.py",
    "web/test_many.py",
    "web/test_hostile.py",
    "web/test_neighbour.py",
    "web/test_connect.py",
    "web/test_api_pages.py",
    "web/test_long_import.py",
    "geo/test_formats_out.py",
    "api/test_cli.py",
    "geo/imports/test_messy.py",
    "geo/test_tiles.py",
    "clients/test_ogctests.py",
    "matrix/test_importing.py",
    "geo/test_exercise.py",
    "kill/test_kill.py",
    "geo/test_check.py",
    "geo/test_copying.py",
    "clients/test_qgis.py",
    "api/test_imports.py",
    "accounts/test_oidc.py",
    "geo/test_query.py",
    "api/test_import_jobs.py",
    "geo/test_upgrading.py",
    "geo/test_export.py",
    "clients/test_gdal.py",
    "clients/test_owslib.py",
    "kill/test_faults.py",
    "api/test_workers.py",
    "geo/test_change_random.py",
)
_RANKS = {HERE / name: rank for rank, name in enumerate(LONGEST)}


def rank(path: Path) -> int:
    """Return a number by which to sort files of tests: those that take longest come first."""
    return _RANKS.get(path, len(_RANKS))
