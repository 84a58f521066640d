"""Run an answer in this process, as safely as that goes.

The random states, printing, warnings, dtypes and the names in NumPy's and
torch's modules are put back. It cannot stop C code that loops, limit memory,
or catch a crash of the interpreter; its time limit needs POSIX and the main
thread.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from selfattn.exercises import Case, Exercise
from selfattn.grading import limits, traceback
from selfattn.grading.messages import flow
from selfattn.grading.messages.cut import type_name
from selfattn.grading.run import Outcome, Progress, ask, each
from selfattn.grading.session import quiet

MAX_COPIES = 8  # of this process, made by one answer


class _TimeUp(BaseException):
    """The time is up."""


def in_process(
    exercise: Exercise,
    answer: Any,
    cases: Sequence[Case],
    *,
    seconds: float | None = None,
) -> Outcome:
    """Run an answer on the cases in this process.

    seconds : by the clock, for all cases together; torch's threads would add
        up to more than that.
    """
    so_far = Progress()
    seconds = limits.PATIENCE * limits.SECONDS if seconds is None else seconds
    try:
        with quiet(so_far.outcome), no_way_out(), _time_limit(seconds):
            each(exercise, answer, cases, so_far)
    except _TimeUp as error:
        so_far.stop(
            "time", limits.in_words(seconds), traceback.readers_lines(error)
        )
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        so_far.stop(
            "exit", "", traceback.readers_lines(error), type_name(type(error))
        )
    return so_far.outcome


@contextlib.contextmanager
def no_way_out() -> Iterator[None]:
    """Keep an answer from ending this process, and end its copies of it."""
    home = os.getpid()
    copies: list[int] = []
    kept = {
        name: getattr(os, name)
        for name in ("fork", "_exit", "abort")
        if hasattr(os, name)
    }

    def fork() -> int:
        if os.getpid() != home or len(copies) >= MAX_COPIES:
            raise OSError(flow.no_more_processes(MAX_COPIES))
        pid = kept["fork"]()
        if pid:
            copies.append(pid)
        return pid

    def leave(*status: Any) -> None:
        if os.getpid() != home:
            kept["_exit"](0)
        raise SystemExit(*status)

    for name in kept:
        setattr(os, name, fork if name == "fork" else leave)
    try:
        yield
    finally:
        for name, real in kept.items():
            setattr(os, name, real)
        for pid in copies:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _inside(frame: Any) -> list:
    """The answer's frames, innermost first; none when it is not running."""
    found: list[Any] = []
    while frame is not None:
        if frame.f_code is ask.__code__:
            return found
        found.append(frame)
        frame = frame.f_back
    return []


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    main = threading.current_thread() is threading.main_thread()
    if not (main and hasattr(signal, "setitimer") and limits.CAN_FORK):
        yield
        return
    clock = limits.Clock(seconds, time.monotonic)

    def stop(frame: Any, event: str, _: Any) -> Any:
        if event == "line" and _inside(frame):
            if not limits.is_importing(frame):
                raise _TimeUp
        return stop

    def alarm(_: int, frame: Any) -> None:
        if not clock.is_up(frame):
            return
        frames = _inside(frame)
        if not frames:
            return
        # A bare `except:` in the answer may swallow this exception. The
        # next one comes at the very next line, behind that `except:`.
        sys.settrace(stop)
        for one in frames:
            one.f_trace = stop
        signal.setitimer(signal.ITIMER_REAL, 0.003, 0.003)
        raise _TimeUp

    tracing, old = sys.gettrace(), signal.signal(signal.SIGALRM, alarm)
    timer = signal.setitimer(signal.ITIMER_REAL, clock.every, clock.every)
    try:
        yield
    finally:
        sys.settrace(None)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
        sys.settrace(tracing)
        if timer[0]:
            signal.setitimer(signal.ITIMER_REAL, *timer)
