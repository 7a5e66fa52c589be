"""A partner province's people read their own page, in their frame and on their paper."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.kit import Watch, api, both_sizes, settled, switch_to_english

LAO_NAME = "ສະຫວັນນະເຂດ"


def section(page: Page, title: str) -> Locator:
    """A part of the page by its heading, which may carry a count."""
    heading = page.get_by_role("heading", name=re.compile(rf"^{title}( \(\d+\))?$"), level=2)
    return page.locator("section").filter(has=heading)


@both_sizes
def test_savannakhet_opens_from_the_list_and_says_what_is_known(page: Page) -> None:
    page.goto("/partners")
    page.get_by_role("searchbox", name="Tìm tỉnh").fill("quang tri")
    page.get_by_role("link", name=re.compile("^Savannakhet")).click()
    expect(page).to_have_url(re.compile("/partners/LA-SV"))
    settled(page)
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", name="Savannakhet", level=1)).to_be_visible()
    expect(main.get_by_text(LAO_NAME)).to_be_visible()
    expect(main).to_contain_text(re.compile(r"Giáp Quảng Trị \(\d+ km\)"))
    expect(section(page, "Cửa khẩu")).to_contain_text("Lao Bảo")
    expect(section(page, "Cửa khẩu")).to_contain_text("cửa khẩu quốc tế")
    expect(section(page, "Hành lang đi qua")).to_contain_text("Hành lang kinh tế Đông – Tây")
    expect(section(page, "Dự án")).to_contain_text("Cầu Hữu nghị Thái – Lào số 2")
    agreement = "Quan hệ hợp tác Quảng Trị – Savannakhet"
    expect(section(page, "Thỏa thuận và cam kết")).to_contain_text(agreement)
    expect(section(page, "Số liệu").get_by_role("row")).not_to_have_count(0)


def counts_of(partner: dict[str, Any]) -> dict[str, int]:
    """How many rows each part of the page has, by the part's title."""
    segments = partner["corridors"]["features"]
    return {
        "Cửa khẩu": len(partner["gates"]["features"]),
        "Hành lang đi qua": len({s["properties"]["corridor_id"] for s in segments}),
        "Dự án": len(partner["projects"]["features"]),
        "Thỏa thuận và cam kết": len(partner["agreements"]),
        "Số liệu": len(partner["indicators"]),
    }


@both_sizes
def test_the_page_counts_as_the_register_and_every_figure_has_a_source(page: Page) -> None:
    page.goto("/partners/LA-SV")
    settled(page)
    for title, count in counts_of(api(page, "partners/LA-SV")).items():
        heading = page.get_by_role("heading", name=f"{title} ({count})", exact=True)
        expect(heading).to_be_visible()
    figures = section(page, "Số liệu").get_by_role("row").filter(has=page.get_by_role("cell"))
    for row in figures.all():
        expect(row.get_by_role("link", name=re.compile(r"^\[\d+\]$"))).to_be_visible()
    link = figures.first.get_by_role("link", name=re.compile(r"^\[\d+\]$"))
    number = link.inner_text().strip("[]")
    link.click()
    source = page.locator(f"#source-{number}")
    expect(source).to_be_focused()
    expect(source).to_be_in_viewport()


@both_sizes
def test_the_page_speaks_english_too(page: Page) -> None:
    page.goto("/partners/LA-SV")
    settled(page)
    switch_to_english(page)
    settled(page)
    main = page.get_by_role("main")
    expect(main).to_contain_text("Partner province · Laos · LA-SV")
    expect(main).to_contain_text("international gate")
    expect(main).to_contain_text("East-West Economic Corridor")
    expect(main.get_by_text(LAO_NAME)).to_be_visible()
    expect(page).to_have_title(re.compile("Savannakhet"))


@both_sizes
@pytest.mark.parametrize(
    ("code", "name", "faces"),
    [("TH-49", "Mukdahan", r"Không giáp Việt Nam"), ("KH-11", "Mondulkiri", r"Giáp .*Lâm Đồng \(")],
)
def test_other_partners_have_pages(page: Page, code: str, name: str, faces: str) -> None:
    page.goto(f"/partners/{code}")
    settled(page)
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(re.compile(faces))


@both_sizes
def test_an_unknown_code_says_what_to_do(page: Page, watch: Watch) -> None:
    watch.allow("404")
    page.goto("/partners/XX-99")
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", name="XX-99")).to_be_visible()
    expect(main).to_contain_text("gõ nhầm")
    main.get_by_role("link", name="Tỉnh đối tác").click()
    expect(page.get_by_role("link", name=re.compile("^Savannakhet"))).to_be_visible()


@contextmanager
def another_site(html: str) -> Iterator[str]:
    """Serve one page from a port of its own: to a browser, another origin."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_port}/"
        site.shutdown()


@both_sizes
def test_the_card_shows_in_a_frame_of_another_site(page: Page, watch: Watch, server: str) -> None:
    page.goto("/partners/LA-SV")
    page.get_by_role("button", name="Nhúng").click()
    code = page.get_by_role("textbox", name="Mã nhúng").input_value()
    assert f"{server}/partners/LA-SV/embed" in code
    html = f"<!doctype html><meta name=viewport content='width=device-width'>{code}"
    with another_site(html) as url:
        watch.allow(f"another host: {url}")
        page.goto(url)
        frame = page.frame_locator("iframe")
        expect(frame.get_by_role("heading", name="Savannakhet")).to_be_visible()
        expect(frame.get_by_text(LAO_NAME)).to_be_visible()
        expect(frame.get_by_role("navigation")).to_have_count(0)
        full = frame.get_by_role("link", name="Xem trang đầy đủ")
        expect(full).to_have_attribute("href", re.compile(f"^{server}/partners/LA-SV"))
        page.wait_for_load_state("networkidle")


@pytest.mark.parametrize(
    "path", ["/partners/LA-SV", "/markers/vn-kh.48.0.1", "/gates/g-la-13", "/partners", "/sign-in"]
)
def test_paper_holds_the_page_and_nothing_else(page: Page, path: str) -> None:
    page.goto(path)
    settled(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("img", name="Mã QR tới trang này")).to_be_visible()
    expect(page.get_by_text(re.compile(r"In ngày \d\d/\d\d/\d{4}"))).to_be_visible()
    expect(page.get_by_text("công khai", exact=True).first).to_be_visible()
    assert page.locator(".page-scroll").evaluate("(e) => e.scrollHeight - e.clientHeight") <= 1
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True)))
    assert 1 <= pages <= 6
