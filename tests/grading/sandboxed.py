"""What an answer may leave behind: nothing. Shared by the sandbox's tests."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
import warnings

import numpy as np
import pytest
from sample_exercises import WEIGHTS, cases

from selfattn.grading import limits
from selfattn.grading.forked import forked

# Windows has no fork: answers run in process there, tested by test_in_process.
needs_fork = pytest.mark.skipif(not limits.CAN_FORK, reason="no os.fork")
CASES = cases(np.random.default_rng(0))


def open_files() -> set:
    """What is open, by number and target: a leak shows as a new member."""
    found = set()
    if os.path.exists("/proc/self/fd"):
        for fd in os.listdir("/proc/self/fd"):
            with contextlib.suppress(OSError):  # the listing's own
                found.add((fd, os.readlink(f"/proc/self/fd/{fd}")))
    return found


def no_children() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return True


@contextlib.contextmanager
def untouched():
    """Fails when the block has left anything changed in this process."""
    np.random.seed(5)
    before = (
        np.random.get_state()[1].copy(),
        np.geterr(),
        sys.getrecursionlimit(),
        dict(vars(np)),
        sys.stdout,
        sys.stderr,
        warnings.filters[:],
        set(threading.enumerate()),
        signal.getsignal(signal.SIGALRM),
    )
    inputs = [np.concatenate([a.ravel() for a in c.args]) for c in CASES]
    gc.collect()
    files = open_files()
    yield
    assert (np.random.get_state()[1] == before[0]).all()
    assert np.geterr() == before[1]
    assert sys.getrecursionlimit() == before[2]
    changed = {n for n, v in before[3].items() if vars(np).get(n) is not v}
    assert not changed
    assert sys.stdout is before[4] and sys.stderr is before[5]
    assert warnings.filters == before[6]
    assert set(threading.enumerate()) <= before[7]  # others may end
    assert signal.getsignal(signal.SIGALRM) is before[8]
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    after = [np.concatenate([a.ravel() for a in c.args]) for c in CASES]
    assert all((a == b).all() for a, b in zip(inputs, after, strict=True))
    assert open_files() <= files  # what an earlier test left may close
    assert no_children()


def run(answer, how=forked, **limits):
    limits.setdefault("seconds", 2.0)
    return how(WEIGHTS, answer, CASES, **limits)
