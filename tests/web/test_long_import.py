"""A sheet that a worker reads and writes, a template filled in, a file let fall on the page."""

import csv
import io
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from api import actors
from api.settings import Settings
from office import database, jobs, worker
from office.actor import Role
from office.jobs import State
from office.work import Workshop
from tests.geo.build import register
from tests.geo.imports import messy
from tests.server import running
from tests.web.kit import DESKTOP, Watch, api, watched
from tests.web.people import come_in
from tests.web.test_importing import check, figure, markers

AT_ONCE = 2  # rows of a file that is read while one waits
HEAD = "Số hiệu;Kinh độ;Vĩ độ;Tỉnh;Tuyến biên giới"
LINE = "{};107,3{};12,1;Đắk Nông;VN-KH"
DROP = """([name, text]) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  return carried;
}"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "cotmoc.gpkg"
    register(path, admin_units=messy.units()).engine.dispose()
    return path


@pytest.fixture(scope="module")
def home(place: Path) -> Iterator[str]:
    with running(place, env={"COTMOC_IMPORT_ROWS": str(AT_ONCE)}) as url:
        yield url


@pytest.fixture
def page(browser: Browser, home: str, place: Path) -> Iterator[Page]:
    with watched(browser, Watch(urlsplit(home).netloc), DESKTOP, base_url=home) as page:
        come_in(page, home, place, Role.EDITOR, "vn.dak-nong")
        yield page


def sheet(path: Path, rows: int) -> Path:
    lines = [HEAD, *(LINE.format(number, number) for number in range(11, 11 + rows)), ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def drop(page: Page, name: str, content: bytes) -> None:
    """Let a file fall on the page, as from a folder beside it."""
    carried = page.evaluate_handle(DROP, [name, b64encode(content).decode()])
    page.locator(".import-drop").dispatch_event("drop", {"dataTransfer": carried})


@pytest.fixture
def shop(place: Path) -> Iterator[Workshop]:
    """What a worker works with, in this process: none is started, so none is waited for."""
    of = Settings(store=place)
    made = worker.opened(
        of.store,
        actors.place(of),
        results=of.folder_of_results(),
        data=of.data,
        imports=of.folder_of_imports(),
    )
    yield made
    made.office.dispose()
    made.register.engine.dispose()


@contextmanager
def begun(place: Path) -> Iterator[None]:
    """Be the worker of the job that waits: a third is done; at the end do as one is told."""
    office = database.open_office(database.beside(place))
    with database.writing(office) as conn:
        held = jobs.claim(conn, "by hand")
        assert held is not None
        jobs.tell(conn, held, done=1, of=3, words_vi="đã đọc", words_en="read")
    yield
    with database.writing(office) as conn:
        assert jobs.tell(conn, held)  # it is to be cancelled
        jobs.end(conn, held, State.CANCELLED)
    office.dispose()


def bar(page: Page) -> Locator:
    return page.get_by_role("progressbar")


def work(page: Page, shop: Workshop) -> None:
    """Do what waits, once the page shows that something does."""
    expect(bar(page)).to_be_visible()
    assert worker.step(shop, "w")


def test_a_long_sheet_is_stopped_taken_up_written_and_taken_back(
    page: Page, place: Path, shop: Workshop, tmp_path: Path
) -> None:
    page.goto("/import")
    page.get_by_label(re.compile("^Tệp")).set_input_files(sheet(tmp_path / "dai.csv", 3))
    expect(page).to_have_url(re.compile("/import/[0-9a-f]{32}"))
    expect(bar(page)).to_be_visible()
    with begun(place):
        expect(bar(page)).to_have_attribute("value", "1")
        expect(bar(page)).to_have_attribute("max", "3")
        expect(page.get_by_role("main")).to_contain_text("đã đọc")
        page.get_by_role("button", name="Dừng").click()
        expect(page.get_by_role("button", name="Đang dừng…")).to_be_disabled()
    expect(page.get_by_role("alert")).to_contain_text("Đã dừng")
    page.get_by_role("button", name="Kiểm tra lại").click()
    work(page, shop)
    expect(page.get_by_role("heading", name="Cột và tọa độ")).to_be_visible()
    check(page)
    expect(figure(page, "create")).to_have_text("3")
    page.get_by_role("link", name="Tiếp tục").click()
    page.get_by_label("Lý do").fill("đối chiếu hồ sơ")
    page.get_by_role("button", name="Ghi tất cả").click()
    work(page, shop)
    expect(page.get_by_role("heading", name="Đã nhập")).to_be_visible()
    page.get_by_role("button", name="Hoàn tác cả lần nhập").click()
    work(page, shop)
    expect(page.get_by_role("status").first).to_contain_text("Đã hoàn tác")
    expect(markers(page)).to_have_text("0")


def test_a_template_that_was_filled_in_is_dropped_and_understood(page: Page) -> None:
    page.goto("/import")
    with page.expect_download() as got:
        page.get_by_role("button", name="Tải bảng mẫu: Cột mốc").click()
    assert got.value.suggested_filename == "markers.csv"
    headers = got.value.path().read_text(encoding="utf-8-sig").strip()
    titles = next(csv.reader([headers]))
    fields = api(page, "collections/markers/schema", lang="vi")["properties"]
    filled = {"number": "64", "border": "VN-KH", "kind": "chính", "province": "Đắk Nông"}
    row = {fields[name]["title"]: value for name, value in filled.items()}
    row |= {"Kinh độ": "107,3", "Vĩ độ": "12,1"}
    assert row.keys() <= set(titles)
    text = io.StringIO()
    sheet = csv.DictWriter(text, titles)
    sheet.writeheader()
    sheet.writerow(row)
    drop(page, "mau.csv", text.getvalue().encode("utf-8-sig"))
    expect(page.get_by_role("heading", name="Cột và tọa độ")).to_be_visible()
    expect(page.locator("tr[data-column]")).to_have_count(len(titles))
    choices = page.locator("tr[data-column] select")
    assert [one for one in choices.all() if not one.input_value()] == []
    check(page)
    expect(figure(page, "create")).to_have_text("1")
    expect(figure(page, "error")).to_have_text("0")


def test_signing_out_leaves_no_name_of_a_file_behind(page: Page, tmp_path: Path) -> None:
    page.goto("/import")
    page.get_by_label(re.compile("^Tệp")).set_input_files(sheet(tmp_path / "mat-1978.csv", 1))
    expect(page.get_by_role("heading", name="Cột và tọa độ")).to_be_visible()
    page.goto("/import")
    expect(page.get_by_role("link", name="mat-1978.csv")).to_be_visible()
    assert "mat-1978" in page.evaluate("JSON.stringify(localStorage)")
    page.goto("/account")
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    expect(page.get_by_role("navigation").get_by_text("Đăng nhập")).to_be_visible()
    assert "mat-1978" not in page.evaluate("JSON.stringify(localStorage)")
