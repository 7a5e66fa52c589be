"""Every screen in each language, size and theme: its words, width, targets and contrast."""

from collections.abc import Iterator
from pprint import pformat
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.kit import (
    DESKTOP,
    PHONE,
    SIZES,
    Viewport,
    Watch,
    api,
    catalogue,
    follow,
    is_wide,
    settled,
    switch_to_english,
    watched,
)
from tests.web.screens import (
    foreign_words,
    grave_violations,
    overflowing,
    texts,
    too_small,
    untranslated,
)

SCREENS = {
    "map": "/",
    "list": "/?panel=list&province=Đắk Nông&sheet=full",
    "drawer": "/?sel=markers/vn-kh.48.0.1&province=Đắk Nông&sheet=full",
    "gate-drawer": "/?sel=gates/g-la-13&date=2014-06-30",
    "projects": "/?panel=projects&sheet=full",
    "cooperation": "/?panel=cooperation&sheet=full",
    "progress": "/progress?date=2014-06-30&sheet=full",
    "corridors": "/corridors?km=100&sheet=full",
    "connect": "/connect?province=Đắk Nông",
    "partners": "/partners",
    "partner": "/partners/LA-SV",
    "embed": "/partners/LA-SV/embed",
    "marker": "/markers/vn-kh.48.0.1",
    "gate": "/gates/g-la-13",
    "project": "/projects/thai-lao-bridge-2",
    "import": "/import",
    "jobs": "/jobs",
    "unknown": "/partners/XX-99",
}
EXERCISE_SCREENS = ("map", "list", "progress", "corridors", "partners", "partner", "embed")
LANGUAGES = ("vi", "en")
# What may differ between a screen and the same in another language and theme.
WORDS_AND_COLOURS = [
    "color-contrast", "link-in-text-block", "document-title", "html-has-lang", "html-lang-valid",
    "valid-lang", "button-name", "link-name", "label", "select-name", "image-alt", "svg-img-alt",
    "aria-command-name", "aria-input-field-name", "aria-toggle-field-name",
]  # fmt: skip
Problems = dict[str, object]


@pytest.fixture(scope="module")
def vocabulary_values(server: str, browser: Browser) -> set[str]:
    """Every raw value that has a label."""
    with watched(browser, Watch(host=urlsplit(server).netloc), DESKTOP, base_url=server) as page:
        page.goto("/")
        words = api(page, "vocabularies")
    return {word["value"] for vocabulary in words.values() for word in vocabulary}


@pytest.fixture(scope="module", params=SIZES)
def visitor(
    request: pytest.FixtureRequest, browser: Browser, server: str
) -> Iterator[tuple[Page, Watch]]:
    """One page for all screens of a size, so that code and fonts are fetched once."""
    watch = Watch(host=urlsplit(server).netloc)
    size: Viewport = request.param
    with watched(browser, watch, size, base_url=server) as page:
        yield page, watch


def open_screen(page: Page, name: str) -> None:
    path = SCREENS[name]
    page.goto(f"{path}{'&' if '?' in path else '?'}lang=vi")
    settled(page)
    expect(page.locator("html")).to_have_attribute("lang", "vi")


def set_theme(page: Page, theme: str) -> None:
    """Only colours differ between themes, and they hang on this attribute."""
    page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)


def speak_english(page: Page, name: str) -> None:
    if name == "embed":  # without controls
        page.goto(f"{SCREENS[name]}?lang=en")
    else:
        switch_to_english(page)
    settled(page)


def problems_of(
    page: Page, lang: str, values: set[str], rules: list[str] | None = None
) -> Problems:
    said = texts(page)
    problems: Problems = {
        "untranslated": untranslated(said, values),
        "in the other language": foreign_words(said, lang),
        "wider than the screen": overflowing(page),
        "axe": grave_violations(page, rules),
    }
    if not is_wide(page):
        problems["too small for a finger"] = too_small(page)
    return {f"{lang}: {what}": problem for what, problem in problems.items() if problem}


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_well_made(
    visitor: tuple[Page, Watch], name: str, vocabulary_values: set[str]
) -> None:
    page, watch = visitor
    watch.problems.clear()
    if name == "unknown":
        watch.allow("404")
    open_screen(page, name)
    set_theme(page, "light")
    found = problems_of(page, "vi", vocabulary_values)
    speak_english(page, name)
    set_theme(page, "dark")
    found |= problems_of(page, "en", vocabulary_values, WORDS_AND_COLOURS)
    set_theme(page, "contrast")
    if faint := grave_violations(page, ["color-contrast", "color-contrast-enhanced"]):
        found["high contrast"] = faint
    watch.check()
    if found:
        pytest.fail(pformat(found, width=160), pytrace=False)


def test_the_phone_menu_holds_the_other_places_at_a_fingers_size(
    browser: Browser, server: str
) -> None:
    watch = Watch(host=urlsplit(server).netloc)
    with watched(browser, watch, PHONE, base_url=server) as page:
        page.goto("/")
        settled(page)
        page.get_by_role("button", name="Thêm").click()
        expect(page.get_by_role("link", name="Hợp tác")).to_be_visible()
        assert too_small(page) == []
        assert grave_violations(page) == []
        page.get_by_role("link", name="Đối tác").click()
        expect(page.get_by_role("heading", name="Tỉnh đối tác")).to_be_visible()
        follow(page, "Bản đồ")
        expect(page.get_by_test_id("count-markers")).to_be_visible()


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_the_theme_button_changes_the_theme_for_good(page: Page) -> None:
    page.goto("/")
    settled(page)
    if not is_wide(page):
        page.get_by_role("button", name="Thêm").click()
    before = page.locator("html").get_attribute("data-theme")
    page.get_by_role("button", name="Giao diện").click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", str(before))
    after = page.locator("html").get_attribute("data-theme")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", str(after))


@pytest.mark.parametrize("exercise_page", SIZES, indirect=True)
def test_an_exercise_says_so_on_every_screen(exercise_page: Page) -> None:
    for name in EXERCISE_SCREENS:
        open_screen(exercise_page, name)
        banner = exercise_page.get_by_test_id("exercise-banner")
        expect(banner, name).to_be_in_viewport()
        expect(banner).to_have_text("DIỄN TẬP / EXERCISE")
        assert overflowing(exercise_page) == []
    exercise_page.goto("/partners/LA-SV")
    settled(exercise_page)
    exercise_page.emulate_media(media="print")
    expect(exercise_page.get_by_text("DIỄN TẬP / EXERCISE").last).to_be_visible()


def test_the_real_register_is_no_exercise(page: Page) -> None:
    page.goto("/")
    settled(page)
    expect(page.get_by_text("DIỄN TẬP")).to_have_count(0)


def test_both_catalogues_say_everything() -> None:
    words = {lang: catalogue(lang) for lang in LANGUAGES}
    assert words["vi"].keys() == words["en"].keys()
    assert [
        key for lang in LANGUAGES for key, text in words[lang].items() if not text.strip()
    ] == []
