"""`cotmoc map`: one HTML file that a browser opens without any network."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from shapely.geometry import Point

from geo import leaflet, period, signs
from geo.vocabulary import Condition, FinanceKind, GateClass, Stage
from tests import once
from tests.geo.build import MERGER, marker, register, row
from tests.server import COTMOC, ROOT
from tests.web.kit import PHONE

MOST_BYTES = 6_000_000
LEAFLET = ROOT / "web/node_modules/leaflet/dist"
HOSTILE = (
    """</script><script>window.hit=1</script>"><img src=x onerror='window.hit=1'>{{7*7}}{%x%}"""
)
DAK_NONG = {f"vn-kh.{main}.0.{k}" for main in range(48, 56) for k in (1, 2)}


def write(store: Path, out: Path, *options: str) -> Path:
    command = [str(COTMOC), "map", "--out", str(out), "--store", str(store), *options]
    subprocess.run(command, check=True, capture_output=True)
    return out


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("maps")


@pytest.fixture(scope="module")
def map_vi(store: Path, folder: Path) -> Path:
    return write(store, folder / "vi.html")


@pytest.fixture(scope="module")
def exercise_map(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Path:
    return write(once.exercise_register(tmp_path_factory), folder / "exercise.html")


def open_map(page: Page, file: Path) -> Page:
    page.goto(file.as_uri())
    expect(page.locator(".leaflet-marker-icon").first).to_be_visible()
    return page


def held(page: Page) -> Any:
    """The data in the file."""
    return json.loads(page.locator("#cotmoc-data").inner_text())


def go(page: Page, lon: float, lat: float, zoom: float) -> None:
    page.evaluate(f"void map_cotmoc.setView([{lat}, {lon}], {zoom}, {{ animate: false }})")


def legend_row(page: Page, value: str) -> Locator:
    return page.locator(f"#legend [data-value='{value}']")


def test_the_file_asks_nobody_for_anything(map_vi: Path) -> None:
    text = map_vi.read_text(encoding="utf-8")
    assert map_vi.stat().st_size < MOST_BYTES
    assert (
        re.findall(r"""<(?:script|img|iframe)[^>]+src=|<link[^>]+href=|url\((?!data:|#)""", text)
        == []
    )
    assert "default-src 'none'" in text


def test_dak_nong_has_its_16_markers(offline_page: Page, map_vi: Path) -> None:
    page = open_map(offline_page, map_vi)
    found = {m["id"]: m for m in held(page)["layers"]["markers"] if m["id"] in DAK_NONG}
    assert found.keys() == DAK_NONG
    assert {m["properties"]["position_quality"] for m in found.values()} == {"indicative"}
    assert len({m["properties"]["position_id"] for m in found.values()}) == 8
    expect(legend_row(page, "stage:handed_over")).to_contain_text("đã bàn giao")
    expect(legend_row(page, "stage:handed_over").locator("b")).to_have_text("16")
    go(page, 107.4, 12.5, 9.5)
    expect(page.locator("[data-id^='vn-kh.5'], [data-id^='vn-kh.4']")).to_have_count(16)
    for number in ("48", "53"):
        expect(page.locator(".name.marker").get_by_text(number, exact=True)).to_be_visible()


def test_a_click_tells_what_the_marker_is(offline_page: Page, map_vi: Path) -> None:
    page = open_map(offline_page, map_vi)
    go(page, 107.2, 12.35, 10.5)
    page.locator("[data-id='vn-kh.53.0.1']").click()
    popup = page.locator(".leaflet-popup")
    expect(popup.get_by_role("heading")).to_have_text("Mốc 53(1)")
    expect(popup.locator(".indicative")).to_contain_text("vị trí minh họa")
    for fact in ("đã bàn giao", "22/12/2014", "Lâm Đồng", "Sở Ngoại vụ Đắk Nông", "độ tin cậy"):
        expect(popup).to_contain_text(fact)


def test_a_marker_opens_by_keyboard(offline_page: Page, map_vi: Path) -> None:
    page = open_map(offline_page, map_vi)
    go(page, 107.2, 12.35, 10.5)
    page.locator("[data-id='vn-kh.53.0.2']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup").get_by_role("heading")).to_have_text("Mốc 53(2)")


