"""Whether this program can use a store, by the number of its schema."""

from __future__ import annotations

from pathlib import Path

from geo import migrating
from geo.errors import ForeignStoreError, OldStoreError
from geo.tables import SCHEMA_VERSION

SCRIPTS = Path(__file__).parent / "migrations" / "versions"


def check(found: str | None, shown: str, *, older: bool = False) -> None:
    """Refuse a store by the schema that was found in it; `older` says that an older one will do.

    Raises:
        OldStoreError: it has to be upgraded first.
        ForeignStoreError: a newer program made it, or one too old, or another.
    """
    if found == SCHEMA_VERSION:
        return
    told = f"{shown} has schema {found}, this program needs {SCHEMA_VERSION}; it was left as it is"
    if found is None or not found.isdigit():
        raise ForeignStoreError(told)
    if int(found) > int(SCHEMA_VERSION):
        raise ForeignStoreError(f"{told}. A newer version made it: put that version in place")
    if not migrating.known(SCRIPTS, found):
        raise ForeignStoreError(f"{told}. It is too old to be upgraded")
    if not older:
        raise OldStoreError(
            f"{told}. An older version made it: stop what uses it, then say: "
            f"cotmoc upgrade --store {shown}"
        )
