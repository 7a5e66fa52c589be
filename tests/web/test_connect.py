"""A GIS officer takes the address from /connect: what the page shows is run as it stands there."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pyogrio
import pytest
from playwright.sync_api import Page, expect

from tests.server import ROOT
from tests.web.kit import api, both_sizes, follow, raise_sheet, settled

WHOLE = "/connect"
PART = "/connect?province=Đắk Nông&date=2014-06-30&stage=built"
PATIENCE = 180  # seconds for a program to answer


def shown(page: Page, path: str, what: str) -> list[str]:
    """The texts of a page that a shell or Python is to run."""
    page.goto(path)
    settled(page)
    return page.locator(f"pre[data-runs={what}]").all_inner_texts()


def number_of(page: Page, path: str) -> int:
    """How many markers the server has under the same filters."""
    asked = {"province": "Đắk Nông", "datetime": "2014-06-30", "stage": "built"}
    part = asked if path == PART else {}
    return int(api(page, "collections/markers/counts", by="stage", **part)["total"])


def run(command: list[str] | str, folder: Path) -> str:
    done = subprocess.run(
        command,
        shell=isinstance(command, str),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("path", [WHOLE, PART])
def test_the_commands_for_gdal_bring_the_layer(page: Page, tmp_path: Path, path: str) -> None:
    if not (shutil.which("ogrinfo") and shutil.which("ogr2ogr")):
        pytest.skip("GDAL's programs are not on this machine: install gdal-bin")
    [commands] = shown(page, path, "shell")
    look, take = commands.splitlines()
    count = number_of(page, path)
    assert f"Feature Count: {count}" in run(look, tmp_path)
    run(take, tmp_path)
    about = pyogrio.read_info(tmp_path / "markers.gpkg", layer="markers")
    assert about["features"] == count > 0


@pytest.mark.parametrize("path", [WHOLE, PART])
def test_the_lines_for_python_count_what_the_server_counts(
    page: Page, store: Path, tmp_path: Path, path: str
) -> None:
    texts = shown(page, path, "python")
    (tmp_path / "var").mkdir()
    (tmp_path / "var/cotmoc.gpkg").symlink_to(store)
    said = {text: run([sys.executable, "-c", text], tmp_path).split()[-1] for text in texts}
    assert len(said) == 3
    assert said == dict.fromkeys(said, str(number_of(page, path)))


def test_the_address_of_tiles_gives_tiles(page: Page) -> None:
    page.goto(PART)
    settled(page)
    template = page.locator("pre", has_text="{z}").inner_text()
    answer = page.request.get(template.format(z=6, y=29, x=51))
    assert answer.ok
    assert answer.headers["content-type"].startswith("application/vnd.mapbox-vector-tile")
    assert b"vn-kh.48.0.1" in answer.body()


def test_every_form_that_the_server_offers_is_a_file(page: Page) -> None:
    page.goto(PART)
    settled(page)
    answer = api(page, "collections/markers/items", limit="1")
    offered = {link["href"] for link in answer["links"] if link["rel"] == "alternate"}
    names = {found.group(1) for href in offered if (found := re.search(r"\bf=(\w+)", href))}
    links = page.get_by_test_id("formats").get_by_role("link")
    expect(links).to_have_count(len(names - {"html", "json"} | {"geojson"}))
    for link in links.all():
        address = str(link.get_attribute("href"))
        file = page.request.get(address)
        assert file.ok, f"{address}: {file.status} {file.text()[:500]}"
        assert "attachment" in file.headers["content-disposition"]
        assert file.body()


@both_sizes
def test_the_page_is_in_the_menu_and_keeps_the_filter(page: Page) -> None:
    page.goto("/?province=Đắk Nông&panel=list")
    follow(page, "Kết nối")
    settled(page)
    assert urlsplit(page.url).path == "/connect"
    notice = page.get_by_role("paragraph").filter(has_text="phần đang lọc: Đắk Nông")
    expect(notice).to_be_visible()
    address = page.get_by_role("region", name="địa chỉ API")
    expect(address).to_contain_text(f"{urlsplit(page.url).netloc}/api")
    notice.get_by_role("button", name="Bỏ lọc").click()
    expect(notice).to_have_count(0)
    expect(page).not_to_have_url(re.compile("province="))


def test_the_map_leads_there_with_its_layer(page: Page) -> None:
    page.goto("/")
    raise_sheet(page)
    export = page.get_by_role("region", name="Xuất dữ liệu đang xem")
    export.get_by_label("Lớp").select_option(label="Cửa khẩu")
    export.get_by_role("link", name="Kết nối QGIS").click()
    expect(page.get_by_label("Lớp")).to_have_value("gates")
    expect(page.locator("pre[data-runs=shell]")).to_contain_text('api" gates')


def test_the_guide_names_the_page() -> None:
    assert "/connect" in (ROOT / "docs/user-guide.md").read_text(encoding="utf-8")
