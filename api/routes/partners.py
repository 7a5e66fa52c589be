"""Partner provinces."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.deps import Conn, Reader, RegisterDep
from geo import partners, period

router = APIRouter(prefix="/api/partners", tags=["partners"])
When = Annotated[str | None, Query(alias="datetime", description="as of this date")]


@router.get("")
def list_partners(
    conn: Conn, register: RegisterDep, sight: Reader, when: When = None
) -> dict[str, Any]:
    """List the partner provinces and the provinces that they face."""
    asked = register.filter(when=period.parse(when), sight=sight)
    return {"partners": partners.partners(conn, asked)}


@router.get("/{code}")
def get_partner(
    conn: Conn, register: RegisterDep, sight: Reader, code: str, when: When = None
) -> dict[str, Any]:
    """Return a partner province with its borders, gates, corridors, projects and cooperation."""
    asked = register.filter(when=period.parse(when), sight=sight)
    found = partners.partner(conn, code, replace(asked, values={}))
    p = found.unit["properties"]
    names = {name: p[name] for name in ("name_vi", "name_en", "name_local", "country")}
    return {
        "code": p["iso_code"],
        "id": found.unit["id"],
        **names,
        "bbox": found.bbox,
        "unit": found.unit,
        "faces": found.faces,
        **{name: _collection(items) for name, items in found.collections.items()},
        **found.tables,
    }


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}
