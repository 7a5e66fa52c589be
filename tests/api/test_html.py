"""The API as pages: what a person with a browser sees, hears or prints, and nothing foreign."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.html import words
from api.settings import ROOT, Settings
from geo import store
from geo.layers import LAYERS
from tests.conftest import Places
from tests.geo.build import marker, register

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
MARKERS = "/api/collections/markers"
DAK_NONG = f"{MARKERS}/items?province=Dak%20Nong&limit=100"
BOTH = (  # resources that come as JSON with links too
    "/api",
    "/api/conformance",
    "/api/collections",
    MARKERS,
    "/api/collections/sources",
    f"{MARKERS}/items",
    "/api/collections/agreements/items",
    f"{MARKERS}/items/vn-kh.48.0.1",
    "/api/tiles",
    "/api/tiles/WebMercatorQuad",
    f"{MARKERS}/tiles",
    f"{MARKERS}/tiles/WebMercatorQuad",
    "/api/tileMatrixSets",
)
PAGES = (
    *BOTH,
    f"{MARKERS}/schema",
    f"{MARKERS}/queryables",
    "/api/tileMatrixSets/WebMercatorQuad",
    "/api/docs",
    f"{MARKERS}/items/nowhere",
    f"{MARKERS}/items?filter=colour=1",
)
VOID = {"meta", "link", "input", "br", "path", "use", "rect"}


class Read(HTMLParser):
    """A page as it is parsed: elements with their attributes, text, and whether all is closed."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.found if name == tag]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))


def read(client: TestClient, path: str, **headers: str) -> Read:
    answer = client.get(path, headers={**BROWSER, **headers})
    assert answer.headers["content-type"] == "text/html; charset=utf-8", answer.text
    assert answer.status_code in (200, 400, 404)
    made = Read(answer.text)
    assert made.open == []
    return made


@pytest.mark.parametrize(
    ("path", "lang"), [(path, ("vi", "en")[n % 2]) for n, path in enumerate(PAGES)]
)
def test_a_page_has_landmarks_and_its_language(client: TestClient, path: str, lang: str) -> None:
    answer = client.get(path, headers={**BROWSER, "accept-language": lang})
    page = Read(answer.text)
    assert page.all("html") == [{"lang": lang}]
    assert answer.headers["content-language"] == lang
    assert {"Accept", "Accept-Language"} <= set(answer.headers["vary"].split(", "))
    for landmark in ("title", "header", "main", "footer", "h1"):
        assert len(page.all(landmark)) == 1, landmark
    assert page.all("nav")
    assert {"skip"} == {a["class"] for a in page.all("a")[:1]}
    assert bool(page.all("table")) <= bool(page.all("th"))
    to = {a["href"].removeprefix("http://testserver") for a in page.all("a")}
    assert {"/", "/connect", "/api", "/api/collections"} <= to


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_and_loads_nothing(client: TestClient, path: str) -> None:
    page = read(client, path)
    assert not {"script", "img", "iframe", "object", "embed"} & {tag for tag, _ in page.found}
    assert not [name for _, a in page.found for name in a if name.startswith("on")]
    loaded = [a["href"] for tag, a in page.found if tag == "use"]
    loaded += [a["href"] for a in page.all("link") if a["rel"] != "alternate"]
    own = ("#", "data:", "http://testserver/")
    assert all(href.startswith(own) for href in loaded)
    source = client.get(path, headers=BROWSER).text
    assert "@import" not in source
    assert "url(" not in source


@pytest.mark.parametrize("path", BOTH)
def test_every_link_of_the_json_is_on_the_page(client: TestClient, path: str) -> None:
    body = client.get(path, headers={"accept": "application/json"}).json()
    told = {one["href"]: one for one in body["links"] if not one.get("templated")}
    shown = {a["href"] for a in read(client, path).all("a")}
    own = {href for href, one in told.items() if one["rel"] in ("self", "alternate")}
    ahead = {href for href, one in told.items() if one["rel"] == "next"}
    assert set(told) - own - ahead <= shown
    assert first_ids(client, ahead) <= first_ids(client, {one for one in shown if "cursor=" in one})
    assert any("f=html" in href for href in own)
    forms = [one for one in body["links"] if one["rel"] == "alternate"]
    for one in forms:
        answer = client.get(one["href"], headers={"range": "bytes=0-0"})
        assert answer.headers["content-type"].partition(";")[0] == one["type"].partition(";")[0]