def test_another_day_shows_that_day(offline_page: Page, store: Path, folder: Path) -> None:
    file = write(store, folder / "en.html", "--lang", "en", "--datetime", "2014-06-30")
    page = open_map(offline_page, file)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".foot")).to_contain_text("30 June 2014")
    expect(legend_row(page, "stage:handed_over")).to_have_count(0)
    go(page, 107.2, 12.35, 10.5)
    page.locator("[data-id='vn-kh.53.0.1']").click()
    popup = page.locator(".leaflet-popup")
    for fact in ("Marker 53(1)", "indicative position", "Đắk Nông", "built", "confidence"):
        expect(popup).to_contain_text(fact)


def test_the_legend_switches_layers(offline_page: Page, map_vi: Path) -> None:
    page = open_map(offline_page, map_vi)
    gates = page.locator("#legend").get_by_label("Cửa khẩu")
    expect(gates).to_be_checked()
    lao_bao = page.locator("[title='Lao Bảo']")
    expect(lao_bao).to_be_attached()
    gates.uncheck()
    expect(lao_bao).not_to_be_attached()
    gates.check()
    expect(lao_bao).to_be_attached()


def test_gates_of_other_classes_and_names_come_with_the_zoom(
    offline_page: Page, map_vi: Path
) -> None:
    page = open_map(offline_page, map_vi)
    main = next(g for g in held(page)["layers"]["gates"] if g.get("sign") == "g-main")
    sign = page.locator(f"[data-id='{main['id']}']")
    expect(sign).not_to_be_attached()
    lon, lat = main["geometry"]["coordinates"]
    go(page, lon, lat, 10)
    expect(sign).to_be_visible()
    expect(page.locator(".name.place").first).to_be_visible()


def test_the_viewpoint_stands_on_the_map(offline_page: Page, map_vi: Path) -> None:
    page = open_map(offline_page, map_vi)
    expect(page.locator(".foot")).to_contain_text("quan điểm của Việt Nam")
    labels = page.locator(".name.island")
    expect(labels).to_have_text(
        [re.compile(r"Hoàng Sa \(thành phố Đà Nẵng"), re.compile(r"Trường Sa \(tỉnh Khánh Hòa")]
    )
    expect(page.locator("#inset")).to_be_hidden()
    go(page, 107.2, 12.35, 10)
    expect(page.locator("#inset")).to_contain_text("Hoàng Sa")
    expect(page.locator("#inset")).to_contain_text("(Khánh Hòa)")
    page.get_by_text("Nguồn bản đồ").click()
    expect(page.locator(".foot")).to_contain_text("OpenStreetMap")


def test_a_neutral_map_names_no_islands(offline_page: Page, store: Path, folder: Path) -> None:
    out = folder / "neutral.html"
    inputs = leaflet.Inputs(ROOT / "data", LEAFLET, "neutral")
    from geo.notebook import open_register  # noqa: PLC0415

    leaflet.write(open_register(store).register, out, inputs, when=period.parse(None))
    page = open_map(offline_page, out)
    expect(page.locator(".foot")).to_contain_text("không thể hiện yêu sách")
    expect(page.locator(".name.island")).to_have_count(0)
    expect(page.locator("#inset")).to_be_hidden()


@pytest.mark.parametrize("offline_page", [PHONE], indirect=True)
def test_on_a_phone_the_legend_waits(offline_page: Page, map_vi: Path) -> None:
    page = open_map(offline_page, map_vi)
    switch = page.locator("#legend").get_by_label("Cửa khẩu")
    expect(switch).to_be_hidden()
    page.get_by_text("Chú giải").tap()
    expect(switch).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE.width


def test_an_exercise_says_so(offline_page: Page, exercise_map: Path) -> None:
    assert exercise_map.stat().st_size < MOST_BYTES
    page = open_map(offline_page, exercise_map)
    expect(page.get_by_text("DIỄN TẬP / EXERCISE")).to_be_visible()
    expect(page.locator("#legend section[data-layer=markers] label b")).to_have_text("3.000")
    sums = page.locator(".cluster span").all_inner_texts()
    assert sum(int(text.replace(".", "")) for text in sums) == 3000
    page.locator(".cluster").first.click()
    expect(page.locator(".cluster")).not_to_have_count(len(sums))


def test_a_real_register_has_no_banner(offline_page: Page, map_vi: Path) -> None:
    page = open_map(offline_page, map_vi)
    expect(page.get_by_text("EXERCISE")).to_have_count(0)


