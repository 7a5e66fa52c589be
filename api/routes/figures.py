"""Progress, corridors, search and terrain."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.deps import Conn, Reader, RegisterDep, SettingsDep
from api.params import limit as clamped
from geo import corridors, progress, search, terrain
from geo.errors import BadInputError
from geo.period import Period, parse

router = APIRouter(prefix="/api", tags=["figures"])
MOST_FOUND = 50  # search results of one answer
Province = Annotated[str | None, Query(description="any spelling and era", examples=["Đắk Nông"])]


@router.get("/progress")
def get_progress(
    conn: Conn,
    register: RegisterDep,
    sight: Reader,
    border: Annotated[str | None, Query(examples=["VN-KH"])] = None,
    as_of: Annotated[str | None, Query(description="date, default today")] = None,
    province: Province = None,
) -> dict[str, Any]:
    """Return reported progress figures as of a date beside what the register holds."""
    day = _day(as_of, "as_of")
    asked = register.filter(when=Period(day, day), province=province, sight=sight)
    code = None if border is None else border.upper()
    found = progress.progress(conn, asked, border=code, as_of=day)
    return {"border": code, "as_of": day, "province": province, **asdict(found)}


def _day(text: str | None, parameter: str) -> str:
    found = parse(text, parameter=parameter)
    if text == "" or found is None or found.start != found.end:
        raise BadInputError(
            f"{text!r} is not a date", parameter=parameter, value=text, allowed=["2014-06-30"]
        )
    return found.end


@router.get("/corridors")
def list_corridors(conn: Conn, register: RegisterDep, sight: Reader) -> dict[str, Any]:
    """List the corridors with their published and measured lengths."""
    asked = register.filter(when=parse(None), sight=sight)
    return {"corridors": [asdict(c) for c in corridors.corridors(conn, asked)]}


@router.get("/corridors/{corridor_id}")
def get_corridor(
    conn: Conn, register: RegisterDep, sight: Reader, corridor_id: str
) -> dict[str, Any]:
    """Return one corridor with its segments."""
    asked = register.filter(when=parse(None), sight=sight)
    found, segments = corridors.corridor(conn, corridor_id, asked)
    return {**asdict(found), "segments": {"type": "FeatureCollection", "features": segments}}


@router.get("/corridors/{corridor_id}/projects")
def corridor_projects(
    conn: Conn,
    register: RegisterDep,
    sight: Reader,
    corridor_id: str,
    within_km: Annotated[float, Query(ge=0, le=500, allow_inf_nan=False)] = 20,
    datetime: Annotated[str | None, Query(description="date or interval")] = None,
) -> dict[str, Any]:
    """Return the projects that lie within a distance of the corridor, and their totals."""
    asked = register.filter(when=parse(datetime), sight=sight)
    found = corridors.projects_near(conn, corridor_id, asked, within_km=within_km)
    return {"type": "FeatureCollection", **found}


@router.get("/search")
def find(
    conn: Conn,
    sight: Reader,
    q: Annotated[str, Query(max_length=200, examples=["dak nong"])],
    limit: int = 20,
    layers: Annotated[str | None, Query(description="names of layers, comma between")] = None,
) -> dict[str, Any]:
    """Find rows by name; accents and case do not matter."""
    most = clamped(limit, MOST_FOUND)
    chosen = None if layers is None else layers.split(",")
    found = search.search(conn, q, sight=sight, limit=most, layers=chosen)
    return {"q": q, "results": found}


@router.get("/terrain")
def height(
    settings: SettingsDep,
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)],
    lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)],
) -> dict[str, Any]:
    """Return the height of the ground from the built-in relief, with its accuracy."""
    return asdict(terrain.height(settings.data / "terrain" / "relief.tif", lon, lat))
