"""Whether the server lives and can answer."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import text

from api.deps import Conn

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
def live() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@router.get("/ready")
def ready(conn: Conn) -> dict[str, str]:
    """Say that the store can be read."""
    conn.execute(text("SELECT 1 FROM register LIMIT 1")).first()
    return {"status": "ok"}