def test_hostile_text_is_only_text(offline_page: Page, folder: Path) -> None:
    stone = marker("x.1.0.0", 107.5, 12.5, note=HOSTILE, source=HOSTILE)
    stone.properties["number"] = HOSTILE
    gate = row("gates", "g-1", Point(107.5, 12.4), name_vi=HOSTILE, gate_class="main")
    made = register(folder / "hostile.gpkg", markers=[stone], gates=[gate])
    out = folder / "hostile.html"
    inputs = leaflet.Inputs(ROOT / "data", LEAFLET)
    leaflet.write(made, out, inputs, when=period.parse(MERGER))
    page = open_map(offline_page, out)
    go(page, 107.5, 12.5, 11)
    page.locator("[data-id='x.1.0.0']").click()
    popup = page.locator(".leaflet-popup")
    expect(popup.get_by_role("heading")).to_have_text(f"Mốc {HOSTILE}")
    expect(popup.get_by_text(HOSTILE, exact=True)).to_have_count(2)
    expect(page.locator(".name.gate")).to_have_text(HOSTILE)
    assert page.evaluate("window.hit") is None


def test_the_signs_are_those_of_the_web_app(offline_page: Page) -> None:
    """Drawn twice, in two languages, so that the file needs no web app: they must not part."""
    bundle = [str(ROOT / "deploy/npm.sh"), "exec", "--silent", "--", "esbuild"]
    bundle += ["src/map/signs.ts", "--format=iife", "--global-name=signs"]
    script = subprocess.run(bundle, check=True, capture_output=True, text=True).stdout
    offline_page.goto("about:blank")
    offline_page.evaluate(f"() => {{ {script}; window.signs = signs; }}")

    def same(ours: list[signs.Part], call: str) -> None:
        theirs = offline_page.evaluate(f"() => signs.{call}")
        assert len(ours) == len(theirs), call
        for one, other in zip(ours, theirs, strict=True):
            look, numbers = _apart(one._asdict())
            their_look, their_numbers = _apart(other)
            assert look == their_look, call
            assert numbers == pytest.approx(their_numbers, abs=0.11), call

    for stage in [*Stage, "", "unknown"]:
        for condition in [*Condition, "any"]:
            same(signs.marker(stage, condition), f"markerSign('{stage}', '{condition}')")
    for flag in (True, False):
        same(signs.corridor(flag), f"corridorSign({str(flag).lower()})")
        same(signs.border(flag), f"borderSign({str(flag).lower()})")
    same([signs.indicative_halo()], "indicativeHalo() && [signs.indicativeHalo()]")
    for kind in GateClass:
        same(signs.gate(kind), f"gateSign('{kind}')")
    for finance in FinanceKind:
        same(signs.area(finance), f"hatchedArea('{finance}', 16)")
        for usd in ("null", "1000", "5e6", "1e12"):
            value = None if usd == "null" else float(usd)
            same(signs.project(finance, value), f"projectSign('{finance}', {usd})")


NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def _apart(part: dict[str, Any]) -> tuple[dict[str, Any], list[float]]:
    """What a part looks like, and the numbers of its path, whose last digit may differ."""
    given = {name: value for name, value in part.items() if value is not None}
    path = str(given.pop("d"))
    return {**given, "shape": NUMBER.sub("#", path)}, [float(n) for n in NUMBER.findall(path)]


def test_the_colours_are_those_of_the_web_app() -> None:
    token = re.compile(r"--([a-z-]+): ([^;]+);")
    theirs = (ROOT / "web/src/theme/tokens.css").read_text(encoding="utf-8")
    light = dict(token.findall(theirs.split('[data-theme="dark"]')[0]))
    own = dict(token.findall((ROOT / "geo/leaflet/map.css").read_text(encoding="utf-8")))
    assert own.items() <= light.items()
    used = {
        name for parts in _every_sign() for name in re.findall(r"--([a-z-]+)", signs.svg(parts))
    }
    assert used <= own.keys()


def _every_sign() -> list[list[signs.Part]]:
    markers = [signs.marker(stage, c) for stage in Stage for c in [*Condition, signs.ANY]]
    lines = [f(flag) for f in (signs.corridor, signs.border) for flag in (True, False)]
    return [*markers, *map(signs.gate, GateClass), [signs.indicative_halo()], *lines]
