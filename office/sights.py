"""What of the register each role is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from geo.audience import PUBLIC, Audience, Sight, everywhere
from geo.units import Units
from geo.vocabulary import Classification
from office.actor import Actor, Role
from office.can import Action, acting_role, can

# Outside and inside one's own provinces; see docs/decisions/0008-who-sees-what.md.
SHOWN: dict[Role, tuple[Audience, Audience]] = {
    Role.ANONYMOUS: (Classification.PUBLIC, Classification.PUBLIC),
    Role.PARTNER: (Classification.PUBLIC, Classification.PARTNER),
    Role.VIEWER: (Classification.INTERNAL, Classification.INTERNAL),
    Role.PLANNER: (Classification.INTERNAL, Classification.INTERNAL),
    Role.FOREIGN_AFFAIRS: (Classification.INTERNAL, Classification.INTERNAL),
    Role.INSPECTOR: (Classification.INTERNAL, Classification.RESTRICTED),
    Role.EDITOR: (Classification.INTERNAL, Classification.RESTRICTED),
    Role.APPROVER: (Classification.INTERNAL, Classification.RESTRICTED),
    Role.AUDITOR: (Classification.RESTRICTED, Classification.RESTRICTED),
    Role.ADMIN: (Classification.RESTRICTED, Classification.RESTRICTED),
}
Facing = Callable[[frozenset[str]], Iterable[str]]  # from units to the stretches that face them


def sight(actor: Actor, units: Units, facing: Facing) -> Sight:
    """Return what somebody is shown.

    `units` are all of the register, `facing` finds the stretches of border at some of them.
    """
    if can(actor, Action.READ) is not None:
        return PUBLIC  # a token that is not for reading
    role = acting_role(actor)
    outside, inside = SHOWN[role]
    if outside == inside:
        return everywhere(outside)
    own = units.territory(actor.provinces)
    borders = frozenset(facing(own)) if role is Role.PARTNER else frozenset[str]()
    return Sight(outside, inside, own, borders)
