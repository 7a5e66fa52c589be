"""An editor proposes what he may not do alone; an approver sees before and after, and decides."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from api.actors import COOKIE
from geo import change, store
from geo.audience import EVERYTHING
from geo.change import Edit
from geo.layers import MARKERS
from office import people, sessions
from office.actor import Role
from office.database import beside, open_office, writing
from tests import once
from tests.server import running
from tests.web.kit import DESKTOP, PHONE, SIZES, Viewport, Watch, api, box_of, watched
from tests.web.screens import grave_violations, overflowing, too_small

CLOSED = {DESKTOP: "vn-kh.48.0.1", PHONE: "vn-kh.48.0.2"}  # restricted until somebody agrees
OTHER = "vn-kh.49.0.1"
OPEN = {DESKTOP: "vn-kh.50.0.1", PHONE: "vn-kh.50.0.2"}  # which everybody sees
As = Callable[[Role, Viewport], AbstractContextManager[Page]]


def close(place: Path) -> None:
    """Make markers that only their province's own may see."""
    engine = store.open_store(place)
    edit = Edit("operator", "for the test", EVERYTHING)
    with store.writing(engine) as conn:
        for key in (*CLOSED.values(), OTHER):
            change.update(
                conn, MARKERS, key, {"properties": {"classification": "restricted"}}, edit
            )
    engine.dispose()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = once.embedded(tmp_path_factory)
    close(made)
    return made


@pytest.fixture(scope="module")
def home(place: Path) -> Iterator[str]:
    with running(place) as url:
        yield url


@pytest.fixture(scope="module")
def signed_in(home: str, place: Path) -> dict[Role, list[dict[str, str]]]:
    """The cookies of an editor and an approver who have shown their second factor."""
    found = {}
    office = open_office(beside(place))
    for role in (Role.EDITOR, Role.APPROVER):
        with writing(office) as conn:
            own, login = ["vn.dak-nong"], f"an-{role.value}"
            person = people.create(conn, login, name=role.en, role=role, provinces=own)
            token = sessions.begin(conn, person, second_factor=True)
        found[role] = [{"name": COOKIE, "value": token, "url": home}]
    office.dispose()
    return found


@pytest.fixture
def acting(browser: Browser, home: str, signed_in: dict[Role, Any]) -> As:
    def made(role: Role, size: Viewport) -> AbstractContextManager[Page]:
        watch = Watch(host=urlsplit(home).netloc)
        watch.allow("403")  # what has to be proposed
        watch.allow("412")  # what has changed meanwhile
        watch.allow("409")  # and of a file
        return watched(browser, watch, size, base_url=home, cookies=signed_in[role])

    return made


def propose(page: Page, marker: str, **values: str) -> str:
    """Change a marker in its form and propose it; returns the path of the proposal."""
    page.goto(f"/edit/markers/{marker}")
    for name, value in values.items():
        page.locator(f"#field-{name}").fill(value)
    page.locator("#field-classification").select_option("public")
    page.get_by_role("button", name="Lưu").click()
    notice = page.get_by_role("alert", name="Gửi đề nghị")
    expect(notice).to_contain_text("phải có người phê duyệt")
    reason = notice.get_by_label("Lý do đề nghị")
    expect(reason).to_be_focused()
    reason.fill("biên bản số 12")
    notice.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.get_by_role("button", name="Rút đề nghị")).to_be_visible()
    return urlsplit(page.url).path


def move(page: Page, marker: str) -> str:
    """Move a marker on the map of its form and propose it; returns the path of the proposal."""
    page.goto(f"/edit/markers/{marker}")
    place = page.locator("#field-geometry")
    expect(place).not_to_have_value("")
    before = place.input_value()
    shown = page.get_by_role("region", name="Bản đồ chọn vị trí")
    expect(shown.locator(".leaflet-tile-loaded, canvas").first).to_be_visible()
    box = box_of(shown)
    shown.click(position={"x": box["width"] * 0.4, "y": box["height"] * 0.4})
    expect(place).not_to_have_value(before)
    expect(page.get_by_role("status").filter(has_text="có người khác phê duyệt")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Lưu").click()
    notice = page.get_by_role("alert", name="Gửi đề nghị")
    notice.get_by_label("Lý do đề nghị").fill("đo lại, biên bản 14")
    notice.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.get_by_role("button", name="Rút đề nghị")).to_be_visible()
    return urlsplit(page.url).path


def check_page(page: Page) -> None:
    assert grave_violations(page) == []
    assert overflowing(page) == []
    assert too_small(page) == []


