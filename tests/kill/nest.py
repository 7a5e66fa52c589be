"""A process that has loaded the server once and hatches one after the other, each by a fork.

A line of JSON on standard input, {"words": [...], "settings": {...}}, starts `cotmoc` with these
words in a process group of its own; the answer is its number.
"""

import ctypes
import json
import os
import signal
import sys

from api import cli

SUBREAPER = 36  # of prctl: orphans become ours, so that none stays as a zombie


def hatch(words: list[str], settings: dict[str, str]) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    quiet = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(quiet, number)
    os.environ |= settings
    sys.argv = ["cotmoc", *words]
    try:
        cli.main()
    finally:
        os._exit(1)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that were killed
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1)
    for line in sys.stdin:
        asked = json.loads(line)
        sys.stdout.write(f"{hatch(asked['words'], asked['settings'])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
