"""Who may do what, and what each role is shown."""

from dataclasses import replace
from typing import Any

import pytest

from geo.audience import PUBLIC, Sight
from geo.layers import (
    ADMIN_UNITS,
    AGREEMENTS,
    INSPECTIONS,
    LAYERS,
    MARKERS,
    PLACES,
    PROJECTS,
    SOURCES,
)
from geo.schema import Layer
from geo.units import Unit, Units
from geo.vocabulary import Classification
from office.actor import ANONYMOUS, NEED_SECOND_FACTOR, OPERATOR, Actor, Role
from office.can import MAY, Action, Refusal, Thing, can
from office.sights import SHOWN, sight

MERGER = "2025-07-01"


def unit(key: str, start: str, end: str, *successors: str) -> Unit:
    return Unit(key, key, (key,), start, end, successors, "province")


UNITS = Units(
    [
        unit("dak-nong", "2004-01-01", MERGER, "lam-dong.2025"),
        unit("lam-dong", "0001-01-01", MERGER, "lam-dong.2025"),
        unit("lam-dong.2025", MERGER, "9999-12-31"),
        unit("quang-tri", "0001-01-01", "9999-12-31"),
        unit("savannakhet", "0001-01-01", "9999-12-31"),
    ]
)
WRITES = (Action.CREATE, Action.EDIT, Action.RETIRE)


def somebody(role: Role, *provinces: str, **more: Any) -> Actor:
    return Actor(
        "u1", "Nguyễn A", role, frozenset(provinces), "session", **{"second_factor": True} | more
    )


def thing(layer: Layer, *holders: str, **more: Any) -> Thing:
    return Thing(layer, UNITS.territory(holders), **more)


@pytest.mark.parametrize("province", ["dak-nong", "lam-dong", "lam-dong.2025"])
@pytest.mark.parametrize("holder", ["dak-nong", "lam-dong", "lam-dong.2025"])
def test_an_editor_s_province_is_the_same_before_and_after_the_merger(
    province: str, holder: str
) -> None:
    editor = somebody(Role.EDITOR, province)
    for action in WRITES:
        assert can(editor, action, thing(MARKERS, holder)) is None
        assert can(editor, action, thing(MARKERS, "quang-tri")) is Refusal.PROVINCE
        assert can(editor, action, thing(MARKERS)) is Refusal.PROVINCE  # held by nobody known


@pytest.mark.parametrize("action", [a for a in Action if a not in (Action.READ, Action.EXPORT)])
def test_nobody_does_more_than_read_without_an_account(action: Action) -> None:
    assert can(ANONYMOUS, action, thing(MARKERS, "dak-nong")) is Refusal.SIGN_IN


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PARTNER, Role.AUDITOR])
@pytest.mark.parametrize("action", [*WRITES, Action.PROPOSE, Action.APPROVE, Action.IMPORT])
def test_some_roles_only_read(role: Role, action: Action) -> None:
    assert can(somebody(role, "dak-nong"), action, thing(MARKERS, "dak-nong")) is Refusal.ROLE


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMIN])
def test_an_author_cannot_approve_his_own_change(role: Role) -> None:
    approver = somebody(role, "dak-nong")
    own, of_another = (thing(MARKERS, "dak-nong", author=author) for author in ("u1", "u2"))
    assert can(approver, Action.APPROVE, own) is Refusal.OWN_CHANGE
    assert can(approver, Action.APPROVE, of_another) is None


def test_an_approver_approves_in_his_provinces() -> None:
    away = thing(MARKERS, "quang-tri", author="u2")
    assert can(somebody(Role.APPROVER, "dak-nong"), Action.APPROVE, away) is Refusal.PROVINCE


def test_what_is_restricted_waits_for_an_approver() -> None:
    guarded = thing(MARKERS, "dak-nong", guarded=True)
    editor, approver = (somebody(role, "dak-nong") for role in (Role.EDITOR, Role.APPROVER))
    assert can(editor, Action.EDIT, guarded) is Refusal.PROPOSAL
    assert can(editor, Action.PROPOSE, guarded) is None
    assert can(approver, Action.EDIT, guarded) is None