def look_through(page: Page, path: str) -> None:
    """Come to a proposal by the list, and see what was and what is to be."""
    page.goto("/account")
    page.get_by_role("main").get_by_role("link", name="Đề nghị thay đổi").click()
    entry = page.locator(f"a[href^='{path}']")
    expect(entry).to_be_visible()
    check_page(page)
    entry.click()
    row = page.locator("[data-field=geometry]")
    expect(row.get_by_role("cell").last).to_have_text("12,3456667° B; 107,1234444° Đ (WGS 84)")
    expect(page.locator("[data-field=classification]")).to_contain_text("công khai")
    expect(page.get_by_text("biên bản số 12")).to_be_visible()
    where = page.get_by_role("region", name="Bản đồ trước và sau")
    expect(where.locator("path.way-line")).to_have_count(1)
    expect(page.get_by_text("Vòng tròn: chỗ cũ.")).to_be_visible()
    check_page(page)


@pytest.mark.parametrize("size", SIZES)
def test_what_an_editor_proposes_an_approver_accepts(acting: As, size: Viewport) -> None:
    marker = CLOSED[size]
    with acting(Role.EDITOR, size) as editor:
        path = propose(editor, marker, geometry="12°20′44,4″B 107°07′24,4″Đ")
        expect(editor.get_by_role("button", name="Chấp thuận")).to_have_count(0)
        with acting(Role.APPROVER, size) as page:
            look_through(page, path)
            page.get_by_label("Ý kiến gửi người đề nghị").fill("đã đối chiếu")
            page.get_by_role("button", name="Chấp thuận", exact=True).click()
            expect(page.get_by_text("đã chấp thuận")).to_be_visible()
            expect(page.get_by_role("button", name="Chấp thuận")).to_have_count(0)
        editor.goto(path)
        expect(editor.get_by_text("đã đối chiếu")).to_be_visible()
        expect(editor.get_by_text("an-approver")).to_be_visible()
        held = api(editor, f"collections/markers/items/{marker}")  # as anybody sees it now
        assert held["geometry"]["coordinates"] == pytest.approx([107.123444, 12.345667], 1e-7)


@pytest.mark.parametrize("size", SIZES)
def test_a_marker_that_an_editor_moves_waits_until_an_approver_has_seen_where_to(
    acting: As, size: Viewport
) -> None:
    marker = OPEN[size]
    with acting(Role.EDITOR, size) as editor, acting(Role.APPROVER, size) as page:
        editor.goto("/")
        item = f"collections/markers/items/{marker}"
        before = api(editor, item)["geometry"]
        path = move(editor, marker)
        assert api(editor, item)["geometry"] == before
        page.goto(path)
        row = page.locator("[data-field=geometry]")
        expect(row.get_by_role("cell")).to_have_count(2)
        where = page.get_by_role("region", name="Bản đồ trước và sau")
        expect(where.locator("path.way-line")).to_have_count(1)
        expect(page.get_by_text("đo lại, biên bản 14")).to_be_visible()
        page.get_by_role("button", name="Chấp thuận", exact=True).click()
        expect(page.get_by_text("đã chấp thuận")).to_be_visible()
        assert api(page, item)["geometry"] != before


def test_a_proposal_is_rejected_with_a_reason_or_withdrawn(acting: As) -> None:
    with acting(Role.EDITOR, PHONE) as editor, acting(Role.APPROVER, PHONE) as page:
        path = propose(editor, OTHER, locality="bản Mới")
        page.goto(path)
        page.get_by_role("button", name="Không chấp thuận").click()
        expect(page.get_by_text("Hãy ghi lý do không chấp thuận.")).to_be_visible()
        page.get_by_label("Ý kiến gửi người đề nghị").fill("thiếu biên bản")
        page.get_by_role("button", name="Không chấp thuận").click()
        expect(page.get_by_text("thiếu biên bản")).to_be_visible()
        path = propose(editor, OTHER, locality="bản Khác")
        editor.get_by_role("button", name="Rút đề nghị").click()
        expect(editor.get_by_text("đã rút")).to_be_visible()
        page.goto(path)
        expect(page.get_by_text("đã rút")).to_be_visible()
        expect(page.get_by_role("button", name="Chấp thuận")).to_have_count(0)


def edit_alone(place: Path, marker: str, locality: str) -> None:
    """Change a marker meanwhile, as its operator."""
    engine = store.open_store(place)
    edit = Edit("operator", "meanwhile", EVERYTHING)
    with store.writing(engine) as conn:
        change.update(conn, MARKERS, marker, {"properties": {"locality": locality}}, edit)
    engine.dispose()


