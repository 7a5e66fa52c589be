"""Logins: one spelling of each, and none that is taken for another.

A new one is of the class that RFC 8265 calls UsernameCaseMapped, in letters of one script of the
languages spoken here, as UTS 39 calls highly restrictive; marks that do not show are in none of
them. Two are alike that differ in letters and digits only which fonts draw alike (from the table
of confusables of UTS 39). Accounts from before keep the logins that they have.
"""

from __future__ import annotations

import re
import unicodedata

from geo.errors import BadInputError

MOST = 100  # letters
_SIGNS = frozenset("0123456789.@+-_")
_SCRIPTS = frozenset({"LATIN", "LAO", "KHMER", "THAI", "CJK"})  # first words of names of letters
_MARKS = frozenset({"Mn", "Mc"})  # categories of what stands on a letter
_LETTERS = frozenset({"Ll", "Lo", "Lm"}) | _MARKS  # those that are left in small letters
_LATIN = re.compile(r"[a-zß-öø-ÿ\u0100-\u017f\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
_ALIKE = str.maketrans({"0": "o", "1": "l", "m": "rn", "ı": "i", "ĸ": "k"})


def normal(login: str) -> str:
    """Return the one spelling of a login."""
    return unicodedata.normalize("NFKC", login.replace("\0", "")).strip().casefold()


def checked(login: str) -> str:
    """Return the login of a new local account. Raises BadInputError."""
    found = normal(login)
    if not is_plain(found):
        said = (
            "A login is letters of one script (Latin, Lao, Khmer, Thai, Chinese), digits, . @ + - _"
        )
        raise BadInputError(said, parameter="login", value=found[:MOST])
    return found


def is_plain(login: str) -> bool:
    """Say whether a login in its one spelling can be read in one way alone."""
    if not 0 < len(login) <= MOST or unicodedata.category(login[0]) in _MARKS:
        return False
    scripts = {_script(one) for one in login if one not in _SIGNS}
    return len(scripts) <= 1 and scripts <= _SCRIPTS


def _script(one: str) -> str:
    """Return the script of a letter or of a mark on one; of what is refused none."""
    script = unicodedata.name(one, "").partition(" ")[0]
    if script == "LATIN":
        return script if _LATIN.fullmatch(one) else ""
    return script if unicodedata.category(one) in _LETTERS else ""


def skeleton(login: str) -> str:
    """Return what logins have in common that are taken for each other."""
    return normal(login).translate(_ALIKE)
