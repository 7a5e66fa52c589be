"""What holds for every screen, whatever it shows: words, sizes, and what axe-core finds."""

import re
from typing import Any

from playwright.sync_api import Page

from tests.server import ROOT
from tests.web.kit import catalogue

AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
FINGER = 44  # px, least height and width of what a finger presses
GRAVE = {"serious", "critical"}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

KEY = re.compile(r"\b[a-z]+\.[\w.-]+\b")
RAW_VALUE = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")

TEXTS = """() => [
  document.title, document.body.innerText,
  ...[...document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')].flatMap(
    (e) => ['aria-label', 'title', 'placeholder', 'alt'].map((name) => e.getAttribute(name))),
].filter(Boolean)"""

OVERFLOWING = """() => [document.documentElement, ...document.querySelectorAll('*')]
  .filter((e) => e === document.documentElement
    || (e.checkVisibility() && /auto|scroll/.test(getComputedStyle(e).overflowY)
      && e.scrollHeight > e.clientHeight + 1))
  .filter((e) => e.scrollWidth > Math.min(e.clientWidth, innerWidth) + 1)
  .map((e) => `${e.tagName}.${e.className} ${e.scrollWidth} > ${e.clientWidth}`)"""

# By its box, or by how far from its middle a finger still meets it. What lies under the phone's
# sheet is left out: nobody sees it.
SMALL = """(least) => {
  const extent = (meets) => [-1, 1].reduce((sum, way) => {
    let steps = 0;
    while (steps < least && meets(way * (steps + 1))) steps += 1;
    return sum + steps;
  }, 1);
  const fitsFinger = (e) => {
    e.scrollIntoView({ block: 'nearest' });
    const box = e.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const meets = (dx, dy) => e.contains(document.elementFromPoint(x + dx, y + dy));
    const size = [extent((d) => meets(d, 0)), extent((d) => meets(0, d))];
    return !meets(0, 0) || Math.min(...size) >= least - 1;
  };
  const fits = ({ width, height }) => Math.min(width, height) > least - 0.5;
  const fields = 'select, input:not([type=checkbox]), label:has(input)';
  return [...document.querySelectorAll(`nav a, .tab, button, .button, summary, ${fields}`)]
    .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest('.skip-link'))
    .filter((e) => !fits(e.getBoundingClientRect()) && !fitsFinger(e))
    .map((e) => [e, e.getBoundingClientRect()])
    .map(([e, box]) => `${e.outerHTML.slice(0, 90)} ${box.width | 0}x${box.height | 0}`);
}"""

# Names on the map have a halo, which axe takes for the colour of the letters.
RUN_AXE = """(only) => {
  const isHalo = (id, node) => id === 'color-contrast' && node.html.includes('class="map-name');
  return axe.run(document, { resultTypes: ['violations'], runOnly: only }).then((found) =>
    found.violations.map(({ id, impact, nodes }) =>
      ({ id, impact, nodes: nodes.filter((node) => !isHalo(id, node))
        .map((node) => node.html.slice(0, 120)) }))
    .filter(({ nodes }) => nodes.length > 0));
}"""


def texts(page: Page) -> list[str]:
    """All that a reader sees or a screen reader says."""
    found: list[str] = page.evaluate(TEXTS)
    return found


def untranslated(said: list[str], values: set[str]) -> set[str]:
    """Keys of the catalogue and raw values of vocabularies that stand where words should."""
    keys = set(catalogue("vi"))
    raw = {word for text in said for word in RAW_VALUE.findall(text)} & values
    return raw | {word for text in said for word in KEY.findall(text)} & keys


def foreign_words(said: list[str], lang: str) -> set[str]:
    """Lines that are words of the interface in the other language and in this one are none."""
    own = set(catalogue(lang).values())
    other = set(catalogue("en" if lang == "vi" else "vi").values()) - own
    lines = {line.strip() for text in said for line in text.splitlines()}
    return {line for line in lines & other if len(line) > 3}


def overflowing(page: Page) -> list[str]:
    """What scrolls sideways: the page itself, or a part of it that scrolls down."""
    found: list[str] = page.evaluate(OVERFLOWING)
    return found


def too_small(page: Page) -> list[str]:
    """Controls that a finger misses."""
    found: list[str] = page.evaluate(SMALL, FINGER)
    return found


def grave_violations(page: Page, rules: list[str] | None = None) -> list[Any]:
    """What axe-core calls serious or critical, by all standards or by a few rules alone."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": STANDARDS}
    return [found for found in page.evaluate(RUN_AXE, only) if found["impact"] in GRAVE]
