"""Who acts: a person with a role and provinces, the operator himself, or anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from geo.vocabulary import Vocabulary

Via: TypeAlias = Literal["anonymous", "operator", "session", "token"]


class Role(Vocabulary):
    """What a person does here; office.can says what each may."""

    ANONYMOUS = "anonymous", "khách", "visitor"
    VIEWER = "viewer", "người xem", "viewer"
    INSPECTOR = "inspector", "người kiểm tra", "inspector"
    EDITOR = "editor", "người biên tập", "editor"
    APPROVER = "approver", "người phê duyệt", "approver"
    PLANNER = "planner", "cán bộ kế hoạch", "planner"
    FOREIGN_AFFAIRS = "foreign_affairs", "cán bộ đối ngoại", "foreign affairs"
    PARTNER = "partner", "đối tác", "partner"
    AUDITOR = "auditor", "người kiểm toán", "auditor"
    ADMIN = "admin", "quản trị viên", "administrator"


ROLES = {role.value: role for role in Role}

# They see exact coordinates: without a second factor they see and do what a viewer does.
NEED_SECOND_FACTOR = frozenset(
    {Role.INSPECTOR, Role.EDITOR, Role.APPROVER, Role.AUDITOR, Role.ADMIN}
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, with what he may act as now.

    `id` and `name` stand in the history and the logs. `provinces` are ids of admin_units; those
    that came before and after them count too, see geo.units. `scopes` are what a token is good
    for; None means all that the role may do.
    """

    id: str
    name: str
    role: Role
    provinces: frozenset[str]
    via: Via
    second_factor: bool = False
    scopes: frozenset[str] | None = None


ANONYMOUS = Actor("anonymous", "anonymous", Role.ANONYMOUS, frozenset(), "anonymous")
SYSTEM = "system"  # who does what nobody asked for, in logs
OPERATOR = Actor("operator", "operator", Role.ADMIN, frozenset(), "operator", second_factor=True)
