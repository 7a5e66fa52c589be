"""Who asks for what is not for everybody: somebody signed in, or a program let in by the gate."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api import gate
from api.actors import actor_of
from office.actor import OPERATOR, Actor, Role


def _asker(request: Request) -> Actor:
    found = actor_of(request)
    if found.role is not Role.ANONYMOUS:
        return found
    gate.check(request)
    return OPERATOR


Asker = Annotated[Actor, Depends(_asker)]  # raises NotAllowedError
