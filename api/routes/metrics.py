"""Figures of the running server, as Prometheus reads them."""

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request, Response

from api import gate
from api.deps import Conn, Office
from api.errors import NotAllowedError
from api.settings import Settings
from api.tally import Tally
from geo import store
from geo.later import later
from office import jobs, secret
from office.errors import BadTokenError

if TYPE_CHECKING:
    from api import exposed
else:
    exposed = later("api.exposed")

router = APIRouter(tags=["health"])
_BEARER = "bearer "


def _let(request: Request) -> None:
    """Let on who shows the token of the settings, and programs on this machine.

    Raises:
        BadTokenError: another token is shown.
        NotAllowedError: none is, and it comes from elsewhere.
    """
    settings: Settings = request.app.state.settings
    given = request.headers.get("authorization", "")
    wanted = settings.metrics_token.get_secret_value()
    if wanted and given.lower().startswith(_BEARER):
        if not secret.same(given[len(_BEARER) :].strip(), wanted):
            raise BadTokenError("This is not the token of COTMOC_METRICS_TOKEN")
        return
    client = request.client.host if request.client else ""
    if not gate.loopback(client) or not gate.loopback(request.url.hostname or ""):
        raise NotAllowedError("Metrics are for this machine, or for the token that is set for them")


@router.get("/metrics", dependencies=[Depends(_let)])
def metrics(request: Request, conn: Conn, office: Office) -> Response:
    """Return figures of all processes: requests, times, jobs, revision, connections, memory."""
    tally: Tally = request.app.state.tally
    tally.pools["office"] = office
    with office.connect() as private:
        waiting = jobs.counted(private)
    told = exposed.told([*tally.all()], waiting, store.revision_of_all(conn))
    answer = Response(told, headers={"cache-control": "no-store"})
    answer.headers["content-type"] = exposed.MEDIA_TYPE
    return answer
