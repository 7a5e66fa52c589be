"""An auditor proves the history and reads the logs; an editor adds photos, others see them bare."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect
from sqlalchemy import update

from geo import store as stores
from geo.history import keys
from geo.tables import history
from office.actor import Role
from tests import once
from tests.geo.test_evidence import PDF, SECRET_MAKER, photo
from tests.server import running, until
from tests.web.kit import DESKTOP, PHONE, Viewport, Watch, both_sizes, settled, watched
from tests.web.people import come_in
from tests.web.screens import foreign_words, grave_violations, overflowing, too_small, untranslated

MARKER = "vn-kh.48.0.1"
VISITS = "/api/collections/inspections/items"
MOST = 200_000  # bytes of a file
VIEWS = ("chain", "changes", "reads", "events")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once.embedded(tmp_path_factory)


@pytest.fixture(scope="module")
def home(place: Path) -> Iterator[str]:
    """A server that signs its history, and has."""
    keys.make(place.with_name("audit.key"))
    signed = place.with_name("checkpoints.jsonl")
    settings = {
        "COTMOC_AUDIT_KEY": str(place.with_name("audit.key")),
        "COTMOC_AUDIT_TO": str(signed),
        "COTMOC_MAX_EVIDENCE_BYTES": str(MOST),
    }
    with running(place, env=settings) as url:
        until(signed.exists)
        yield url


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, home: str) -> Iterator[Page]:
    size: Viewport = getattr(request, "param", DESKTOP)
    watch = Watch(host=urlsplit(home).netloc)
    watch.allow("400")  # a file that is refused
    with watched(browser, watch, size, base_url=home) as page:
        yield page


@pytest.fixture
def auditor(page: Page, home: str, place: Path) -> Page:
    come_in(page, home, place, Role.AUDITOR)
    return page


@pytest.fixture
def editor(page: Page, home: str, place: Path) -> Page:
    come_in(page, home, place, Role.EDITOR, "vn.dak-nong")
    return page


def problems(page: Page, lang: str) -> dict[str, object]:
    """What is wrong with a screen: its words, its width, what axe-core says, its targets."""
    values = page.request.get("/api/vocabularies").json().values()
    raw = {word["value"] for vocabulary in values for word in vocabulary}
    said = page.locator("main").all_inner_texts()
    found: dict[str, object] = {
        "untranslated": untranslated(said, raw),
        "foreign": foreign_words(said, lang),
        "wide": overflowing(page),
        "axe": grave_violations(page),
        "small": too_small(page) if page.evaluate("innerWidth < 1024") else [],
    }
    return {what: problem for what, problem in found.items() if problem}


def verify(page: Page) -> None:
    page.get_by_role("button", name="Kiểm chứng ngay").click()


@both_sizes
def test_an_auditor_proves_the_history(auditor: Page) -> None:
    auditor.goto("/account")
    auditor.get_by_role("link", name="Kiểm toán").click()
    verify(auditor)
    expect(auditor.get_by_role("status")).to_contain_text("Nguyên vẹn")
    expect(auditor.get_by_role("status")).to_contain_text("Chữ ký khớp đến mục")
    expect(auditor.get_by_role("cell").first).to_contain_text("/2026")
    held = auditor.request.get("/api/audit").json()
    assert held["verified"]["entries"] == held["entries"] > 1_000


def test_an_entry_that_was_edited_is_named(auditor: Page, place: Path) -> None:
    engine, own = stores.open_store(place), history.c.seq == 3
    with stores.writing(engine) as conn:
        before = conn.execute(history.select().where(own)).mappings().one()["reason"]
        conn.execute(update(history).where(own).values(reason="nothing happened"))
    auditor.goto("/audit")
    verify(auditor)
    expect(auditor.get_by_role("alert")).to_contain_text("Mục 3: bị sửa")
    assert problems(auditor, "vi") == {}
    with stores.writing(engine) as conn:
        conn.execute(update(history).where(own).values(reason=before))
    engine.dispose()
    verify(auditor)
    expect(auditor.get_by_role("status")).to_contain_text("Nguyên vẹn")


@pytest.mark.parametrize(("page", "lang"), [(DESKTOP, "en"), (PHONE, "vi")], indirect=["page"])
def test_each_part_of_the_audit_is_well_made(auditor: Page, lang: str) -> None:
    found = {}
    for view in VIEWS:
        auditor.goto(f"/audit?view={view}&lang={lang}")
        settled(auditor)
        expect(auditor.get_by_role("navigation").last).to_be_visible()
        if trouble := problems(auditor, lang):
            found[view] = trouble
    assert found == {}


def fail_to_sign_in(home: str, login: str) -> None:
    request = urllib.request.Request(
        f"{home}/api/session",
        data=json.dumps({"login": login, "password": "not the password"}).encode(),
        headers={"content-type": "application/json"},
    )
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request, timeout=30)


def test_an_auditor_reads_who_did_what(auditor: Page, home: str) -> None:
    asked = f"{home}/api/audit/reads?actor=auditor"
    auditor.request.get(f"/api/collections/markers/items/{MARKER}")
    until(lambda: MARKER in auditor.request.get(asked).text())
    auditor.goto("/audit?view=reads")
    auditor.get_by_label("Người thực hiện").fill("auditor")
    auditor.get_by_label("Người thực hiện").press("Enter")
    expect(auditor).to_have_url(re.compile("actor=auditor"))
    entry = auditor.get_by_role("listitem").filter(has_text="Cột mốc 48(1)").first
    expect(entry).to_contain_text("auditor xem")
    with auditor.expect_download() as download:
        auditor.get_by_role("link", name="Tải về CSV").click()
    assert MARKER in Path(download.value.path()).read_text(encoding="utf-8")
    auditor.get_by_role("link", name="Thay đổi").click()
    row = auditor.locator("[data-actor='cotmoc init'][data-layer=markers]")
    row.get_by_role("link").click()
    expect(auditor.get_by_role("listitem").first).to_contain_text("Dữ liệu ban đầu đã thêm")
    fail_to_sign_in(home, "auditor")
    auditor.goto("/audit?view=events")
    auditor.get_by_label("Việc").select_option(label="đăng nhập không thành công")
    expect(auditor.get_by_role("listitem")).to_have_count(1)
    expect(auditor.get_by_role("listitem")).to_contain_text("auditor đăng nhập không thành công")


def test_who_is_no_auditor_is_shown_nothing(page: Page, home: str, place: Path) -> None:
    page.goto("/audit")
    expect(page).to_have_url(re.compile("/sign-in.next=/audit"))
    come_in(page, home, place, Role.VIEWER)
    page.goto("/audit")
    expect(page.get_by_text("dành cho người kiểm toán")).to_be_visible()
    expect(page.get_by_role("button", name="Kiểm chứng ngay")).to_have_count(0)


# Photos and documents


def payload(name: str, data: bytes, media: str = "image/jpeg") -> FilePayload:
    return {"name": name, "mimeType": media, "buffer": data}


def visit(page: Page, *, findings: str) -> Any:
    """The inspection that says this, as the server tells it."""
    items = page.request.get(f"{VISITS}?marker_id={MARKER}&limit=100").json()["features"]
    [found] = [one for one in items if one["properties"]["findings"] == findings]
    return found


def story(page: Page, findings: str) -> Locator:
    return page.locator(".leaf-story > li").filter(has_text=findings)


def recorded(page: Page, findings: str) -> Locator:
    """Record an inspection without files; returns where the marker's page tells it."""
    csrf = page.request.get("/api/session").json()["csrf"]
    said = {"marker_id": MARKER, "at": "2026-06-12T03:00:00Z", "condition": "leaning"}
    body = {"type": "Feature", "geometry": None, "properties": {**said, "findings": findings}}
    made = page.request.post(VISITS, data=body, headers={"x-csrf-token": csrf})
    assert made.status == 201, made.text()
    page.goto(f"/markers/{MARKER}")
    mine = story(page, findings)
    mine.get_by_role("button", name="Thêm ảnh, tài liệu").click()
    return mine


