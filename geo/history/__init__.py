"""The history: every change to the register, append-only, each entry chained to the one before."""

from geo.history.chain import GENESIS, Change, append, canonical, last_revision, last_revisions
from geo.history.proof import Fault, Tampering, first_broken

__all__ = [
    "GENESIS",
    "Change",
    "Fault",
    "Tampering",
    "append",
    "canonical",
    "first_broken",
    "last_revision",
    "last_revisions",
]
