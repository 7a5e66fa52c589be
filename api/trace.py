"""What is known of the request that is being answered: for the log, the metrics, the limits."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from starlette.types import Scope

KEY = "cotmoc.trace"  # key of the scope


@dataclass(slots=True)
class Trace:
    """One request; whoever learns something of it writes it here."""

    id: str
    address: str = ""  # of the client, as the outermost trusted proxy saw it
    route: str = "other"  # the template of its path, never the path
    actor: str = ""  # id of the account; empty for nobody
    status: int = 0  # of the answer; 0 until it begins


current: ContextVar[Trace | None] = ContextVar("current", default=None)


def of(scope: Scope) -> Trace:
    """Return what is known of a request; a new trace where nobody keeps one."""
    found: Trace | None = scope.get(KEY)
    return Trace("") if found is None else found
