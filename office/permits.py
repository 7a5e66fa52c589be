"""Which rows somebody may write: `can` asked of where they lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from sqlalchemy import Connection

from geo import scope
from geo.schema import Layer
from geo.types import Row
from geo.units import Units
from office.actor import Actor
from office.can import Action, Refusal, Thing, can

# The versions of a row, and whether what is done to them touches what is guarded.
Asked = Callable[[Connection, Layer, str, Sequence[Row], bool], Refusal | None]
_KEPT = 4_096  # territories that are held


def refusals(actor: Actor, units: Units, *also: Action, instead: Action | None = None) -> Asked:
    """Return what says why somebody may not do something to versions of a row, None if he may.

    `units` are all of the register; `also` are actions that he must be allowed besides, `instead`
    one that is asked for in the place of what is done.
    """
    territory = lru_cache(_KEPT)(units.territory)

    def asked(
        conn: Connection, layer: Layer, action: str, versions: Sequence[Row], guarded: bool
    ) -> Refusal | None:
        found = None
        for row in versions:
            held = scope.holders(conn, layer, row)
            thing = Thing(layer, territory(held), guarded=guarded)
            for wanted in (*also, instead or Action(action)):
                refusal = can(actor, wanted, thing)
                if refusal is not Refusal.PROPOSAL and refusal:
                    return refusal
                found = found or refusal  # others that no proposal mends come first
        return found

    return asked
