"""An editor brings a sheet in: errors are named, the sheet is mended, imported and taken back."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from geo.imports.findings import Problem
from office.actor import Role
from tests.geo.build import register
from tests.geo.imports import messy
from tests.server import COTMOC, running
from tests.web.kit import DESKTOP, PHONE, Viewport, Watch, both_sizes, follow, is_wide, watched
from tests.web.people import come_in, cookie, secret
from tests.web.screens import (
    foreign_words,
    grave_violations,
    overflowing,
    texts,
    too_small,
    untranslated,
)

HEAD = "Số hiệu mốc;X;Y;Loại mốc;Tỉnh\n"
LONG = 120_000  # ms that reading or writing a thousand rows may take on a loaded machine
PROBLEMS = {problem.value: problem for problem in Problem}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register without markers: the units that the messy sheet lies in."""
    path = tmp_path_factory.mktemp("importing") / "cotmoc.gpkg"
    register(path, admin_units=messy.units()).engine.dispose()
    return path


@pytest.fixture(scope="module")
def home(place: Path) -> Iterator[str]:
    with running(place) as url:
        yield url


Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def editor(home: str, place: Path) -> list[Any]:
    """The cookies of an editor of Đắk Nông who has shown his second factor."""
    return [cookie(home, secret(place, Role.EDITOR, "vn.dak-nong"))]


@pytest.fixture
def watch(home: str) -> Watch:
    return Watch(urlsplit(home).netloc)


@pytest.fixture
def page(
    request: pytest.FixtureRequest, browser: Browser, home: str, editor: list[Any], watch: Watch
) -> Iterator[Page]:
    size: Viewport = getattr(request, "param", DESKTOP)
    with watched(browser, watch, size, base_url=home) as page:
        page.context.add_cookies(editor)
        yield page


def sheet(path: Path, *rows: tuple[str, float, float, str, str]) -> Path:
    """Write a CSV of markers: number, lon and lat, kind, province."""
    lines = [HEAD]
    for number, lon, lat, kind, province in rows:
        north, east = messy.plane(lon, lat)
        lines.append(f"{number};{north:.3f};{east:.3f};{kind};{province}\n".replace(".", ","))
    path.write_text("".join(lines), encoding="utf-8")
    return path


def send(page: Page, path: Path) -> None:
    page.get_by_label(re.compile("^Tệp")).set_input_files(path)
    expect(page).to_have_url(re.compile("/import/[0-9a-f]{32}"), timeout=LONG)
    expect(page.get_by_role("heading", name="Cột và tọa độ")).to_be_visible()


def border(page: Page) -> None:
    """Say that all rows lie on the border with Cambodia; the notice of it goes."""
    lacking = page.get_by_test_id("import-lacks")
    expect(lacking).to_contain_text("Tuyến biên giới: bắt buộc phải có")
    page.get_by_label("Tuyến biên giới").select_option("VN-KH")
    expect(lacking).to_have_count(0, timeout=LONG)


def check(page: Page) -> None:
    page.get_by_role("link", name="Kiểm tra từng dòng", exact=True).click()
    expect(page.get_by_role("heading", name="Kiểm tra từng dòng")).to_be_focused()


def figure(page: Page, name: str) -> Locator:
    return page.locator(f"[data-figure={name}] dd")


def write(page: Page, why: str) -> None:
    page.get_by_role("link", name="Tiếp tục").click()
    page.get_by_label("Lý do").fill(why)
    page.get_by_role("button", name="Ghi tất cả").click()
    expect(page.get_by_role("heading", name="Đã nhập")).to_be_visible(timeout=LONG)


def markers(page: Page) -> Locator:
    page.goto("/")
    return page.get_by_test_id("count-markers")


def undo(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Hoàn tác cả lần nhập").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã hoàn tác", timeout=LONG)
    expect(markers(page)).to_have_text("0")


