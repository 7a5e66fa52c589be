"""Whether the server lives and can answer."""

from fastapi import APIRouter

from api.deps import Conn
from geo import store

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
def live() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@router.get("/ready")
def ready(conn: Conn) -> dict[str, str]:
    """Say that the store can be read."""
    store.revision_of_all(conn)
    return {"status": "ok"}
