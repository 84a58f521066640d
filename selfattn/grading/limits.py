"""How long an answer may run, and how much memory it may ask for."""

from __future__ import annotations

import contextlib
import gc
import mmap
import os
import signal
import struct
import sys
import time
from collections.abc import Callable
from types import FrameType

SECONDS = 5.0  # of computing, for all cases of one check together
PATIENCE = 4  # times as long by the clock: other programs run as well
IMPORTS = 60.0  # of importing, which is not counted as computing
GRACE = 0.5  # between asking the child to stop and stopping it
MAX_MESSAGE = 256 * 2**20  # bytes read from a child

IN_BROWSER = sys.platform in ("emscripten", "wasi")
CAN_FORK = hasattr(os, "fork") and not IN_BROWSER
# Bytes on top of what the session holds; in a browser all of them.
MEMORY = (1 if IN_BROWSER else 2) * 2**30
# By the clock, for a check on a page, where Python is slower. The page holds
# to it: nothing can stop the answer from within.
PAGE_SECONDS = 10.0


def memory_in_words() -> str:
    """The room for an answer as a reader is told it."""
    return f"{MEMORY // 2**30} GB"


def in_words(seconds: float) -> str:
    """A time as a reader is told it."""
    return f"{seconds:g} seconds"


def is_importing(frame: FrameType | None) -> bool:
    """Whether a module is being imported below this frame."""
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


class Clock:
    """Counts an answer's time, and the time of its imports apart.

    The first use of a part of torch may load hundreds of modules, which is
    no endless loop; and an import that is broken off stays broken.
    """

    def __init__(self, allowed: float, now: Callable[[], float]):
        self.allowed, self._now, self._last = allowed, now, now()
        self.used = self.imported = 0.0
        self.every = min(0.1, allowed / 4)  # seconds between two looks

    def is_up(self, frame: FrameType | None) -> bool:
        """Look at the clock: whether the answer has to be stopped here."""
        now = self._now()
        passed, self._last = now - self._last, now
        if is_importing(frame):
            self.imported += passed
            return self.imported > IMPORTS
        self.used += passed
        return self.used >= self.allowed


class Board:
    """A few numbers that the session and its children all see."""

    _FORM = struct.Struct("dqq")

    def __init__(self):
        self._memory = mmap.mmap(-1, self._FORM.size)

    def note(self, *, imported=None, forks=None, child=None) -> None:
        """Write down what is known anew."""
        old = self._FORM.unpack(self._memory[:])
        new = [
            n if o is None else o
            for n, o in zip(old, (imported, forks, child), strict=True)
        ]
        self._memory[:] = self._FORM.pack(*new)

    @property
    def imported(self) -> float:
        """Seconds of importing; never more than are allowed."""
        seconds = self._FORM.unpack(self._memory[:])[0]
        return min(seconds, IMPORTS) if seconds > 0 else 0.0

    @property
    def forks(self) -> int:
        """How often the answer has copied its process."""
        return self._FORM.unpack(self._memory[:])[1]

    @property
    def child(self) -> int:
        """The process in which the answer runs, 0 if there is none yet."""
        return self._FORM.unpack(self._memory[:])[2]

    def close(self) -> None:
        """Give the memory back."""
        self._memory.close()


def isolate(memory: int, keep: int) -> None:
    """Cut the child off from the session's terminal and files; limit it."""
    import faulthandler

    gc.disable()
    faulthandler.disable()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    _close_files(keep)
    _limit_memory(memory)
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "set_num_threads"):
        torch.set_num_threads(1)  # a fork has no copy of OpenMP's threads


def _close_files(keep: int) -> None:
    """Close what the session has open: its sockets are not the answer's."""
    for folder in ("/proc/self/fd", "/dev/fd"):
        with contextlib.suppress(OSError, ValueError):
            for name in os.listdir(folder):
                if int(name) > 2 and int(name) != keep:
                    with contextlib.suppress(OSError):
                        os.close(int(name))
            return


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


def clocks(seconds: float) -> dict[int, Clock]:
    """A clock for each timer signal: computing, and time by the wall."""
    return {
        signal.SIGPROF: Clock(seconds, time.process_time),
        signal.SIGALRM: Clock(PATIENCE * seconds, time.monotonic),
    }
