"""Who may do what: one table, and one pure function that reads it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geo.layers import (
    ADMIN_UNITS,
    AGREEMENTS,
    COMMITMENTS,
    CORRIDORS,
    EXCHANGES,
    GATES,
    INDICATORS,
    INSPECTIONS,
    LAYERS,
    PROJECTS,
    SOURCES,
)
from geo.schema import Layer
from geo.scope import OF_MARKERS, UNIT, UNITS
from geo.vocabulary import Vocabulary
from office.actor import NEED_SECOND_FACTOR, Actor, Role


class Action(StrEnum):
    """What somebody wants to do."""

    READ = "read"
    EXPORT = "export"
    READ_HISTORY = "read_history"
    READ_AUDIT = "read_audit"  # who read restricted data, exported, signed in
    CREATE = "create"
    EDIT = "edit"
    RETIRE = "retire"
    PROPOSE = "propose"
    APPROVE = "approve"
    IMPORT = "import"
    UNDO = "undo"
    MANAGE_USERS = "manage_users"
    RUN_JOBS = "run_jobs"  # of the installation: backup, reminders, other people's jobs


class Reach(StrEnum):
    """Where a role may do something."""

    HOME = "home"  # in rows that its provinces hold
    EVERYWHERE = "everywhere"


class Refusal(Vocabulary):
    """Why somebody may not do something."""

    SIGN_IN = "sign_in", "hãy đăng nhập", "needs an account: sign in"
    SECOND_FACTOR = "second_factor", "cần xác thực hai bước", "needs the second factor"
    ROLE = "role", "vai trò này không được làm việc đó", "is not for this role"
    SCOPE = "scope", "mã truy cập không cho phép việc đó", "is more than the token is good for"
    LAYER = "layer", "vai trò này không ghi lớp này", "is not for this role in this layer"
    PROVINCE = "province", "ngoài các tỉnh được giao", "lies outside one's provinces"
    PROPOSAL = "proposal", "phải có người khác phê duyệt", "has to be proposed to an approver"
    OWN_CHANGE = (
        "own_change",
        "người đề nghị không được tự phê duyệt",
        "is one's own proposal, which somebody else approves",
    )


@dataclass(frozen=True, slots=True)
class Thing:
    """What is acted on: a layer, and where its row lies.

    `territory` are the ids of all units that hold or held the row, see geo.units; None asks
    whether there may be any such row. `guarded` says that it touches what nobody changes alone,
    `author` who proposed it.
    """

    layer: Layer
    territory: frozenset[str] | None = None
    guarded: bool = False
    author: str | None = None


_H, _E = Reach.HOME, Reach.EVERYWHERE
_STAFF = (
    Role.VIEWER, Role.INSPECTOR, Role.EDITOR, Role.APPROVER, Role.PLANNER, Role.FOREIGN_AFFAIRS,
    Role.AUDITOR, Role.ADMIN,
)  # fmt: skip
_WRITERS = {
    Role.INSPECTOR: _H, Role.EDITOR: _H, Role.APPROVER: _H, Role.PLANNER: _H,
    Role.FOREIGN_AFFAIRS: _H, Role.ADMIN: _E,
}  # fmt: skip
_STEWARDS = {Role.EDITOR: _H, Role.APPROVER: _H, Role.ADMIN: _E}
# The one table. What a role sees of a row that it may read is another question, see office.sights.
MAY: dict[Action, dict[Role, Reach]] = {
    Action.READ: dict.fromkeys(Role, _E),
    Action.EXPORT: dict.fromkeys(Role, _E),
    Action.READ_HISTORY: dict.fromkeys(_STAFF, _E),
    Action.READ_AUDIT: {Role.AUDITOR: _E, Role.ADMIN: _E},
    Action.CREATE: _WRITERS,
    Action.EDIT: _WRITERS,
    Action.RETIRE: {role: reach for role, reach in _WRITERS.items() if role is not Role.INSPECTOR},
    Action.PROPOSE: _WRITERS,
    Action.APPROVE: {Role.APPROVER: _H, Role.ADMIN: _E},
    Action.IMPORT: _STEWARDS,
    Action.UNDO: _STEWARDS,
    Action.MANAGE_USERS: {Role.ADMIN: _E},
    Action.RUN_JOBS: {Role.ADMIN: _E},
}
# Roles that write some layers only.
OWN_LAYERS: dict[Role, tuple[Layer, ...]] = {
    Role.INSPECTOR: (INSPECTIONS,),
    Role.PLANNER: (PROJECTS, CORRIDORS, INDICATORS, SOURCES),
    Role.FOREIGN_AFFAIRS: (AGREEMENTS, COMMITMENTS, EXCHANGES, GATES, SOURCES),
}
# Who changes what a province is changes who sees what: that is for administrators alone.
FOUNDATIONS = (ADMIN_UNITS,)
# Rows that no province holds: whoever may write the layer adds some; to change what others use
# takes an approver, or the role whose layer it is.
HELD_BY_NOBODY = tuple(
    layer
    for layer in LAYERS.values()
    if layer not in (*OF_MARKERS, *FOUNDATIONS)
    and not any(layer.field(name) for name in (*UNIT, *UNITS))
)
_READS = (Action.READ, Action.EXPORT, Action.READ_HISTORY, Action.READ_AUDIT)
_WRITES = (Action.CREATE, Action.EDIT, Action.RETIRE, Action.IMPORT, Action.UNDO)


def scope(action: Action) -> str:
    """Return what a token must be good for."""
    return "read" if action in _READS else "write"


def acting_role(actor: Actor) -> Role:
    """Return the role that somebody has now: without its second factor it is that of a viewer."""
    lacking = actor.role in NEED_SECOND_FACTOR and not actor.second_factor
    return Role.VIEWER if lacking else actor.role


def can(actor: Actor, action: Action, thing: Thing | None = None) -> Refusal | None:
    """Return why somebody may not do something, or None if he may.

    Without a thing the question is whether he may ever. That he may read says nothing of what he
    is shown.
    """
    role = acting_role(actor)
    reach = MAY[action].get(role)
    if reach is None:
        return _without(actor, action, role)
    if actor.scopes is not None and scope(action) not in actor.scopes:
        return Refusal.SCOPE
    if thing is None or action in _READS:
        return None
    return _layer(role, action, thing) or _on(actor, reach, role, action, thing)


def _without(actor: Actor, action: Action, role: Role) -> Refusal:
    if role is Role.ANONYMOUS:
        return Refusal.SIGN_IN
    return Refusal.SECOND_FACTOR if actor.role in MAY[action] else Refusal.ROLE


def _layer(role: Role, action: Action, thing: Thing) -> Refusal | None:
    own = OWN_LAYERS.get(role)
    if role is Role.ADMIN or action is Action.PROPOSE or (own and thing.layer in own):
        return None
    if own or thing.layer in FOUNDATIONS:
        return Refusal.LAYER
    changes = action in (Action.EDIT, Action.RETIRE, Action.UNDO)
    if thing.layer in HELD_BY_NOBODY and changes and role is not Role.APPROVER:
        return Refusal.PROPOSAL
    return None


def _on(actor: Actor, reach: Reach, role: Role, action: Action, thing: Thing) -> Refusal | None:
    if thing.author == actor.id and action is Action.APPROVE:
        return Refusal.OWN_CHANGE
    away = thing.territory is not None and not thing.territory & actor.provinces
    if reach is Reach.HOME and away and thing.layer not in HELD_BY_NOBODY:
        return Refusal.PROVINCE
    if thing.guarded and action in _WRITES and role not in (Role.APPROVER, Role.ADMIN):
        return Refusal.PROPOSAL
    return None