def test_an_approver_sees_what_has_changed_meanwhile(acting: As, place: Path) -> None:
    with acting(Role.EDITOR, DESKTOP) as editor, acting(Role.APPROVER, DESKTOP) as page:
        path = propose(editor, OTHER, locality="bản của tôi")
        page.goto(path)
        expect(page.get_by_role("button", name="Chấp thuận", exact=True)).to_be_visible()
        edit_alone(place, OTHER, "bản khác")
        page.get_by_role("button", name="Chấp thuận", exact=True).click()
        notice = page.locator(".form-stale [data-field=locality]")
        expect(notice).to_contain_text("bản khác")
        expect(notice).to_contain_text("bản của tôi")
        expect(page.get_by_text("Đối tượng vừa được sửa.")).to_be_visible()
        page.get_by_role("button", name="Chấp thuận", exact=True).click()
        expect(page.get_by_text("đã chấp thuận")).to_be_visible()
        page.goto(f"{path}?lang=en")
        expect(page.get_by_role("heading", name="What would change: Edit")).to_be_visible()
        expect(page.get_by_text("accepted", exact=True)).to_be_visible()
        check_page(page)


def sheet(path: Path) -> Path:
    """Write a sheet that moves a marker which is there, and brings a new one."""
    lines = [
        "number,longitude,latitude,province,border,locality",
        "52(1),107.2345,12.3456,Đắk Nông,VN-KH,bản của tệp",
        "91,107.24,12.35,Đắk Nông,VN-KH,bản mới",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def propose_file(page: Page, path: Path) -> str:
    """Send a file that needs an approver and propose it; returns the path of the proposal."""
    page.goto("/import")
    page.get_by_label(re.compile("^Tệp")).set_input_files(path)
    expect(page.get_by_role("heading", name="Cột và tọa độ")).to_be_visible()
    page.get_by_role("link", name="Kiểm tra từng dòng", exact=True).click()
    expect(page.locator("[data-figure=approvals] dd")).to_have_text("1")
    row = page.locator("[data-row='2']")
    expect(row.get_by_text("Cần phê duyệt")).to_be_visible()
    expect(page.locator("[data-row='3']").get_by_text("Cần phê duyệt")).to_have_count(0)
    check_page(page)
    page.get_by_role("link", name="Tiếp tục").click()
    page.get_by_label("Lý do").fill("biên bản số 15")
    page.get_by_role("button", name="Gửi đề nghị cả tệp").click()
    expect(page.get_by_role("button", name="Rút đề nghị")).to_be_visible()
    return urlsplit(page.url).path


def test_a_clerk_proposes_a_file_and_an_approver_writes_it_whole(
    acting: As, place: Path, tmp_path: Path
) -> None:
    moved = "vn-kh.52.0.1"
    with acting(Role.EDITOR, PHONE) as editor, acting(Role.APPROVER, DESKTOP) as page:
        path = propose_file(editor, sheet(tmp_path / "moc.csv"))
        check_page(editor)
        page.goto("/proposals")
        page.get_by_role("link", name="moc.csv").click()
        expect(page.get_by_text("thêm 1, sửa 1")).to_be_visible()
        page.locator("[data-row='2'] summary").click()
        place_of = page.locator("[data-row='2'] [data-field=geometry]")
        expect(place_of.get_by_role("cell").last).to_have_text("12,3456° B; 107,2345° Đ (WGS 84)")
        where = page.get_by_role("region", name="Bản đồ trước và sau")
        expect(where.locator("path.way-line")).to_have_count(1)
        check_page(page)
        edit_alone(place, moved, "bản khác")
        page.get_by_role("button", name="Chấp thuận", exact=True).click()
        expect(page.get_by_text("bản khác ≠ bản của tệp")).to_be_visible()
        expect(page.get_by_text("1 dòng đã được sửa")).to_be_visible()
        page.get_by_label("Chỉ xem các dòng đã đổi").check()
        expect(page.locator("[data-row='3']")).to_have_count(0)
        page.locator("[data-row='2'] summary").click()
        clash = page.locator(".form-stale [data-field=locality]")
        expect(clash).to_contain_text("bản khác")
        check_page(page)
        page.get_by_role("button", name="Chấp thuận", exact=True).click()
        expect(page.get_by_text("đã chấp thuận")).to_be_visible()
        held = api(page, f"collections/markers/items/{moved}")
        assert held["geometry"]["coordinates"] == [107.2345, 12.3456]
        editor.goto(f"{path}?lang=en")
        expect(editor.get_by_text("accepted", exact=True)).to_be_visible()
        expect(editor.get_by_text("1 new, 1 changed")).to_be_visible()
        check_page(editor)
