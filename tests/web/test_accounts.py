"""A person comes in by an invitation, sets a second factor, and works in his role."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from office import database, invitations
from office.actor import OPERATOR, Role
from office.events import By
from tests import once
from tests.server import running
from tests.web.kit import DESKTOP, PHONE, Viewport, Watch, watched
from tests.web.screens import grave_violations, overflowing, too_small

PASSWORD = "bảy hòn đá bên bờ sông"
MARKER = "vn-kh.48.0.1"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once.embedded(tmp_path_factory)


@pytest.fixture(scope="module")
def home(place: Path) -> Iterator[str]:
    with running(place) as url:
        yield url


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, home: str) -> Iterator[Page]:
    size: Viewport = getattr(request, "param", DESKTOP)
    watch = Watch(host=urlsplit(home).netloc)
    watch.allow("401")
    watch.allow("403")  # without the second factor
    with watched(browser, watch, size, base_url=home) as page:
        yield page


def invite(place: Path, role: Role, login: str, *provinces: str) -> str:
    """The path of a one-time link, as the operator's command makes it."""
    engine = database.open_office(database.beside(place))
    with database.writing(engine) as conn:
        by = By(OPERATOR.name)
        _, token = invitations.invite(conn, by, role=role, login=login, provinces=provinces)
    engine.dispose()
    return f"/link#{token}"


def join(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Mật khẩu mới").fill(PASSWORD)
    page.get_by_role("button", name="Đặt mật khẩu").click()
    expect(page).not_to_have_url(re.compile("/link"))


def enrol(page: Page) -> pyotp.TOTP:
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Thiết lập").click()
    secret = page.locator("code").first.inner_text()
    totp = pyotp.TOTP(secret)
    page.get_by_label("Mã xác thực").fill(totp.now())
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_text("Mỗi mã dùng được một lần")).to_be_visible()
    return totp


def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("button", name="Đăng nhập").click()


def sign_out(page: Page) -> None:
    """Wait for its end too: to go on elsewhere at once would cut it off."""
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    expect(page).to_have_url("/")


def test_an_editor_joins_enrols_and_changes_a_marker_of_his_province(
    page: Page, place: Path
) -> None:
    join(page, invite(place, Role.EDITOR, "lan", "vn.dak-nong"))
    expect(page).to_have_url("/account")
    expect(page.get_by_text("người biên tập")).to_be_visible()
    expect(page.get_by_text("Đắk Nông")).to_be_visible()
    expect(page.get_by_text("Đang xem như người xem")).to_be_visible()
    enrol(page)
    expect(page.get_by_text("Đang xem như người xem")).to_have_count(0)
    page.goto(f"/markers/{MARKER}")
    page.get_by_role("link", name="Sửa").click()
    page.locator("#field-locality").fill("xã Thuận Hạnh")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("xã Thuận Hạnh")).to_be_visible()


def test_who_signs_in_comes_back_to_where_he_was(page: Page, place: Path) -> None:
    join(page, invite(place, Role.VIEWER, "minh"))
    expect(page).to_have_url("/")
    page.goto("/account")
    sign_out(page)
    page.goto(f"/markers/{MARKER}?lang=vi")
    page.get_by_role("link", name="Đăng nhập").click()
    sign_in(page, "minh", "không phải mật khẩu này")
    expect(page.get_by_role("alert")).to_be_visible()
    sign_in(page, "minh")
    expect(page).to_have_url(f"/markers/{MARKER}?lang=vi")


def test_the_second_factor_is_asked_for_after_the_password(page: Page, place: Path) -> None:
    join(page, invite(place, Role.INSPECTOR, "hoa", "vn.dak-nong"))
    totp = enrol(page)
    sign_out(page)
    page.goto("/sign-in?next=https://evil.example/")
    sign_in(page, "hoa")
    expect(page.get_by_role("heading", name="Xác thực bước hai")).to_be_visible()
    following = totp.at(datetime.now(UTC), counter_offset=1)  # a code works once
    page.get_by_label("Mã xác thực").fill(following)
    page.get_by_role("button", name="Xác nhận").click()
    expect(page).to_have_url("/")


def test_a_token_is_shown_once_and_taken_back(page: Page, place: Path) -> None:
    join(page, invite(place, Role.PLANNER, "tuan"))
    page.goto("/account")
    page.get_by_label("Dùng cho").fill("QGIS ở sở")
    page.get_by_role("button", name="Tạo khóa").click()
    expect(page.locator("code")).to_contain_text("cotmoc_")
    page.reload()
    expect(page.get_by_role("rowheader", name="QGIS ở sở")).to_be_visible()
    expect(page.locator("code")).to_have_count(0)
    page.get_by_role("button", name="Thu hồi").click()
    expect(page.get_by_role("rowheader", name="QGIS ở sở")).to_have_count(0)


def test_an_administrator_invites_and_closes_an_account(page: Page, place: Path) -> None:
    join(page, invite(place, Role.ADMIN, "boss"))
    page.goto("/people")
    page.get_by_role("alert").get_by_role("link", name="Xác thực bước hai").click()  # the only one
    enrol(page)
    page.get_by_role("link", name="Người dùng").click()
    page.get_by_label("Tên đăng nhập").fill("an")
    page.get_by_label("Vai trò").last.select_option(label="người kiểm tra")
    page.get_by_label("Tìm tỉnh để thêm").last.fill("dak nong")
    page.get_by_label("Đắk Nông").last.check()
    page.get_by_role("button", name="Mời người dùng").click()
    expect(page.get_by_text("Liên kết chỉ hiện lần này")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="an người kiểm tra")).to_be_visible()


@pytest.mark.parametrize("page", [DESKTOP, PHONE], indirect=True)
def test_signing_in_is_usable_by_everybody(page: Page) -> None:
    page.goto("/sign-in?failed=csrf&next=/projects")
    expect(page.get_by_role("alert")).to_contain_text("Lần đăng nhập này quá hạn")
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible()
    assert grave_violations(page) == []
    assert overflowing(page) == []
    assert too_small(page) == []


def test_who_is_signed_in_already_is_told_and_led_on(page: Page, place: Path) -> None:
    join(page, invite(place, Role.VIEWER, "sau"))
    page.goto("/sign-in?failed=csrf&next=/projects&lang=en")
    expect(page.get_by_text("You are signed in: sau.")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("link", name="Go on").click()
    expect(page).to_have_url(re.compile("/projects$"))


def test_an_address_of_mail_is_set_with_the_password(page: Page, place: Path) -> None:
    join(page, invite(place, Role.VIEWER, "thu"))
    page.goto("/account")
    form = page.locator("section", has=page.get_by_role("heading", name="Thư điện tử")).first
    form.get_by_label("Địa chỉ thư điện tử").fill("thu@example.vn")
    form.get_by_label("Mật khẩu hiện tại").fill("không phải mật khẩu này")
    form.get_by_role("button", name="Lưu địa chỉ").click()
    expect(form.get_by_role("alert")).to_be_visible()
    form.get_by_label("Mật khẩu hiện tại").fill(PASSWORD)
    form.get_by_role("button", name="Lưu địa chỉ").click()
    expect(form.get_by_text("Đã lưu địa chỉ thư điện tử.")).to_be_visible()
    page.reload()
    expect(form.get_by_label("Địa chỉ thư điện tử")).to_have_value("thu@example.vn")
