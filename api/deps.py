"""What routes ask for, under names of the domain."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Query, Request
from sqlalchemy import Connection, Engine
from starlette.concurrency import run_in_threadpool

from api import negotiate
from api.actors import actor_of, actor_soon, has_credentials, office_of
from api.reads import least, note
from api.settings import Settings
from geo import layers, store
from geo.audience import PUBLIC, Sight
from geo.extents import Extents
from geo.register import Register
from geo.replicas import Replicas
from geo.schema import Layer
from office import actor, sights


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
        replicas.connect(least=least(request)) if reading else request.app.state.engine.connect()
    ) as conn:
        note(request, store.revision_of_all(conn))
        yield conn


def _register(request: Request) -> Register:
    register: Register = request.app.state.register
    return register


def _extents(request: Request) -> Extents:
    extents: Extents = request.app.state.extents
    return extents


async def sight_of(request: Request) -> Sight:
    """Return what whoever asks is shown of the register; costs nothing where nobody says who."""
    if not has_credentials(request.scope):
        return PUBLIC
    return await run_in_threadpool(_sight, request)


def _sight(request: Request) -> Sight:
    register = _register(request)
    return sights.sight(actor_of(request), register.units, register.stretches)


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
Reader = Annotated[Sight, Depends(sight_of)]
LayerDep = Annotated[Layer, Depends(_layer)]
Language = Annotated[str, Depends(_language)]