def first_ids(client: TestClient, pages: set[str]) -> set[str]:
    """Return what stands first on each page: several cursors may begin at the same row."""
    found = (client.get(page, headers={"accept": "application/json"}).json() for page in pages)
    return {page["features"][0]["id"] for page in found}


@pytest.mark.parametrize("path", BOTH)
def test_a_page_leads_back_to_the_json(client: TestClient, path: str) -> None:
    forms = [a for a in read(client, path).all("link") if a["rel"] == "alternate"]
    assert forms
    for form in forms:
        assert (
            client.get(form["href"], headers=BROWSER)
            .headers["content-type"]
            .startswith(form["type"].partition(";")[0])
        )


def test_the_table_of_dak_nong_shows_its_16_markers(client: TestClient) -> None:
    page = read(client, DAK_NONG)
    assert "16 / 16 đối tượng" in page.text
    assert "thuộc Dak Nong" in page.text
    assert {"48(1)", "55(2)"} <= set(page.text.split())
    assert "đã bàn giao" in page.text
    assert "handed_over" not in page.text
    assert "Lâm Đồng" in page.text
    in_english = read(client, f"{DAK_NONG}&lang=en&datetime=2014-06-30&stage=built")
    assert "16 of 16 features" in in_english.text
    assert "as of 30 June 2014" in in_english.text
    assert "stage: built" in in_english.text


def test_the_small_map_draws_each_marker_as_indicative(client: TestClient) -> None:
    source = client.get(f"{DAK_NONG}&f=html").text
    drawn = re.findall(r'<use href="#(p\d+)" x="([\d.]+)" y="([\d.]+)" opacity="0.6"/>', source)
    assert len(drawn) == 16
    assert all(0 < float(x) < 480 and 0 < float(y) < 340 for _, x, y in drawn)
    assert "vị trí minh họa" in Read(source).text
    sign = source.partition(f'<g id="{drawn[0][0]}">')[2].partition("</g>")[0]
    assert 'stroke-dasharray="1.2 3"' in sign  # the dotted halo
    assert "var(--border-open)" in source  # the border with Cambodia, not said to be demarcated
    assert 'role="img" aria-label="Bản đồ nhỏ: Cột mốc"' in source


@pytest.mark.parametrize("layer", ["borders", "corridors", "admin_units", "islands", "places"])
def test_lines_and_areas_are_drawn(client: TestClient, layer: str) -> None:
    source = client.get(f"/api/collections/{layer}/items?f=html").text
    assert '<svg class="map"' in source
    assert len(source) < 400_000


def test_pages_lead_onward_and_back(client: TestClient) -> None:
    first = read(client, "/api/collections/places/items?limit=5")
    [onward] = [a["href"] for a in first.all("a") if a.get("rel") == "next"]
    second = read(client, onward)
    assert [a for a in second.all("a") if a.get("rel") == "prev"]
    assert first.text != second.text


def test_one_marker_shows_labels_units_history_and_the_app(client: TestClient) -> None:
    page = read(client, f"{MARKERS}/items/vn-kh.48.0.1")
    assert "Cột mốc 48(1)" in page.text
    for shown in ("giai đoạn", "đã bàn giao", "60.600 m", "22/12/2014", "WGS 84"):
        assert shown in page.text, shown
    to = [a["href"].removeprefix("http://testserver") for a in page.all("a")]
    assert "/markers/vn-kh.48.0.1" in to
    periods = [href for href in to if "vn-kh.48.0.1?datetime=" in href]
    assert len(periods) == 4  # located, built, handed over, Lâm Đồng
    assert "01/07/2025" in page.text
    for href in to:
        if href.startswith(("/api/collections/positions", "/api/collections/admin_units")):
            assert client.get(href).status_code == 200, href


def test_the_filter_of_the_form_is_kept(client: TestClient) -> None:
    page = read(client, f"{MARKERS}/items?filter=main%20%3E%2053&border=VN-KH&limit=3")
    fields = {a["name"]: a.get("value") for a in page.all("input")}
    assert fields["filter"] == "main > 53"
    assert fields["border"] == "VN-KH"
    assert fields["limit"] == "3"
    assert "điều kiện CQL2: main > 53" in page.text


