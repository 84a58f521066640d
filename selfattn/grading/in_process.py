"""Run an answer in this process, as safely as that goes.

The random states, printing, warnings, dtypes and the names in NumPy's and
torch's modules are put back. It cannot stop C code that loops, limit memory,
or catch a crash of the interpreter; its time limit needs POSIX and the main
thread.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from selfattn.grading import limits, traceback
from selfattn.grading.run import Outcome, Progress, ask, each
from selfattn.grading.session import quiet


class _TimeUp(BaseException):
    """The time is up."""


def in_process(
    exercise: Any,
    answer: Any,
    cases: Sequence,
    *,
    seconds: float | None = None,
) -> Outcome:
    """Run an answer on the cases in this process, as safely as that goes."""
    so_far = Progress()

    # By the clock: torch's threads would add up to more than that. The first
    # use of a part of torch may have to import it.
    seconds = limits.PATIENCE * limits.SECONDS if seconds is None else seconds
    try:
        with quiet(so_far.outcome), _time_limit(seconds):
            each(exercise, answer, cases, so_far)
    except _TimeUp as error:
        so_far.stop(
            "time", limits.in_words(seconds), traceback.readers_lines(error)
        )
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        so_far.stop(
            "exit", "", traceback.readers_lines(error), type(error).__name__
        )
    return so_far.outcome


def _inside(frame: Any) -> list:
    """The answer's frames, innermost first; none when it is not running."""
    found = []
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

    def stop(frame: Any, event: str, _: Any) -> Any:
        if event == "line" and _inside(frame):
            raise _TimeUp
        return stop

    def alarm(_: int, frame: Any) -> None:
        frames = _inside(frame)
        if frames:
            # A bare `except:` in the answer may swallow this exception. The
            # next one comes at the very next line, behind that `except:`.
            sys.settrace(stop)
            for one in frames:
                one.f_trace = stop
            raise _TimeUp

    tracing, old = sys.gettrace(), signal.signal(signal.SIGALRM, alarm)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds, 0.003)
    try:
        yield
    finally:
        sys.settrace(None)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
        sys.settrace(tracing)
        if timer[0]:
            signal.setitimer(signal.ITIMER_REAL, *timer)
