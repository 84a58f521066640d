"""How long an answer may run, and how much memory it may ask for."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys

SECONDS = 5.0  # of computing, for all cases of one check together
PATIENCE = 4  # times as long by the clock: other programs run as well
GRACE = 0.5  # between asking the child to stop and stopping it
MEMORY = 2 * 2**30  # bytes on top of what the session holds
MAX_MESSAGE = 512 * 2**20  # bytes read from a child

CAN_FORK = hasattr(os, "fork") and sys.platform not in ("emscripten", "wasi")


def in_words(seconds: float) -> str:
    return f"{seconds:g} seconds"


def isolate(memory: int) -> None:
    """Cut the child off from the session's terminal, and limit it."""
    import faulthandler

    gc.disable()
    faulthandler.disable()
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    _limit_memory(memory)
    torch = sys.modules.get("torch")
    if hasattr(torch, "set_num_threads"):
        torch.set_num_threads(1)  # a fork has no copy of OpenMP's threads


def _limit_memory(memory: int) -> None:
    try:
        import resource

        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with open("/proc/self/statm") as file:
            pages = [int(n) for n in file.read().split()]
    except (ImportError, OSError, ValueError):
        return  # no limit on macOS: the time limit is what is left
    page = os.sysconf("SC_PAGE_SIZE")
    # Data counts what is written to; the whole address space also counts
    # libraries, so it is given more room for an answer that imports some.
    for kind, used, room in (
        (resource.RLIMIT_DATA, pages[5], memory),
        (resource.RLIMIT_AS, pages[0], 2 * memory),
    ):
        with contextlib.suppress(OSError, ValueError):
            hard = resource.getrlimit(kind)[1]
            wanted = used * page + room
            if hard != resource.RLIM_INFINITY:
                wanted = min(wanted, hard)
            resource.setrlimit(kind, (wanted, hard))
