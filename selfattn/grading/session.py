"""The reader's session, kept as it was while an answer runs in it."""

from __future__ import annotations

import contextlib
import io
import operator
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from selfattn.grading.messages import flow
from selfattn.grading.messages.cut import LINE, NAME, cut, type_name

MAX_PRINTED = 2000  # characters of the answer's printing that are kept


class _Tape(io.TextIOBase):
    """Stands in for stdout: keeps the first characters, drops the rest."""

    encoding = "utf-8"

    def __init__(self):
        self._kept, self._size, self.dropped = [], 0, False

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        room = MAX_PRINTED - self._size
        if room > 0:
            self._kept.append(str(text[:room]))
            self._size += len(self._kept[-1])
        self.dropped = self.dropped or len(text) > room
        return len(text)

    @property
    def buffer(self):
        return _Bytes(self)

    def close(self) -> None:
        """An answer that closes stdout closes nothing."""

    def text(self) -> str:
        """What was printed, cut where it became too long."""
        return "".join(self._kept) + ("\n…" if self.dropped else "")


class _Bytes:
    def __init__(self, tape: _Tape):
        self._tape = tape

    def write(self, data: bytes) -> int:
        self._tape.write(bytes(data[:MAX_PRINTED]).decode("utf-8", "replace"))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


def _no_input(*_: Any) -> str:
    raise RuntimeError(flow.NO_INPUT)


@contextlib.contextmanager
def quiet(outcome: Any) -> Iterator[None]:
    """Keep what is printed and warned; show none of it yet."""
    import builtins

    tape = _Tape()
    kept = sys.stdout, sys.stderr, builtins.input
    sys.stdout = sys.stderr = tape
    builtins.input = _no_input
    try:
        with (
            warnings.catch_warnings(record=True) as caught,
            np.errstate(
                divide="warn", over="warn", under="ignore", invalid="warn"
            ),
        ):
            warnings.simplefilter("always")
            warnings.simplefilter("ignore", DeprecationWarning)
            try:
                yield
            finally:
                outcome.printed = tape.text()
                seen = (_said(w) for w in caught[:200])
                outcome.warned = tuple(dict.fromkeys(seen))[:3]
    finally:
        sys.stdout, sys.stderr, builtins.input = kept


def _said(warning: warnings.WarningMessage) -> str:
    try:
        text = cut(str(warning.message), LINE - NAME - 2)
    except Exception:
        text = ""
    return f"{type_name(warning.category)}: {text}"


def _modules() -> list:
    import builtins
    import math

    names = ("torch", "torch.nn.functional", "torch.linalg")
    found = [sys.modules.get(n) for n in names]
    found = [m for m in found if m is not None]
    return [np, np.linalg, np.random, math, builtins, *found]


def _is_as_before(
    now: dict,
    before: dict,
    all=all,
    map=map,
    same=operator.is_,
    len=len,
) -> bool:
    """Whether each name holds the object that it held.

    No loop in Python: there are thousands of names, after every call. What
    it calls is bound here, because an answer may have replaced it.
    """
    return (
        len(now) == len(before)
        and all(map(same, now, before))
        and all(map(same, now.values(), before.values()))
    )


@contextlib.contextmanager
def preserved() -> Iterator[None]:
    """Put back the session's state, whatever the block does to it."""
    names = [(vars(m), vars(m).copy()) for m in _modules()]
    random = np.random.get_state()
    errors, limit = np.geterr(), sys.getrecursionlimit()
    back = _torch_state()
    try:
        with warnings.catch_warnings():
            yield
    finally:
        for now, before in names:
            if _is_as_before(now, before):
                continue
            for name, value in before.items():
                if now.get(name) is not value:
                    now[name] = value
        np.random.set_state(random)
        np.seterr(**errors)
        sys.setrecursionlimit(limit)
        back()


def _torch_state() -> Callable[[], None]:
    torch = sys.modules.get("torch")
    if torch is None or not hasattr(torch, "get_rng_state"):
        return lambda: None
    state, dtype = torch.get_rng_state(), torch.get_default_dtype()
    grad, threads = torch.is_grad_enabled(), torch.get_num_threads()
    exact = torch.get_deterministic_debug_mode()
    gpu = torch.cuda.is_available() and torch.cuda.is_initialized()
    on_gpu = torch.cuda.get_rng_state_all() if gpu else None

    def back() -> None:
        torch.set_rng_state(state)
        torch.set_default_dtype(dtype)
        torch.set_grad_enabled(grad)
        if torch.get_deterministic_debug_mode() != exact:
            torch.set_deterministic_debug_mode(exact)
        if torch.get_num_threads() != threads:
            torch.set_num_threads(threads)
        if on_gpu is not None:
            torch.cuda.set_rng_state_all(on_gpu)

    return back
