"""Somebody across the border signs in: he reads what is shared with his province, and no more."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from api.actors import COOKIE
from geo import change, store
from geo.audience import EVERYTHING
from geo.change import Edit
from geo.layers import AGREEMENTS
from office import database, people, sessions
from office.actor import Role
from tests import once
from tests.server import running
from tests.web.kit import DESKTOP, SIZES, Viewport, Watch, settled, watched
from tests.web.screens import grave_violations, overflowing

SHARED, TITLE = "quang-tri-savannakhet", "Quan hệ hợp tác Quảng Trị – Savannakhet"
HOME, ELSEWHERE = "la.savannakhet", "la.champasak"
PAGE = "/partners/LA-SV"
As = Callable[[str | None, Viewport], AbstractContextManager[Page]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with an agreement that its partners alone may read beside us."""
    made = once.embedded(tmp_path_factory)
    engine = store.open_store(made)
    with store.writing(engine) as conn:
        shared = {"properties": {"classification": "partner"}}
        change.update(conn, AGREEMENTS, SHARED, shared, Edit("operator", "shared", EVERYTHING))
    engine.dispose()
    return made


@pytest.fixture(scope="module")
def acting(browser: Browser, place: Path) -> Iterator[As]:
    """Open a page as a partner of a province, or as nobody."""
    engine = database.open_office(database.beside(place))
    tokens: dict[str | None, str] = {}
    with database.writing(engine) as conn:
        for unit in (HOME, ELSEWHERE):
            person = people.create(conn, unit, name="", role=Role.PARTNER, provinces=[unit])
            tokens[unit] = sessions.begin(conn, person, second_factor=True)
    engine.dispose()
    with running(place) as url:

        def made(unit: str | None, size: Viewport) -> AbstractContextManager[Page]:
            cookies = [{"name": COOKIE, "value": tokens[unit], "url": url}] if unit else []
            watch = Watch(host=urlsplit(url).netloc)
            return watched(browser, watch, size, base_url=url, cookies=cookies)

        yield made


@pytest.mark.parametrize("size", SIZES)
def test_a_partner_reads_what_is_shared_with_his_province(acting: As, size: Viewport) -> None:
    with acting(HOME, size) as page:
        page.goto(PAGE)
        settled(page)
        expect(page.get_by_role("main").get_by_text(TITLE).first).to_be_visible()
        assert grave_violations(page) == []
        assert overflowing(page) == []


@pytest.mark.parametrize("unit", [None, ELSEWHERE], ids=["nobody", "another's partner"])
def test_nobody_else_abroad_does(acting: As, unit: str | None) -> None:
    with acting(unit, DESKTOP) as page:
        page.goto(PAGE)
        settled(page)
        main = page.get_by_role("main")
        expect(main.get_by_text("Biên bản hợp tác Quảng Trị – Savannakhet").first).to_be_visible()
        expect(main.get_by_text(TITLE)).to_have_count(0)


def test_a_partner_is_offered_no_change(acting: As) -> None:
    with acting(HOME, DESKTOP) as page:
        page.goto("/?sel=markers/vn-kh.48.0.1")
        settled(page)
        expect(page.get_by_role("heading", name="Mốc 48(1)")).to_be_visible()
        page.wait_for_load_state("networkidle")
        expect(page.get_by_role("link", name="Sửa", exact=True)).to_have_count(0)
        expect(page.get_by_role("link", name="Nhập tệp")).to_have_count(0)
        page.goto("/import")
        expect(page.get_by_role("main")).to_contain_text("không được nhập dữ liệu")
        page.goto("/audit")
        settled(page)
        expect(page.get_by_role("button", name="Kiểm chứng ngay")).to_have_count(0)
