"""What a pattern of LIKE says of the order of the texts that it fits."""

from __future__ import annotations

import sys

_LAST = chr(sys.maxunicode)
_SURROGATES = 0xD800, 0xE000  # numbers that stand for no letter, from the first on to the second


def beginning(pattern: str) -> str:
    """Return what every text begins with that fits a pattern."""
    letters, escaped = [], False
    for letter in pattern:
        if escaped or letter not in "%_\\":
            letters.append(letter)
            escaped = False
        elif letter == "\\":
            escaped = True
        else:
            break
    return "".join(letters).rstrip(_LAST)


def beyond(start: str) -> str:
    """Return the first text, by code points, after all that begin so; `start` is a `beginning`."""
    following = ord(start[-1]) + 1
    return start[:-1] + chr(_SURROGATES[1] if following == _SURROGATES[0] else following)
