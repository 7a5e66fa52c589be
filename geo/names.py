"""Names of places in any spelling."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

KEPT = 4_096  # folded texts held at once: the same provinces come with thousands of rows
_PREFIXES = ("tinh ", "thanh pho ", "tp. ", "tp ", "province of ", "changwat ", "khoueng ")
_SUFFIXES = (" province", " prefecture")


@lru_cache(KEPT)
def fold(text: str) -> str:
    """Return the text without accents and case, đ as d, so that all spellings meet."""
    lowered = text.casefold().replace("đ", "d").replace("ð", "d")
    if not lowered.isascii():
        decomposed = unicodedata.normalize("NFD", lowered)
        lowered = "".join([c for c in decomposed if not unicodedata.combining(c)])
    return " ".join(lowered.replace("-", " ").replace("–", " ").split())


def fold_unit(name: str) -> str:
    """Fold the name of a unit and drop words such as Tỉnh and Province."""
    folded = fold(name)
    for prefix in _PREFIXES:
        folded = folded.removeprefix(prefix)
    for suffix in _SUFFIXES:
        folded = folded.removesuffix(suffix)
    return folded