def inspected(page: Page, findings: str, *files: FilePayload) -> None:
    """Record an inspection by the form, with files."""
    page.goto(f"/markers/{MARKER}")
    page.get_by_role("link", name="Thêm: Kiểm tra").click()
    about = page.locator("[data-field=marker_id]")
    expect(about.get_by_text(re.compile(r"^Mốc 48"))).to_be_visible()
    expect(page.locator("#field-at")).not_to_have_value("")  # now, unless told otherwise
    page.locator("#field-at").fill("2026-06-12T10:00")
    page.locator("#field-condition").select_option("leaning")
    page.locator("#field-findings").fill(findings)
    page.locator("#field-classification").select_option("public")
    page.get_by_test_id("file-pick").set_input_files(list(files))
    expect(page.locator(".file")).to_have_count(len(files))
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page).not_to_have_url(re.compile("/edit/"))


@both_sizes
def test_an_inspection_is_recorded_with_photos_that_others_get_bare(
    editor: Page, browser: Browser, home: str, request: pytest.FixtureRequest
) -> None:
    size = request.node.callspec.params["page"]
    findings, data = f"nghiêng, thấy ở {size.width}", photo(size.width, 300)
    inspected(editor, findings, payload("a.jpg", data), payload("bb.pdf", PDF, "application/pdf"))
    editor.goto(f"/markers/{MARKER}")
    mine = story(editor, findings)
    expect(mine.get_by_role("img", name="Ảnh 1: Kiểm tra: bị nghiêng, 12/06/2026")).to_be_visible()
    expect(mine.get_by_role("link", name="bb.pdf")).to_be_visible()
    assert problems(editor, "vi") == {}
    held = visit(editor, findings=findings)
    sha256, row = held["properties"]["files"][0], f"inspections/{held['id']}"
    address = f"/api/evidence/{sha256}?row={row}"
    assert editor.request.get(address).body() == data
    watch = Watch(host=urlsplit(home).netloc)
    with watched(browser, watch, size, base_url=home) as visitor:
        visitor.goto(f"/markers/{MARKER}")
        picture = story(visitor, findings).get_by_role("button", name="Ảnh 1")
        picture.click()
        shown = visitor.get_by_role("dialog").get_by_role("img")
        expect(shown).to_have_js_property("complete", True)
        assert shown.evaluate("(img) => img.naturalWidth") > 0
        assert grave_violations(visitor) == []
        expect(visitor.get_by_role("link", name="Bản gốc")).to_have_count(0)
        expect(visitor).to_have_url(re.compile("photo="))
        visitor.keyboard.press("Escape")
        expect(visitor.get_by_role("dialog")).to_have_count(0)
        expect(picture).to_be_focused()
        expect(visitor.get_by_role("button", name="Thêm ảnh, tài liệu")).to_have_count(0)
        got = visitor.request.get(address)
        assert (got.status, got.headers["content-type"]) == (200, "image/jpeg")
        assert SECRET_MAKER.encode() in data
        assert SECRET_MAKER.encode() not in got.body()


