"""The legend that is the layer switch, with counts; the foot and the exercise banner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from folium.template import Template

from geo import layers, signs
from geo.exports import EXERCISE_NOTICE
from geo.leaflet.content import Content
from geo.leaflet.words import words
from geo.vocabulary import Condition, FinanceKind, GateClass, Stage, Vocabulary

if TYPE_CHECKING:
    from geo.leaflet.page import About

Row = dict[str, object]  # sign (SVG), text, count
_TEMPLATE = Template(
    """
{%- macro row(item) %}
  <li{% if item.value %} data-value="{{ item.value }}"{% endif %}>
    <svg class="sample" width="28" height="26" viewBox="-14 -13 28 26" aria-hidden="true">
      {{- item.sign -}}
    </svg>
    <span>{{ item.text|e }}</span>
    {%- if item.count is not none %}<b>{{ number(item.count) }}</b>{% endif %}
  </li>
{% endmacro %}
{% if exercise %}<div class="exercise" role="note">{{ exercise|e }}</div>{% endif %}
<noscript>{{ words.no_script|e }}</noscript>
<svg class="signs" width="0" height="0" aria-hidden="true"><defs>
  {% for name, drawn in signs.items() %}<g id="{{ name|e }}">{{ drawn }}</g>{% endfor %}
</defs></svg>
<details class="legend" id="legend" open>
  <summary>{{ words.legend|e }}</summary>
  <h1>{{ words.title|e }}</h1>
  <p class="day">{{ words.state_of|e }} {{ day|e }}</p>
  {% for part in parts %}
  <section data-layer="{{ part.name }}">
    <label><input type="checkbox" data-switch="{{ part.name }}" checked>
      <span>{{ part.title|e }}</span>
      {%- if part.count is not none %}<b>{{ number(part.count) }}</b>{% endif %}</label>
    {% for note in part.notes %}<p>{{ note|e }}</p>{% endfor %}
    {% for title, rows in part.lists %}
      {% if title %}<h2>{{ title|e }}</h2>{% endif %}
      <ul>{% for item in rows %}{{ row(item) }}{% endfor %}</ul>
    {% endfor %}
  </section>
  {% endfor %}
</details>
<figure class="inset" id="inset" hidden></figure>
<footer class="foot">
  <strong>{{ words.state_of|e }} {{ day }}</strong>
  <span>{{ statement|e }}</span>
  <details><summary>{{ words.sources|e }}</summary><ul>
    {% for item in attribution %}<li>{{ item.text|e }} ({{ item.licence|e }})</li>{% endfor %}
    <li>Leaflet (BSD-2-Clause)</li>
  </ul></details>
</footer>
"""
)


def body(held: Content, about: About) -> str:
    """Return the HTML that stands around the map; all text is escaped."""
    made: str = _TEMPLATE.render(
        words=words(about.lang),
        number=lambda n: _number(n, about.lang),
        day=_day(about.day, about.lang),
        statement=about.statement,
        attribution=about.attribution,
        exercise=EXERCISE_NOTICE if about.exercise else None,
        signs={name: signs.svg(parts) for name, parts in held.signs.items()},
        parts=_parts(held, about.lang),
    )
    return made


def _day(day: str, lang: str) -> str:
    found = date.fromisoformat(day)
    return f"{found:%d/%m/%Y}" if lang == "vi" else f"{found.day} {found:%B %Y}"


def _number(n: int, lang: str) -> str:
    return f"{n:,}".replace(",", ".") if lang == "vi" else f"{n:,}"


def _parts(held: Content, lang: str) -> list[dict[str, object]]:
    named = words(lang)
    return [
        _part("markers", held, lang, _marker_lists(held, lang), _marker_notes(held, lang)),
        _part("borders", held, lang, [("", _border_rows(named))]),
        _part("gates", held, lang, [_list(held, "gates", "gate_class", GateClass, lang)]),
        _part(
            "corridors",
            held,
            lang,
            [("", [_row(signs.svg(signs.corridor(True)), named["schematic"])])],
        ),
        _part("projects", held, lang, _project_lists(held, lang)),
        {"name": "names", "title": named["names"], "count": None, "notes": [], "lists": []},
    ]


def _part(
    name: str,
    held: Content,
    lang: str,
    lists: list[tuple[str, list[Row]]],
    notes: Iterable[str] = (),
) -> dict[str, object]:
    missing = held.unplaced(name)
    lost = [f"{_number(missing, lang)} {words(lang)['unplaced']}"] if missing else []
    title = getattr(layers.get(name).title, lang)
    count = len(held.features[name])
    return {"name": name, "title": title, "count": count, "notes": [*notes, *lost], "lists": lists}


def _marker_notes(held: Content, lang: str) -> list[str]:
    rows, named = held.features["markers"], words(lang)
    positions = len({item["properties"].get("position_id", item["id"]) for item in rows})
    counted = _number(positions, lang), _number(len(rows), lang)
    return [f"{counted[0]} {named['positions']} / {counted[1]} {named['markers']}"]


def _marker_lists(held: Content, lang: str) -> list[tuple[str, list[Row]]]:
    title, rows = _list(held, "markers", "stage", Stage, lang)
    unknown = held.counts("markers", "stage")["unknown"]
    if unknown:
        drawn = signs.svg(signs.marker("", signs.ANY))
        rows.append(_row(drawn, words(lang)["no_stage"], unknown))
    dotted = [signs.indicative_halo(), *signs.marker(Stage.HANDED_OVER, Condition.INTACT)]
    halo = [_row(signs.svg(dotted), words(lang)["indicative_sign"])]
    return [(title, rows), _list(held, "markers", "condition", Condition, lang), ("", halo)]


def _project_lists(held: Content, lang: str) -> list[tuple[str, list[Row]]]:
    hatched = _row(signs.svg(signs.area(FinanceKind.FDI, 10)), words(lang)["area_sign"])
    return [_list(held, "projects", "finance_kind", FinanceKind, lang), ("", [hatched])]


def _border_rows(named: dict[str, str]) -> list[Row]:
    known = _row(signs.svg(signs.border(True)), named["demarcated"])
    return [known, _row(signs.svg(signs.border(False)), named["not_demarcated"])]


def _list(
    held: Content, layer: str, by: str, vocabulary: type[Vocabulary], lang: str
) -> tuple[str, list[Row]]:
    counts: Counter[str] = held.counts(layer, by)
    rows = [
        _row(signs.svg(_sign(word)), getattr(word, lang), counts[word.value], f"{by}:{word.value}")
        for word in vocabulary
        if counts[word.value]
    ]
    return words(lang)[by], rows


def _sign(word: Vocabulary) -> list[signs.Part]:
    match word:
        case Stage():
            return signs.marker(word, signs.ANY)
        case Condition():
            return signs.marker(Stage.HANDED_OVER, word)
        case GateClass():
            return signs.gate(word)
        case _:
            return signs.project(word, 1e8)


def _row(sign: str, text: str, count: int | None = None, value: str | None = None) -> Row:
    return {"sign": sign, "text": text, "count": count, "value": value}