def test_an_error_is_a_page_in_the_language_asked_for(client: TestClient) -> None:
    for lang, title in (("vi", "Không tìm thấy"), ("en", "Not found")):
        page = read(client, f"{MARKERS}/items/nowhere", **{"accept-language": lang})
        assert title in page.text
    answer = client.get(f"{MARKERS}/items/nowhere", headers={**BROWSER, "accept": "*/*"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "vi"


def test_titles_and_descriptions_come_in_the_language(client: TestClient) -> None:
    vi, en = (client.get("/api/collections", params={"lang": x}).json() for x in ("vi", "en"))
    for one, other in zip(vi["collections"], en["collections"], strict=True):
        title = LAYERS[one["id"]].title
        assert (one["title"], other["title"]) == (title.vi, title.en)
        assert one["description"] != other["description"]


@pytest.fixture(scope="module")
def hostile(places: Places) -> Iterator[TestClient]:
    name = '<script>alert("1")</script>'
    place = places()
    register(place, markers=[marker("a", 107, 12, name_vi=name, note_vi="javascript:alert(1)")])
    made = create_app(Settings(store=place))
    with TestClient(made) as client:
        yield client
    made.state.engine.dispose()


@pytest.mark.parametrize("path", [f"{MARKERS}/items", f"{MARKERS}/items/a"])
def test_a_name_with_markup_stays_text(hostile: TestClient, path: str) -> None:
    page = read(hostile, path)
    assert not page.all("script")
    if path.endswith("/a"):
        assert '<script>alert("1")</script>' in page.text
    assert not [a for a in page.all("a") if a["href"].startswith("javascript")]


@pytest.mark.parametrize(
    "query", ["?province=%3Cscript%3E", "?filter=%22%3E%3Cscript%3E", '?name_vi="><script>']
)
def test_what_is_asked_stays_text(hostile: TestClient, query: str) -> None:
    assert not read(hostile, f"{MARKERS}/items{query}").all("script")


def test_an_exercise_says_so_on_every_page(places: Places) -> None:
    place = places()
    made_up = register(place, markers=[marker("a", 107, 12)])
    with store.writing(made_up.engine) as conn:
        store.set_value(conn, "exercise", "true")
    made = create_app(Settings(store=place))
    with TestClient(made) as client:
        for path in ("/api", MARKERS, f"{MARKERS}/items", f"{MARKERS}/items/a"):
            assert "DIỄN TẬP" in read(client, path).text
    made.state.engine.dispose()


def tokens(css: str) -> dict[str, str]:
    return {name: value.strip() for name, value in re.findall(r"(--[\w-]+):\s*([^;]+);", css)}


def test_colours_are_those_of_the_app() -> None:
    app = (ROOT / "web/src/theme/tokens.css").read_text(encoding="utf-8")
    page = (ROOT / "api/html/page.css").read_text(encoding="utf-8")
    light, dark, *_ = re.split(r'^:root\[data-theme="(?:dark|contrast)"\]', app, flags=re.MULTILINE)
    own, own_dark = page.partition("@media (prefers-color-scheme: dark)")[::2]
    own_dark = own_dark.partition("@media")[0]
    for mine, theirs in ((tokens(own), tokens(light)), (tokens(own_dark), tokens(dark))):
        assert mine.items() <= theirs.items()


def links_of(body: dict[str, Any], rel: str) -> list[dict[str, str]]:
    return [one for one in body["links"] if one["rel"] == rel]


def test_the_link_header_says_what_the_body_says(client: TestClient) -> None:
    answer = client.get("/api/collections", params={"lang": "en"})
    for rel in ("self", "alternate"):
        for one in links_of(answer.json(), rel):
            assert f'<{one["href"]}>; rel="{rel}"; type="{one["type"]}"' in answer.headers["link"]


def test_every_word_is_used() -> None:
    parts = [one for one in (ROOT / "api/html").rglob("*.*") if one.suffix in (".html", ".py")]
    used = "\n".join(one.read_text("utf-8") for one in parts if one.name != "words.py")
    assert [w for w in words.Words._fields if not re.search(rf"\.{w}\b", used)] == []