def test_a_messy_sheet_is_named_mended_imported_and_taken_back(
    page: Page, watch: Watch, tmp_path: Path
) -> None:
    bad, good = messy.make(), messy.make()
    messy.spoil(bad)
    page.goto("/")
    follow(page, "Nhập tệp")
    send(page, messy.write(bad, tmp_path / "moc.xlsx"))
    border(page)
    expect(page.get_by_role("main")).to_contain_text("Theo tiêu đề của bảng: EPSG:9218")
    expect(page.get_by_test_id("import-extent")).to_contain_text("điểm trên bản đồ")
    check(page)
    rows = {row for row, _, _ in bad.errors}
    expect(figure(page, "error")).to_have_text(str(len(rows)))
    page.get_by_role("link", name="Chỉ dòng có lỗi").click()
    expect(page.locator("tr[data-row]")).to_have_count(len(rows))
    for row, letter, code in bad.errors:
        line = page.locator(f"tr[data-row='{row}'] .import-finding")
        said = line.filter(has_text=f"{letter} · ").filter(has_text=PROBLEMS[code].vi)
        expect(said, f"{row} {letter} {code}").to_have_count(1)
    with page.expect_download() as got:
        page.get_by_role("link", name="Tải tệp lỗi (XLSX)").click()
    assert got.value.suggested_filename == "faults.xlsx"

    page.get_by_role("button", name="Chọn tệp khác").click()
    expect(page).to_have_url("/import")
    send(page, messy.write(good, tmp_path / "moc-sua.xlsx"))
    border(page)
    check(page)
    expect(page.get_by_test_id("import-verdict")).to_contain_text("Không còn lỗi")
    expect(figure(page, "create")).to_have_text("1.000")
    write(page, "đối chiếu hồ sơ")
    address = page.url
    expect(page.get_by_role("main")).to_contain_text("1.000")
    expect(markers(page)).to_have_text("1.000")
    expect(page.locator(".map-canvas")).to_have_attribute("data-markers", re.compile("^[1-9]"))
    page.goto(address)
    page.get_by_role("link", name="Lịch sử của lần nhập").click()
    expect(page.get_by_role("listitem").first).to_contain_text("đối chiếu hồ sơ")
    undo(page, address)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_small_sheet_goes_the_same_way_on_a_phone(page: Page, tmp_path: Path) -> None:
    here = ("Đắk Nông",)
    page.goto("/")
    follow(page, "Nhập tệp")
    send(page, sheet(tmp_path / "a.csv", ("64", 107.3, 12.1, "mốc vuông", *here)))
    border(page)
    check(page)
    line = page.locator("tr[data-row='2']")
    expect(line).to_contain_text("D · Loại mốc")
    expect(line).to_contain_text("không có trong danh mục")
    page.get_by_role("link", name="4. Ghi vào sổ").click()
    expect(page.get_by_role("link", name="Xem các dòng lỗi")).to_be_visible()
    expect(page.get_by_role("button", name="Ghi tất cả")).to_have_count(0)

    page.goto("/import")
    send(page, sheet(tmp_path / "b.csv", ("64", 107.3, 12.1, "chính", *here)))
    border(page)
    check(page)
    write(page, "thử trên điện thoại")
    address = page.url
    page.goto("/markers/vn-kh.64.0.0")
    expect(page.get_by_role("heading", name="Mốc 64")).to_be_visible()
    undo(page, address)


def test_a_wrong_zone_is_seen_before_anything_is_written(page: Page, tmp_path: Path) -> None:
    page.goto("/import")
    send(page, sheet(tmp_path / "a.csv", ("64", 107.3, 12.1, "chính", "Đắk Nông")))
    border(page)
    expect(page.get_by_role("main")).to_contain_text("Đoán theo tỉnh ghi ở các dòng: EPSG:9218")
    extent = page.get_by_test_id("import-extent")
    expect(extent).to_contain_text("Từ 12° đến 12,2° vĩ Bắc, từ 107,2° đến 107,4°")
    picture = page.get_by_role("region", name="Bản đồ các dòng của tệp")
    expect(picture).to_have_attribute("data-markers", "1")
    page.get_by_label("Hệ tọa độ").select_option("EPSG:9213")
    expect(extent).not_to_contain_text("từ 107,2° đến 107,4°")
    expect(page.get_by_role("main")).to_contain_text("Do người chọn: EPSG:9213")
    check(page)
    expect(page.locator("tr[data-row='2']")).to_contain_text("sai kinh tuyến trục")


