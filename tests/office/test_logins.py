"""Logins that would be taken for another's are refused, those of people who live here are not."""

import unicodedata

import pytest
from sqlalchemy import Engine

from geo.errors import BadInputError, ConflictError
from office import invitations, logins, people
from office.actor import Role
from office.database import writing
from tests.office.conftest import Hire
from tests.office.test_links import BOSS

VIETNAMESE = (
    "nguyễn.văn.an", "đặng_thị_lý", "trần-quốc-tuấn", "lê.ưu", "bùi+xuân@sở.vn", "y.brông", "hđơk",
)  # fmt: skip
OTHERS = ("ສົມສັກ", "សុខា", "สมชาย", "王小明", "josé", "müller", "lan2", "nguyen.lan@example.vn")


@pytest.mark.parametrize("login", [*VIETNAMESE, *OTHERS])
def test_names_of_people_here_are_logins(login: str) -> None:
    for form in ("NFC", "NFD"):
        typed = unicodedata.normalize(form, login)
        assert logins.checked(typed) == logins.checked(typed.upper()) == logins.normal(login)


def test_one_mark_more_makes_another_name(office: Engine) -> None:
    with writing(office) as conn:
        for login in ("lam", "lan", "lân", "lán", "lan.2"):
            people.create(conn, people.checked(login), name="x", role=Role.VIEWER)
        assert len(people.everybody(conn)) == 5


@pytest.mark.parametrize(
    "typed",
    [
        "l\u0430n",  # Cyrillic а
        "\u043b\u0430\u043d",  # all of it Cyrillic
        "l\u03b1n",  # Greek α
        "l\u0251n",  # of phonetics
        "lan\u200b", "la\u200dn", "lan\ufeff", "\u202elan", "la\u00adn",  # nothing to see
        "lan\u0301\u0323\u0308", "l\u0332an", "la\u034fn",  # marks on a letter that has none such
        "lan\u0e48", "la\u0e19", "王lan",  # two scripts
        "lan\u0660", "lan\u0e52",  # digits of others
        "la n", "la\u00a0n", "lan:x", "lan/x", "lan<b>", "la\nn", "\u0e48lan", "", " ",
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_is_refused(typed: str) -> None:
    with pytest.raises(BadInputError):
        logins.checked(typed)


@pytest.mark.parametrize(
    "typed", ["LAN", "ｌａｎ", " lan ", "lan\u3000", "1an", "𝐥𝐚𝐧", "ⓛⓐⓝ", "lan\u0000"]
)
def test_what_is_taken_for_another_is_taken(office: Engine, hire: Hire, typed: str) -> None:
    hire("lan")
    with writing(office) as conn:
        with pytest.raises(ConflictError, match="lan"):
            invitations.invite(conn, BOSS, role=Role.ADMIN, login=typed)
        with pytest.raises(ConflictError, match="lan"):
            people.create(conn, people.checked(typed), name="x", role=Role.VIEWER)


@pytest.mark.parametrize("typed", ["0perator", "anonyrnous", "System"])
def test_nor_for_the_names_of_nobody(typed: str) -> None:
    with pytest.raises(BadInputError, match="no person"):
        people.checked(typed)


def test_who_has_one_from_before_keeps_it(office: Engine, hire: Hire) -> None:
    old = "l\u0430n"
    hire(old)
    with office.connect() as conn:
        found = people.find_login(conn, old.upper())
        assert found is not None
        assert people.find_login(conn, "lan") is None
