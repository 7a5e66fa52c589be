"""What there is: landing page, conformance, description of the API, vocabularies, the register."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from api import answers, links
from api import conformance as standards
from api.answers import PlainForm
from api.deps import Conn, Language, Reader, RegisterDep, SettingsDep
from api.forms import HTML, JSON, PLAIN
from api.html import about as pages
from api.settings import Settings
from geo import info, period, query
from geo.history import Tampering
from geo.layers import LAYERS
from geo.query import Filter
from office.actor import Role
from office.events import AccountEvent
from office.tokens import Scope

router = APIRouter(prefix="/api", tags=["about"])
REL = "http://www.opengis.net/def/rel/ogc/1.0"
_ABOUT = {
    "vi": "Bản đồ và sổ đăng ký hợp tác biên giới đất liền và hành lang kinh tế.",
    "en": "Map and register for land-border and corridor cooperation.",
}
_TITLES = {
    "vi": (
        "Lớp dữ liệu", "Mô tả API (OpenAPI)", "Mô tả API (OpenAPI 3.0)", "Tài liệu API",
        "Các lớp tuân thủ",
        "Ô bản đồ vector của mọi lớp", "Lưới ô", "Bản đồ", "Kết nối QGIS, ArcGIS, GDAL, Python",
        "Từ vựng và nhãn",
    ),
    "en": (
        "Layers", "Definition of the API (OpenAPI)", "Definition of the API (OpenAPI 3.0)",
        "Documentation of the API",
        "Conformance classes", "Vector tiles of every layer", "Tile grids", "Map",
        "Connect QGIS, ArcGIS, GDAL, Python", "Vocabularies and their labels",
    ),
}  # fmt: skip


@router.get("")
@router.get("/", include_in_schema=False)
def landing(request: Request, form: PlainForm, lang: Language) -> Response:
    """Return the landing page: where everything is."""
    root, here = links.root(request), links.base(request)
    rest = (
        ("data", f"{here}/collections", JSON),
        ("service-desc", f"{here}/openapi.json", info.OPENAPI),
        ("service-desc", f"{here}/openapi-3.0.json", info.OPENAPI_3_0),
        ("service-doc", f"{here}/docs", HTML),
        ("conformance", f"{here}/conformance", JSON),
        (f"{REL}/tilesets-vector", f"{here}/tiles", JSON),
        (f"{REL}/tiling-schemes", f"{here}/tileMatrixSets", JSON),
        ("related", f"{root}/", HTML),
        ("help", f"{root}/connect", HTML),
        ("related", f"{here}/vocabularies", JSON),
    )
    named = [links.link(*one, title) for one, title in zip(rest, _TITLES[lang], strict=True)]
    made = [*links.forms(request, PLAIN, form), *named]
    document = {"title": "Cột Mốc", "description": _ABOUT[lang], "links": made}
    return pages.landing(request, document) if form == "html" else answers.json(request, document)


@router.get("/conformance")
def conformance(
    request: Request,
    settings: SettingsDep,
    form: PlainForm,
    lang: Language,  # noqa: ARG001
) -> Response:
    """Return the conformance classes."""
    editing = settings.allow_anonymous_writes
    made = links.forms(request, PLAIN, form)
    if form == "html":
        return pages.conformance(request, standards.groups(editing=editing), made)
    return answers.json(request, {"links": made, "conformsTo": standards.classes(editing=editing)})


@router.get("/openapi.json")
def definition(request: Request) -> Response:
    """Return the OpenAPI document of this API."""
    servers = [{"url": links.root(request) or "/"}]
    return answers.json(request, {**request.app.openapi(), "servers": servers}, info.OPENAPI)


@router.get("/docs", response_class=HTMLResponse)
def documentation(request: Request, lang: Language) -> Response:  # noqa: ARG001
    """Return the OpenAPI document as a page for a person."""
    address = f"{links.base(request)}/openapi.json"
    return pages.docs(
        request, request.app.openapi(), [links.link("alternate", address, info.OPENAPI)]
    )


@router.get("/vocabularies")
def vocabularies() -> dict[str, list[dict[str, str]]]:
    """Return every closed list of values with its labels."""
    return info.vocabularies(Role, Scope, AccountEvent, Tampering)


@router.get("/info")
def about(
    conn: Conn, register: RegisterDep, settings: SettingsDep, sight: Reader
) -> dict[str, Any]:
    """Return what a client needs to know of this register before it draws anything."""
    return _info(conn, register.exercise, settings, Filter(period.parse(None), sight=sight))


def _info(conn: Connection, exercise: bool, settings: Settings, asked: Filter) -> dict[str, Any]:
    return {
        "name": "Cột Mốc",
        "version": info.version(),
        "viewpoint": settings.viewpoint.value,
        "viewpoint_statement": info.STATEMENTS[settings.viewpoint.value],
        "exercise": exercise,
        "today": period.today(),
        "bbox": query.extent(conn, LAYERS["borders"], asked),
        "layers": [info.layer(one) for one in LAYERS.values()],
        "attribution": info.attribution(settings.data),
    }