def test_a_column_is_mapped_by_hand_and_the_address_brings_it_back(
    page: Page, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    lines = ("Số hiệu;Kinh độ;Vĩ độ;Cột lạ;Tỉnh", "64;107,3;12,1;đồi;Đắk Nông", "")
    path.write_text("\n".join(lines), encoding="utf-8")
    page.goto("/import")
    send(page, path)
    border(page)
    odd = page.get_by_label("Cột D Cột lạ chứa")
    expect(odd).to_have_value("")
    odd.select_option("note_vi")
    expect(page.locator("tr[data-column=D]")).to_contain_text("do người chọn")
    address = page.url
    page.goto("/")
    page.goto(address)
    expect(odd).to_have_value("note_vi")
    check(page)
    page.get_by_text("Giá trị (").click()
    expect(page.locator("tr[data-row='2']")).to_contain_text("đồi")
    page.go_back()
    expect(odd).to_be_visible()


def test_what_is_refused_is_said_in_words(page: Page, watch: Watch, tmp_path: Path) -> None:
    watch.allow("400")
    hostile, large = tmp_path / "moc.xlsx", tmp_path / "lon.csv"
    hostile.write_bytes(b"\x7fELF" + bytes(1000))
    with large.open("wb") as file:
        file.truncate(101_000_000)
    page.goto("/import")
    field, notice = page.get_by_label(re.compile("^Tệp")), page.get_by_role("alert")
    field.set_input_files(hostile)
    expect(notice).to_contain_text("nội dung không đúng với phần mở rộng của tên")
    field.set_input_files(large)
    expect(notice).to_contain_text("nhiều nhất 100 MB")
    page.route("**/api/imports?*", lambda route: route.abort("failed"))
    watch.allow("net::ERR_FAILED")
    field.set_input_files(sheet(tmp_path / "a.csv"))
    expect(notice).to_contain_text("Không kết nối được máy chủ")
    expect(field).to_be_enabled()


def test_who_may_not_import_is_told_why(browser: Browser, home: str, place: Path) -> None:
    with watched(browser, Watch(urlsplit(home).netloc), DESKTOP, base_url=home) as page:
        page.goto("/import")
        expect(page.get_by_role("alert")).to_contain_text("Cần đăng nhập")
        expect(page.get_by_role("navigation").get_by_text("Nhập tệp")).to_have_count(0)
        come_in(page, home, place, Role.VIEWER)
        page.goto("/import")
        expect(page.get_by_role("alert")).to_contain_text("không được nhập dữ liệu")
        expect(page.get_by_role("navigation").get_by_text("Nhập tệp")).to_have_count(0)


def test_the_import_of_another_is_as_good_as_none(page: Page, watch: Watch) -> None:
    watch.allow("404")
    page.goto(f"/import/{'0' * 32}")
    expect(page.get_by_role("alert")).to_contain_text("Không còn lần nhập này")


def usable(page: Page, lang: str) -> None:
    assert grave_violations(page) == []
    assert overflowing(page) == []
    assert foreign_words(texts(page), lang) == set()
    assert untranslated(texts(page), set()) == set()
    if not is_wide(page):
        assert too_small(page) == []


@both_sizes
def test_each_step_is_usable_by_everybody_in_both_languages(page: Page, tmp_path: Path) -> None:
    page.goto("/import?lang=vi")
    expect(page.get_by_label(re.compile("^Tệp"))).to_be_visible()
    usable(page, "vi")
    rows = [("64", 107.3, 12.1, "mốc vuông", "Đắk Nông"), ("65", 107.31, 12.2, "", "Đắk Nông")]
    send(page, sheet(tmp_path / "a.csv", *rows))
    border(page)
    expect(page.get_by_test_id("import-extent")).to_be_visible()
    address = page.url.split("?")[0]
    usable(page, "vi")
    for lang in ("vi", "en"):
        for step in ("columns", "check", "write"):
            page.goto(f"{address}?step={step}&lang={lang}")
            expect(page.locator(".import-head")).to_be_visible()
            expect(page.locator(".skeleton")).to_have_count(0)
            usable(page, lang)


def later(page: Page) -> Locator:
    """Have a file made by the server; returns its line among the jobs."""
    page.goto("/")
    page.get_by_role("button", name="Để máy chủ làm, lấy sau").click()
    expect(page).to_have_url("/jobs")
    return page.get_by_role("listitem").first


def test_a_job_is_cancelled_or_fetched_when_it_is_done(page: Page, place: Path) -> None:
    job = later(page)
    expect(job.get_by_test_id("job-state")).to_have_text("đang chờ")
    expect(job).to_contain_text("Cột mốc · GEOJSON")
    usable(page, "vi")
    job.get_by_role("button", name="Hủy").click()
    expect(job.get_by_test_id("job-state")).to_have_text("đã hủy")
    job = later(page)
    command = [str(COTMOC), "worker", "--store", str(place)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as worker:
        try:
            expect(job.get_by_test_id("job-state")).to_have_text("xong")
        finally:
            worker.terminate()
    with page.expect_download() as got:
        job.get_by_role("link", name="Tải kết quả").click()
    assert got.value.suggested_filename.endswith(".geojson")


def test_who_is_not_signed_in_has_no_jobs(browser: Browser, home: str) -> None:
    with watched(browser, Watch(urlsplit(home).netloc), DESKTOP, base_url=home) as page:
        page.goto("/jobs")
        expect(page.get_by_role("alert")).to_contain_text("Cần đăng nhập")
