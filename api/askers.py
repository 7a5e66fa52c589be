"""Who asks for what is not for everybody: somebody signed in, or a program let in by the gate."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api import gate
from api.deps import Actor
from api.errors import refused
from office import actor
from office.actor import ANONYMOUS, OPERATOR
from office.can import Action, Refusal, can


async def _asker(request: Request, found: Actor) -> actor.Actor:
    if found is ANONYMOUS and request.app.state.settings.allow_anonymous_writes:
        gate.check(request)
        return OPERATOR
    refusal = Refusal.SIGN_IN if found is ANONYMOUS else can(found, Action.EXPORT)
    if refusal:
        raise refused(refusal)
    return found


# Raises SignInNeededError and NotAllowedError.
Asker = Annotated[actor.Actor, Depends(_asker)]
