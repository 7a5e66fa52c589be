"""The files of tests that take longest, so that a run begins with them."""

from pathlib import Path

HERE = Path(__file__).parent
LONGEST = (  # from some minutes of a core down to five seconds; the browser is started once
    "matrix/test_matrix.py",
    "clients/test_fuzz.py",
    "kill/test_kill.py",  # it waits more than it works
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
    "clients/test_ogctests.py",
    "geo/test_upgrading.py",
    "api/test_cli.py",
    "matrix/test_importing.py",
    "api/test_import_proposals.py",
    "accounts/test_oidc.py",
    "matrix/test_proposals.py",
    "geo/imports/test_messy.py",
    "geo/test_formats_out.py",
    "geo/test_tiles.py",
    "geo/test_check.py",
    "clients/test_qgis.py",
    "geo/test_copying.py",
    "geo/test_query.py",
    "api/test_imports.py",
    "api/test_import_people.py",
    "api/test_import_jobs.py",
    "geo/test_exercise.py",
    "api/test_metrics.py",
    "geo/test_export_memory.py",
    "geo/test_export.py",
    "office/test_backup.py",
    "api/test_history.py",
    "api/test_kept.py",
    "office/test_jobs.py",
    "geo/test_history_reading.py",
    "api/test_again.py",
    "office/test_chores.py",
    "clients/test_editing.py",
    "office/test_upgrading.py",
    "geo/test_tiles_pieces.py",
    "geo/test_change.py",
    "geo/test_audit.py",
    "geo/test_sums.py",
    "accounts/test_auditing.py",
    "clients/test_gdal.py",
    "kill/test_faults.py",
    "api/test_workers.py",
    "geo/test_change_random.py",
)
_RANKS = {HERE / name: rank for rank, name in enumerate(LONGEST)}


def rank(path: Path) -> int:
    """Return a number by which to sort files of tests: those that take longest come first."""
    return _RANKS.get(path, len(_RANKS))
