"""Acting as somebody with an account, without signing in."""

from collections.abc import Callable

import pytest
from fastapi import Request

from office.actor import Actor

PLACES = ("api.actors.actor_of", "api.deps.actor_of", "api.logged.actor_of")


def act(monkeypatch: pytest.MonkeyPatch, actor_of: Callable[[Request], Actor]) -> None:
    """Let the server take whom this names for whoever asks."""
    for place in PLACES:
        monkeypatch.setattr(place, actor_of)
