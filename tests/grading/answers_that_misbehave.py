"""Answers that do what no answer should. Run them in the sandbox only."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import warnings

import numpy as np
from sample_exercises import weights


def prints(q, k, mask=None):
    print("scores", q.shape)
    return weights(q, k, mask)


def prints_100_mb(q, k, mask=None):
    for _ in range(100):
        print("x" * 1_000_000)
    return weights(q, k, mask)


def writes_to_the_terminal(q, k, mask=None):
    os.write(1, b"straight to the terminal\n")
    sys.__stdout__.write("around the tape\n")
    sys.__stdout__.flush()
    return weights(q, k, mask)


def warns(q, k, mask=None):
    warnings.warn("careful", UserWarning, stacklevel=1)
    np.log(np.zeros(1))
    return weights(q, k, mask)


def changes_random_state(q, k, mask=None):
    np.random.seed(0)
    np.random.rand(7)
    return weights(q, k, mask)


def sets_numpy_errors(q, k, mask=None):
    np.seterr(all="ignore")
    return weights(q, k, mask)


def raises_the_recursion_limit(q, k, mask=None):
    sys.setrecursionlimit(10_000)
    return weights(q, k, mask)


def patches_exp(q, k, mask=None):
    right = weights(q, k, mask)
    np.exp = lambda x: x
    return right


def patches_comparison(q, k, mask=None):
    np.allclose = np.isclose = np.array_equal = lambda *a, **k: True
    return q @ np.swapaxes(k, -1, -2)


def closes_stdout(q, k, mask=None):
    sys.stdout.close()
    print("still here")
    return weights(q, k, mask)


def starts_a_thread(q, k, mask=None):
    threading.Thread(target=time.sleep, args=(60,), daemon=False).start()
    return weights(q, k, mask)


def writes_to_every_file(q, k, mask=None):
    for fd in range(3, 64):
        try:
            os.write(fd, b"\x00junk" * 10)
        except OSError:
            pass
    return weights(q, k, mask)


def forks(q, k, mask=None):
    os.fork()
    return weights(q, k, mask)


HARMLESS = (  # right, whatever else they do
    prints,
    prints_100_mb,
    writes_to_the_terminal,
    warns,
    changes_random_state,
    sets_numpy_errors,
    raises_the_recursion_limit,
    patches_exp,
    closes_stdout,
    starts_a_thread,
    forks,
)


def changes_its_input(q, k, mask=None):
    right = weights(q, k, mask)
    q *= 2
    return right


def loops(q, k, mask=None):
    n = 0
    while True:
        n += 1


def loops_and_catches_all(q, k, mask=None):
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722
            pass


def sleeps_without_signals(q, k, mask=None):
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    time.sleep(3600)


def recurses(q, k, mask=None):
    return recurses(q, k, mask)


def recurses_past_the_limit(q, k, mask=None):
    sys.setrecursionlimit(10**9)
    return recurses(q, k, mask)


def asks_for_a_terabyte(q, k, mask=None):
    return np.ones(2**37)


def grows(q, k, mask=None):
    kept = []
    while True:
        kept.append(np.ones(2**22))


def leaves_at_once(q, k, mask=None):
    os._exit(0)


def leaves_politely(q, k, mask=None):
    sys.exit("bye")


def kills_itself(q, k, mask=None):
    os.kill(os.getpid(), signal.SIGKILL)


class Rude(BaseException):
    """Not caught by `except Exception`."""


def raises_base_exception(q, k, mask=None):
    raise Rude("no")


def raises_one_that_cannot_be_printed(q, k, mask=None):
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError("not telling")

    raise Mute


def divides_by_zero(q, k, mask=None):
    return 1 / 0


def asks_the_reader(q, k, mask=None):
    return input("well? ")


def a_generator(q, k, mask=None):
    yield from weights(q, k, mask)


def returns_a_lambda(q, k, mask=None):
    return lambda: weights(q, k, mask)


def returns_none(q, k, mask=None):
    weights(q, k, mask)


class Yes(np.ndarray):
    """Equal to everything."""

    def __eq__(self, other):
        return np.ones(self.shape, bool).view(np.ndarray)

    @property
    def dtype(self):
        raise RuntimeError("not telling")

    def __array_ufunc__(self, *args, **kwargs):
        return True

    def __reduce__(self):
        raise RuntimeError("not over this pipe")


def returns_a_flatterer(q, k, mask=None):
    return (q @ np.swapaxes(k, -1, -2)).view(Yes)


class Disguised:
    """Says that it is an array."""

    @property
    def __class__(self):
        return np.ndarray

    def __eq__(self, other):
        return True


def returns_a_disguise(q, k, mask=None):
    return Disguised()


def returns_objects(q, k, mask=None):
    return np.array([[object()]], dtype=object)


def returns_too_much(q, k, mask=None):
    return np.zeros(2**25)


def remembers(q, k, mask=None, seen=[]):  # noqa: B006
    seen.append(1)
    return weights(q, k, mask) + (len(seen) > 6)


# What ends each of these is told, in a forked process and without one.
FAILING = [
    (loops, "time"),
    (loops_and_catches_all, "time"),
    (recurses, "exception"),
    (leaves_politely, "exit"),
    (raises_base_exception, "exit"),
    (divides_by_zero, "exception"),
    (asks_the_reader, "exception"),
]
