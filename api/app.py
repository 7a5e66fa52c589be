"""The application: settings in, ASGI out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from api import actors, errors, gate, limits
from api.actors import open_office
from api.again import Again
from api.cursors import Cursors
from api.forwarded import Forwarded
from api.front import Front
from api.kept import Kept
from api.known import known_parameters
from api.limits import Limits
from api.logged import ReadLog
from api.middleware import Cors, Methods
from api.quick_items import Plain, QuickItems
from api.quick_tiles import QuickTiles
from api.routes import collections, definition, features, figures, health, meta, tiles, web
from api.seldom import Adding, Seldom
from api.settings import ROOT, Settings
from api.signing import signing
from api.tally import WRITE_S, Tally
from geo import ground, info, store
from geo.extents import Extents
from geo.later import later
from geo.register import Register
from geo.replicas import Replicas
from geo.rolls import Rolls
from geo.tiles import serve
from geo.tiles.ready import Stock
from office.reads import Reads
from office.ticking import every

if TYPE_CHECKING:
    from api import openapi
    from api.routes import (
        account,
        admin,
        audit,
        editing,
        evidence,
        history,
        imports,
        jobs,
        metrics,
        oidc,
        onetime,
        partners,
        proposals,
        session,
    )
else:
    openapi = later("api.openapi")
    account = later("api.routes.account")
    admin = later("api.routes.admin")
    audit = later("api.routes.audit")
    editing = later("api.routes.editing")
    evidence = later("api.routes.evidence")
    history = later("api.routes.history")
    imports = later("api.routes.imports")
    jobs = later("api.routes.jobs")
    metrics = later("api.routes.metrics")
    oidc = later("api.routes.oidc")
    onetime = later("api.routes.onetime")
    partners = later("api.routes.partners")
    proposals = later("api.routes.proposals")
    session = later("api.routes.session")

ROUTED = (meta, definition, collections, features, tiles, figures, health)
SELDOM = (
    ("^(?!GET |HEAD ).*/api/collections/", editing),
    ("/api/imports", imports), ("/api/partners", partners), ("/api/jobs", jobs),
    ("/api/evidence", evidence), ("/api/proposals", proposals), ("/api/session", session),
    ("/api/account", account), ("/api/admin", admin), ("/api/links", onetime),
    ("/history", history), ("/api/audit", audit), ("/api/oidc", oidc), ("/metrics", metrics),
)  # fmt: skip


def create_app(settings: Settings) -> FastAPI:
    """Build the server over the store of the settings.

    Raises:
        StoreError: the store is not there, damaged or not ours.
    """
    app = FastAPI(
        title="Cột Mốc",
        version=info.version(),
        description="Map and register for land-border and corridor cooperation.",
        openapi_url=None,  # api.routes.meta answers it
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_name_of,
        dependencies=[Depends(one) for one in (known_parameters, limits.check, gate.check_change)],
        lifespan=_closing,
        redirect_slashes=False,  # the address of a redirect would lack a proxy's prefix
    )
    _hold(app, settings)
    errors.install(app)
    for module in ROUTED:
        app.include_router(module.router)
    seldom = Seldom(app, SELDOM)
    _wrap(app, settings, seldom)
    web.mount(app, settings)
    _describe(app, seldom)
    kept = app.state.kept = _kept(app, settings)
    app.middleware_stack = Front(
        kept,
        app.state.plain,
        limits=app.state.limits,
        tally=app.state.tally,
        settings=settings,
    )
    return app


def _hold(app: FastAPI, settings: Settings) -> None:
    """Open the register, and make what is held of it and counted. Raises StoreError."""
    held = app.state
    held.settings = settings
    held.office = None  # see api.actors.open_office
    held.engine = store.open_store(settings.store)
    held.oidc = actors.provider(settings)
    held.watch = store.watch(held.engine)
    rolls = Rolls(settings.store, ROOT / "var")
    held.replicas = Replicas(
        held.engine, settings.read_stores, held.watch, rolls, seconds=settings.read_seconds
    )
    held.register = Register(held.engine)
    held.taken = {}  # see api.known
    held.cursors = Cursors(held.register.secret)
    held.plain = Plain(held.replicas, held.register, held.cursors)
    held.extents = Extents()
    held.ground = ground.Kept()
    held.tiles = serve.of_store(settings.store, folder=ROOT / "var")
    held.reads = Reads(lambda: open_office(app))
    held.limits = Limits(settings)
    held.tally = Tally()
    held.tally.pools["register"] = held.engine


def _name_of(route: APIRoute) -> str:
    """Return the operationId of a route: the name of its function."""
    return route.name


def _describe(app: FastAPI, seldom: Seldom) -> None:
    """Make the application show our document, which tells of every route."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            seldom.add_all()
            app.openapi_schema = openapi.document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _wrap(app: FastAPI, settings: Settings, seldom: Seldom) -> None:
    """Put around the routes what comes before them; the last one is the outermost."""
    held = app.state
    app.add_middleware(ReadLog)
    app.add_middleware(Methods)
    app.add_middleware(Adding, seldom=seldom)
    app.add_middleware(QuickItems, plain=held.plain)
    stock = Stock(held.engine, held.tiles, held.watch)
    app.add_middleware(QuickTiles, stock=stock, settings=settings)
    app.add_middleware(Cors, named=settings.cors_origins)
    app.add_middleware(Forwarded, trusted=settings.trusted_proxies, prefix=settings.root_path)


@asynccontextmanager
async def _closing(app: FastAPI) -> AsyncIterator[None]:
    """Sign the history while the server runs; when it stops, write what waits and let go."""
    tally: Tally = app.state.tally
    with (
        signing(app.state.engine, app.state.settings),
        every(WRITE_S, tally.write, name="counts"),
    ):
        yield
    tally.write()
    app.state.reads.close()
    app.state.tiles.close()
    close(app)


def close(app: FastAPI) -> None:
    """Let go of the databases, and of who watches them; what is asked later begins anew."""
    app.state.replicas.close()
    for engine in (app.state.engine, app.state.office):
        if engine is not None:
            engine.dispose()


def _kept(app: FastAPI, settings: Settings) -> Kept:
    seconds = settings.cache_seconds
    return Kept(
        app.build_middleware_stack(),
        app.state.watch,
        max_bytes=settings.kept_bytes,
        cache_control=f"max-age={seconds}" if seconds else "no-cache",
        made_by=f"{app.version} {settings.viewpoint} {settings.root_path} {app.state.register.era}",
    )


class Served:
    """What a server calls: the application less FastAPI's telemetry.

    That looks at the environment three times for each answer: 10 µs, as much as all else that an
    answer from memory takes. `again` answers what needs no application, see api.protocol.
    """

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.stack = app.middleware_stack or app.build_middleware_stack()
        self.again: Again | None = getattr(self.stack, "again", None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        scope["app"] = self.app
        await self.stack(scope, receive, send)
