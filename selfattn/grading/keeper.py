"""The process between the session and an answer: it ends what was started.

On Linux it adopts every process that the answer leaves behind, also one in a
session of its own; elsewhere it ends the answer's process group. It counts
the answer's processes while it runs, because a limit of the system would not
bind an administrator.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import selectors
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

from selfattn.grading.limits import Board

MAX_PROCESSES = 32  # beside the answer's own, at one time
MAX_FORKS = 256  # in all
LOOK = 0.02  # seconds between two counts

REPORT = struct.Struct("i?")  # how the answer's process ended; too many?
_SUBREAPER, _WITH_PARENT = 36, 1  # of prctl(2)


def keep(
    leash: socket.socket, writing: int, board: Board, run: Callable[[], None]
) -> None:
    """Run the answer in a child of this process; never returns.

    leash : the session pulls it when the answer's time is over.
    writing : where the answer's process, and no other, sends its outcome.
    """
    gc.disable()  # a pass would copy every page that the session holds
    try:
        os.setpgid(0, 0)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        _prctl(_SUBREAPER, 1)
        child = os.fork()
        if child == 0:
            leash.close()
            os.setpgid(0, 0)
            _prctl(_WITH_PARENT, signal.SIGKILL)
            count_forks(board)
            run()
            os._exit(71)
        os.close(writing)
        with contextlib.suppress(OSError):
            os.setpgid(child, child)
        board.note(child=child)
        status, many = _watch(child, leash)
        many = many or board.forks > MAX_FORKS
        end_all(child)
        with contextlib.suppress(OSError):
            leash.send(REPORT.pack(status, many))
    finally:
        os._exit(0)


def _watch(child: int, leash: socket.socket) -> tuple[int, bool]:
    """Wait until the answer has ended, the session says so, or it is many."""
    with selectors.DefaultSelector() as selector:
        selector.register(leash, selectors.EVENT_READ)
        while True:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return status, False
            if len(descendants(os.getpid())) > 1 + MAX_PROCESSES:
                return 0, True
            if selector.select(LOOK):
                return _last_words(child), False


def _last_words(child: int) -> int:
    """How a process ended that may be on its way out; 0 if it is not."""
    for _ in range(20):
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.0005)
    return 0


def count_forks(board: Board) -> None:
    """End the group of this process when it has been copied too often."""

    def before() -> None:
        board.note(forks=board.forks + 1)
        if board.forks > MAX_FORKS:
            os.killpg(os.getpgid(0), signal.SIGKILL)

    os.register_at_fork(before=before)


def end_all(child: int) -> None:
    """Kill the answer's process and everything that it has started."""
    with contextlib.suppress(OSError):
        os.killpg(child, signal.SIGKILL)
    me, end = os.getpid(), time.monotonic() + 2
    while time.monotonic() < end:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        left = descendants(me)
        if not left:
            return
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.001)


def descendants(pid: int) -> list[int]:
    """The processes below this one, where Linux tells them."""
    found: list[int] = []
    new = [pid]
    while new and len(found) < 4000:
        new = [c for p in new for c in _children(p)]
        found += new
    return found


def _children(pid: int) -> list[int]:
    found = []
    with contextlib.suppress(OSError, ValueError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as file:
                found += [int(n) for n in file.read().split()]
    return found


@functools.cache
def c_library() -> Any:
    """The C library, for prctl(2); None where there is none."""
    try:
        import ctypes

        return ctypes.CDLL(None)
    except Exception:
        return None


def _prctl(option: int, value: int) -> None:
    if sys.platform.startswith("linux") and c_library() is not None:
        c_library().prctl(option, value, 0, 0, 0)
