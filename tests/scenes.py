"""Somebody at work: what the photographs of the screens for people with accounts show."""

import io
import json
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PIL import Image, ImageDraw

from api.actors import COOKIE
from geo import change, store
from geo.audience import EVERYTHING
from geo.change import Edit
from geo.layers import MARKERS
from office.actor import Role
from tests.web.people import secret

HERE = "vn.dak-nong"
MARKER, CLOSED = "vn-kh.48.0.1", "vn-kh.49.0.1"
ITEMS = "/api/collections/{}/items"
NAMES = {
    Role.EDITOR: "Trần Thị Lan",
    Role.APPROVER: "Nguyễn Văn Bình",
    Role.AUDITOR: "Lê Thu Hà",
    Role.ADMIN: "Quản trị viên",
}
SHEET = """Số hiệu;Kinh độ;Vĩ độ;Loại mốc;Tình trạng;Tỉnh;Tuyến biên giới;Ghi chú
56;107,3412;12,3021;chính;Nguyên trạng;Đắk Nông;VN-KH;bên suối Đắk Đam
57;107,3508;12,3110;chính;bị nghiêng;Đắk Nông;VN-KH;
57;107,3508;12,3110;mốc vuông;tốt lắm;Đắk Nông;VN-KH;ghi hai lần
58;17,36;112,3;phụ;hư hỏng;Đắk Nông;VN-KH;
"""


@dataclass
class Hand:
    """Sends to a server as somebody who is signed in."""

    home: str
    token: str
    csrf: str = ""

    def __post_init__(self) -> None:
        """Ask for what goes with every change."""
        self.csrf = self.send("GET", "/api/session")[0]["csrf"]

    def send(
        self, method: str, path: str, body: Any = None, media: str = "application/json", **more: str
    ) -> tuple[Any, str | None]:
        """Return what is answered, and the tag of its state."""
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        headers = {"cookie": f"{COOKIE}={self.token}", "x-csrf-token": self.csrf, **more}
        asked = urllib.request.Request(self.home + path, data, method=method)
        for name, value in (headers | ({"content-type": media} if data else {})).items():
            asked.add_header(name, value)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            text = answer.read()
            return (json.loads(text) if text else None), answer.headers["etag"]


@dataclass
class Scene:
    """Secrets of sessions by role, and the addresses that were not known before."""

    who: dict[Role, str]
    places: dict[str, str] = field(default_factory=dict)


def close(path: Path) -> None:
    """Make a marker that only its province's own may see, so that others must propose."""
    engine = store.open_store(path)
    edit = Edit("operator", "theo công văn 12", EVERYTHING)
    with store.writing(engine) as conn:
        change.update(conn, MARKERS, CLOSED, {"properties": {"classification": "restricted"}}, edit)
    engine.dispose()


def people(path: Path) -> dict[Role, str]:
    """Make the people; returns the secret of each one's session."""
    where = {Role.EDITOR: (HERE,), Role.APPROVER: (HERE,)}
    return {role: secret(path, role, *where.get(role, ()), name=NAMES[role]) for role in NAMES}


def _photo(colour: str) -> bytes:
    picture = Image.new("RGB", (800, 600), "#9db9cc")
    brush = ImageDraw.Draw(picture)
    brush.rectangle((0, 380, 800, 600), fill="#6f8f4e")
    brush.polygon([(340, 480), (370, 150), (430, 150), (460, 480)], fill=colour)
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def _inspected(lan: Hand) -> None:
    files = []
    for name, colour in (("mat-truoc.jpg", "#d8d4cc"), ("mat-sau.jpg", "#b7b2a8")):
        path = f"/api/evidence?name={name}"
        sent, _ = lan.send("POST", path, _photo(colour), "application/octet-stream")
        files.append(sent["sha256"])
    visit = {
        "marker_id": MARKER, "at": "2026-05-03T03:11:12Z", "condition": "leaning", "mode": "joint",
        "findings": "Mốc nghiêng khoảng 5° về phía Tây; nền bị xói.", "files": files,
    }  # fmt: skip
    row = {"type": "Feature", "geometry": None, "properties": visit}
    path = f"{ITEMS.format('inspections')}?reason={quote('tuần tra quý II')}"
    lan.send("POST", path, row, "application/geo+json")


def _proposed(lan: Hand) -> str:
    _, tag = lan.send("GET", f"{ITEMS.format('markers')}/{CLOSED}")
    feature = {
        "geometry": {"type": "Point", "coordinates": [107.1234444, 12.3456667]},
        "properties": {"classification": "public", "locality": "xã Thuận Hạnh"},
    }
    asked = {"layer": "markers", "action": "edit", "id": CLOSED, "feature": feature,
             "reason": "biên bản đo lại số 12"}  # fmt: skip
    made, _ = lan.send("POST", "/api/proposals", asked, **{"if-match": tag or "*"})
    return f"/proposals/{made['id']}"


def _imported(lan: Hand) -> str:
    path = f"/api/imports?name={quote('moc-2026.csv')}&into=markers"
    made, _ = lan.send("POST", path, SHEET.encode(), "application/octet-stream")
    return f"/import/{made['id']}"


def play(home: str, path: Path) -> Scene:
    """Do a day's work on a server; returns who did it and where it is to be seen."""
    scene = Scene(people(path))
    lan, chief = (Hand(home, scene.who[role]) for role in (Role.EDITOR, Role.ADMIN))
    _inspected(lan)
    scene.places["proposal"] = _proposed(lan)
    scene.places["import-columns"] = _imported(lan)
    for step in ("check", "write"):
        scene.places[f"import-{step}"] = f"{scene.places['import-columns']}?step={step}"
    for form in ("gpkg", "csv"):
        lan.send("POST", "/api/jobs", {"kind": "export", "layer": "markers", "f": form})
    invited = {"role": "inspector", "name": "Hoàng Minh", "provinces": [HERE]}
    link, _ = chief.send("POST", "/api/admin/invitations", invited)
    scene.places["link"] = link["link"][link["link"].index("/link#") :]
    return scene
