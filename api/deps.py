"""What routes ask for, under names of the domain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Query, Request
from sqlalchemy import Connection, Engine

from api import negotiate
from api.actors import actor_soon, office_of
from api.reads import least, note
from api.settings import Settings
from geo import layers, store
from geo.audience import PUBLIC, Audience
from geo.extents import Extents
from geo.register import Register
from geo.replicas import Replicas
from geo.schema import Layer
from office import actor


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _replicas(request: Request) -> Replicas:
    replicas: Replicas = request.app.state.replicas
    return replicas


def _connection(request: Request) -> Iterator[Connection]:
    replicas = _replicas(request)
    reading = request.method in ("GET", "HEAD")
    with (
        replicas.connect(least=least(request)) if reading else replicas.primary.engine.connect()
    ) as conn:
        note(request, store.revision_of_all(conn))
        yield conn


def _register(request: Request) -> Register:
    register: Register = request.app.state.register
    return register


def _extents(request: Request) -> Extents:
    extents: Extents = request.app.state.extents
    return extents


def _audience() -> Audience:
    return PUBLIC  # everybody is anonymous until there are accounts


def _layer(layer: str) -> Layer:
    return layers.get(layer)


def _language(
    request: Request,
    lang: Annotated[str | None, Query(description="vi or en; else Accept-Language")] = None,  # noqa: ARG001
) -> str:
    return negotiate.language(request)


SettingsDep = Annotated[Settings, Depends(_settings)]
Conn = Annotated[Connection, Depends(_connection)]
ReplicasDep = Annotated[Replicas, Depends(_replicas)]
RegisterDep = Annotated[Register, Depends(_register)]
ExtentsDep = Annotated[Extents, Depends(_extents)]
Office = Annotated[Engine, Depends(office_of)]
Actor = Annotated[actor.Actor, Depends(actor_soon)]
Reader = Annotated[Audience, Depends(_audience)]
LayerDep = Annotated[Layer, Depends(_layer)]
Language = Annotated[str, Depends(_language)]