@both_sizes
def test_a_photo_is_added_taken_away_and_put_back(
    editor: Page, request: pytest.FixtureRequest
) -> None:
    size = request.node.callspec.params["page"]
    findings = f"chưa có ảnh {size.width}"
    mine = recorded(editor, findings)
    by = "file-camera" if size is PHONE else "file-pick"
    mine.get_by_test_id(by).set_input_files([payload("x.jpg", photo(310, size.width))])
    photograph = mine.get_by_role("button", name="Ảnh 1", exact=False).first
    expect(photograph).to_be_visible()
    assert len(visit(editor, findings=findings)["properties"]["files"]) == 1
    mine.get_by_role("button", name=re.compile("^Bỏ Ảnh 1")).click()
    expect(mine.get_by_text("Đã bỏ một tệp")).to_be_visible()
    assert not visit(editor, findings=findings)["properties"]["files"]
    mine.get_by_role("button", name="Hoàn tác").click()
    expect(photograph).to_be_visible()
    assert len(visit(editor, findings=findings)["properties"]["files"]) == 1


def test_what_is_not_taken_is_said_and_nothing_is_sent(editor: Page) -> None:
    mine = recorded(editor, "từ chối")
    expect(mine.get_by_text("mỗi tệp tối đa 195 kB")).to_be_visible()
    for name, data, media, said in (
        ("to.jpg", b"x" * (MOST + 1), "image/jpeg", "to.jpg nặng 195 kB; tối đa là"),
        ("thư.txt", b"abc", "text/plain", "thư.txt không phải ảnh"),
        ("giả.jpg", b"no picture", "image/jpeg", "giả.jpg không phải ảnh"),
        ("cụt.jpg", photo()[:400], "image/jpeg", "cụt.jpg"),
        ("rỗng.pdf", b"", "application/pdf", "rỗng.pdf là tệp rỗng"),
    ):
        mine.get_by_test_id("file-pick").set_input_files([payload(name, data, media)])
        expect(mine.get_by_role("alert")).to_contain_text(said)
    assert not visit(editor, findings="từ chối")["properties"]["files"]


def test_a_file_that_is_dropped_is_taken_like_one_that_is_picked(editor: Page) -> None:
    mine = recorded(editor, "kéo thả")
    given = editor.evaluate_handle(
        """(bytes) => {
          const given = new DataTransfer();
          given.items.add(new File([new Uint8Array(bytes)], 'd.jpg', { type: 'image/jpeg' }));
          return given;
        }""",
        list(photo(77, 33)),
    )
    mine.locator(".file-drop").dispatch_event("drop", {"dataTransfer": given})
    expect(mine.get_by_role("img")).to_have_count(1)