@pytest.mark.parametrize(
    ("role", "own", "other"),
    [
        (Role.INSPECTOR, INSPECTIONS, MARKERS),
        (Role.PLANNER, PROJECTS, MARKERS),
        (Role.FOREIGN_AFFAIRS, AGREEMENTS, MARKERS),
    ],
)
def test_an_office_writes_its_own_layers(role: Role, own: Layer, other: Layer) -> None:
    officer = somebody(role, "dak-nong")
    assert can(officer, Action.CREATE, thing(own, "dak-nong")) is None
    assert can(officer, Action.CREATE, thing(other, "dak-nong")) is Refusal.LAYER
    assert can(officer, Action.CREATE, thing(own, "quang-tri")) is Refusal.PROVINCE


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMIN])
def test_only_an_administrator_says_what_a_province_is(role: Role) -> None:
    """Who changes what came of a province changes who sees what."""
    unit_of_his = thing(ADMIN_UNITS, "dak-nong")
    for action in WRITES:
        assert can(somebody(role, "dak-nong"), action, unit_of_his) is not None
    assert can(somebody(Role.ADMIN), Action.EDIT, unit_of_his) is None


@pytest.mark.parametrize("layer", [SOURCES, PLACES])
def test_what_no_province_holds_is_added_by_editors_and_changed_by_approvers(layer: Layer) -> None:
    editor, approver = (somebody(role, "dak-nong") for role in (Role.EDITOR, Role.APPROVER))
    assert can(editor, Action.CREATE, thing(layer)) is None
    assert can(editor, Action.EDIT, thing(layer)) is Refusal.PROPOSAL
    assert can(approver, Action.EDIT, thing(layer)) is None


@pytest.mark.parametrize("role", sorted(NEED_SECOND_FACTOR))
def test_without_the_second_factor_one_is_a_viewer(role: Role) -> None:
    half = somebody(role, "dak-nong", second_factor=False)
    viewer = somebody(Role.VIEWER)
    assert shown(half) == shown(viewer)
    for action in Action:
        refused = can(half, action, thing(MARKERS, "dak-nong"))
        if can(viewer, action, thing(MARKERS, "dak-nong")) is None:
            assert refused is None
        else:
            assert refused is (Refusal.SECOND_FACTOR if role in MAY[action] else Refusal.ROLE)


def test_a_token_narrows_what_its_owner_may() -> None:
    reading = somebody(Role.EDITOR, "dak-nong", scopes=frozenset(["read"]))
    assert can(reading, Action.EDIT, thing(MARKERS, "dak-nong")) is Refusal.SCOPE
    assert can(reading, Action.READ_HISTORY) is None
    writing = replace(reading, scopes=frozenset(["read", "write"]))
    assert can(writing, Action.EDIT, thing(MARKERS, "dak-nong")) is None
    assert can(writing, Action.EDIT, thing(MARKERS, "quang-tri")) is Refusal.PROVINCE
    assert shown(replace(reading, scopes=frozenset(["write"]))) == PUBLIC


def test_the_operator_may_everything() -> None:
    for action in Action:
        for layer in LAYERS.values():
            assert can(OPERATOR, action, thing(layer, "quang-tri")) is None


def shown(actor: Actor) -> Sight:
    return sight(actor, UNITS, lambda own: [f"stretch at {key}" for key in sorted(own)])


def test_what_each_role_is_shown() -> None:
    assert set(SHOWN) == set(Role)
    public, partner, internal, restricted = Classification
    assert shown(ANONYMOUS) == PUBLIC
    assert shown(somebody(Role.VIEWER, "dak-nong")) == Sight(internal, internal)
    assert shown(OPERATOR) == shown(somebody(Role.AUDITOR)) == Sight(restricted, restricted)
    home = UNITS.territory(["dak-nong"])
    assert len(home) == 3
    assert shown(somebody(Role.EDITOR, "dak-nong")) == Sight(internal, restricted, home)
    abroad = shown(somebody(Role.PARTNER, "savannakhet"))
    units = frozenset(["savannakhet"])
    assert abroad == Sight(public, partner, units, frozenset(["stretch at savannakhet"]))


def test_outside_his_provinces_everybody_on_the_staff_reads_as_a_viewer() -> None:
    viewer = shown(somebody(Role.VIEWER))
    for role in (Role.INSPECTOR, Role.EDITOR, Role.APPROVER):
        assert shown(somebody(role, "dak-nong")).outside == viewer.outside
        assert shown(somebody(role)).uniform  # of no province: nothing is inside
