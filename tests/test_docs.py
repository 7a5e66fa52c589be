"""The guides name what there is: commands, settings, files. No more and no less."""

import re
from pathlib import Path

import pytest

from api.settings import Settings
from tests.commands import COMMANDS
from tests.source import FILES, ROOT

OPERATOR = (ROOT / "docs/operator-guide.md").read_text(encoding="utf-8")
NAMED = r"^\| `cotmoc ([a-z]+(?: [a-z]+)*)"
PAGES = [path for path in FILES if path.suffix == ".md"]
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def test_every_command_is_in_the_guide() -> None:
    told = set(re.findall(NAMED, OPERATOR, re.MULTILINE))
    assert told == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does_with_an_example(name: str) -> None:
    assert f"Example: cotmoc {name}" in (COMMANDS[name].help or "")


def test_every_option_in_the_guide_exists() -> None:
    for name, told in re.findall(rf"{NAMED}([^|]*)\|", OPERATOR, re.MULTILINE):
        options = {option for parameter in COMMANDS[name].params for option in parameter.opts}
        assert set(re.findall(r"--[\w-]+", told)) - options == set(), name


def test_every_setting_is_in_the_guide() -> None:
    told = set(re.findall(r"^\| `(COTMOC_\w+)`", OPERATOR, re.MULTILINE))
    assert told == {f"COTMOC_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    missing = [target for target in local if not (page.parent / target).exists()]
    assert [target for target in missing if not target.endswith(".png")] == []
