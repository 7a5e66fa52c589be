"""Who asks for what is not for everybody: somebody signed in, or a program let in by the gate."""

from typing import Annotated

from fastapi import Depends, Request

from api import gate
from api.deps import Actor
from api.errors import refused
from office import actor
from office.actor import ANONYMOUS, OPERATOR
from office.can import Action, Refusal, can


def known(request: Request, found: actor.Actor) -> None:
    """Let somebody on who is signed in, or a program that may write without an account.

    Raises:
        SignInNeededError, NotAllowedError: it is neither.
    """
    if found is not ANONYMOUS:
        return
    if not request.app.state.settings.allow_anonymous_writes:
        raise refused(Refusal.SIGN_IN)
    gate.check(request)


async def _asker(request: Request, found: Actor) -> actor.Actor:
    known(request, found)
    _let(found, Action.EXPORT)
    return OPERATOR if found is ANONYMOUS else found


async def _bringer(request: Request, found: Actor) -> actor.Actor:
    known(request, found)
    if found is not ANONYMOUS:
        _let(found, Action.CREATE)
    return found


async def _auditor(found: Actor) -> actor.Actor:
    _let(found, Action.READ_AUDIT)
    return found


async def _steward(request: Request, found: Actor) -> actor.Actor:
    known(request, found)
    if found is not ANONYMOUS:
        _let(found, Action.IMPORT)
    return found


async def _proposer(found: Actor) -> actor.Actor:
    for action in (Action.IMPORT, Action.PROPOSE):
        _let(found, action)
    return found


async def _undoer(request: Request, found: Actor) -> actor.Actor:
    known(request, found)
    if found is not ANONYMOUS:
        _let(found, Action.UNDO)
    return found


def _let(found: actor.Actor, action: Action) -> None:
    refusal = can(found, action)
    if refusal:
        raise refused(refusal)


# They raise SignInNeededError, SecondFactorNeededError and NotAllowedError.
Asker = Annotated[actor.Actor, Depends(_asker)]
Bringer = Annotated[actor.Actor, Depends(_bringer)]
Auditor = Annotated[actor.Actor, Depends(_auditor)]
Steward = Annotated[actor.Actor, Depends(_steward)]
Proposer = Annotated[actor.Actor, Depends(_proposer)]
Undoer = Annotated[actor.Actor, Depends(_undoer)]
