"""Terms of a vocabulary in Vietnamese or English, as people shorten and spell them."""

from __future__ import annotations

import difflib
import re
from functools import cache

from geo import vocabulary as v
from geo.imports.findings import Problem, Said, ValueProblem
from geo.names import fold
from geo.vocabulary import Vocabulary

_DROPPED = re.compile(r"\b(da|bi|moc|cua khau|loai|co nguy co|the|a)\b")
_PARENTHESES = re.compile(r"\(([^)]*)\)")
# Other words for a value; the labels of geo.vocabulary come first.
_OTHERS: dict[type[Vocabulary], dict[str, str]] = {
    v.Condition: {
        "tot": "intact", "con tot": "intact", "binh thuong": "intact", "nguyen ven": "intact",
        "on dinh": "intact", "good": "intact", "nghieng": "leaning", "hong": "damaged",
        "hu hai": "damaged", "nut": "damaged", "vo": "damaged", "sat lo": "erosion_risk",
        "xe dich": "displaced", "dich chuyen": "displaced", "mat": "missing", "lost": "missing",
        "bi pha": "destroyed", "khong ro": "unknown", "chua kiem tra": "unknown",
    },
    v.Stage: {
        "da cam": "built", "cam": "built", "hoan thanh": "accepted", "da xay": "built",
        "xac dinh vi tri": "located", "do dac": "measured", "du kien": "planned",
    },
    v.MarkerKind: {"chinh": "main", "phu": "auxiliary", "coc": "post", "nga ba": "tripoint"},
    v.Multiplicity: {"don": "single", "doi": "double", "ba": "triple", "cap doi": "double"},
    v.MarkerClass: {"dai": "large", "trung": "medium", "tieu": "small", "to": "large"},
    v.GateClass: {"quoc te": "international", "chinh": "main", "song phuong": "main",
                  "phu": "auxiliary", "duong mon": "crossing"},
}  # fmt: skip


def value(words: type[Vocabulary], text: str) -> str:
    """Return the value that a text means, by its code, its label or a short form of it.

    Raises:
        ValueProblem: it means none; the nearest and all labels are said.
    """
    known = _known(words)
    for key in (fold(text), _bare(text)):
        if key in known:
            return known[key]
    raise ValueProblem(Problem.NOT_A_TERM, _hint(words, text))


def _bare(text: str) -> str:
    return " ".join(_DROPPED.sub(" ", _PARENTHESES.sub(" ", fold(text))).split())


@cache
def _known(words: type[Vocabulary]) -> dict[str, str]:
    """Return the value of each folded text; a short form that two values share is left out."""
    exact: dict[str, str] = {}
    for word in words:
        exact |= {fold(text): word.value for text in (word.value, word.vi, word.en)}
        exact.setdefault(word.value.replace("_", " "), word.value)
    short: dict[str, set[str]] = {}
    for word in words:
        inner = [m for label in (word.vi, word.en) for m in _PARENTHESES.findall(fold(label))]
        for text in (*(_bare(label) for label in (word.vi, word.en)), *inner):
            short.setdefault(text, set()).add(word.value)
        for part in re.split(r",|;| hoac ", fold(word.vi)):
            short.setdefault(_bare(part), set()).add(word.value)
    alone = {text: held.copy().pop() for text, held in short.items() if text and len(held) == 1}
    return alone | _OTHERS.get(words, {}) | exact


def _hint(words: type[Vocabulary], text: str) -> Said:
    near = difflib.get_close_matches(_bare(text), _known(words), n=1, cutoff=0.6)
    meant = next((w for w in words if near and w.value == _known(words)[near[0]]), None)
    vi = f"có phải “{meant.vi}”? " if meant else ""
    en = f"is “{meant.en}” meant? " if meant else ""
    labels_vi = ", ".join(word.vi for word in words)
    labels_en = ", ".join(word.en for word in words)
    return Said(f"{vi}chấp nhận: {labels_vi}", f"{en}accepted: {labels_en}")
