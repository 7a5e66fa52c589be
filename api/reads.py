"""Which state of the register an answer was made from: routes note it, the outermost layer asks."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response

from api.links import PREFIX

READS = "cotmoc.reads"  # key of the scope


@dataclass(slots=True)
class Reads:
    """The revision that was read for an answer; the oldest, where it was read more than once.

    `least` is the one that the client has seen already.
    """

    least: int = 0
    revision: int | None = None


def least(request: Request) -> int:
    """Return the revision that an answer must not be older than."""
    reads: Reads | None = request.scope.get(READS)
    return 0 if reads is None else reads.least


def note(request: Request, revision: int) -> None:
    """Note that an answer is made from this revision of the register."""
    reads: Reads | None = request.scope.get(READS)
    if reads is not None:
        known = reads.revision
        reads.revision = revision if known is None else min(known, revision)


def promise(request: Request, answer: Response, revision: int) -> None:
    """Tell the revision of a change, which the next reads of this client must have seen."""
    answer.headers["cotmoc-revision"] = str(revision)
    path = f"{request.scope.get(PREFIX, '')}/api"
    answer.set_cookie("cotmoc-revision", str(revision), path=path, httponly=True, samesite="lax")
