"""Run an answer in a child process, with limits on time and memory.

    session - keeper - the answer's process - what the answer starts

The answer's process sends its outcome through a pipe. The keeper ends
everything below it, and reports how the answer's process ended.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import selectors
import signal
import socket
import sys
import time
import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

from selfattn.exercises import Case, Exercise
from selfattn.grading import keeper, limits, traceback, wire
from selfattn.grading.in_process import in_process
from selfattn.grading.messages.cut import type_name
from selfattn.grading.run import Failure, Outcome, Progress, each
from selfattn.grading.session import quiet

_FORK_REFUSED = (
    "Cannot re-initialize CUDA in forked subprocess",
    "with fork-based multiprocessing",
)


def forked(
    exercise: Exercise,
    answer: Any,
    cases: Sequence[Case],
    *,
    seconds: float | None = None,
    memory: int | None = None,
) -> Outcome:
    """Run an answer on the cases in a child process.

    seconds : of computing, for all cases together.
    memory : bytes on top of what this process holds.
    """
    seconds = limits.SECONDS if seconds is None else seconds
    memory = limits.MEMORY if memory is None else memory
    try:
        ended = _run(exercise, answer, cases, seconds, memory)
    except OSError:  # no more processes, or no more open files
        return in_process(exercise, answer, cases)
    outcome = _understood(ended, cases, seconds)
    if outcome.failure and _forbids_forks(outcome.failure.text):
        return in_process(exercise, answer, cases)
    return outcome


def _forbids_forks(text: str) -> bool:
    """Whether it is torch that cannot go on in a child of this session.

    The text alone comes from the answer, who could have made it up.
    """
    return "torch" in sys.modules and any(t in text for t in _FORK_REFUSED)


class _Ended(NamedTuple):
    """What came back, why nothing did, and how the process ended."""

    data: bytes
    why: str  # "", "time", "closed" or "junk"
    status: int | None
    many: bool
    killed: bool  # the keeper, by the answer


def _run(exercise, answer, cases, seconds, memory) -> _Ended:
    nonce = secrets.token_bytes(16)
    with contextlib.ExitStack() as files:
        board = files.enter_context(contextlib.closing(limits.Board()))
        leash, far_end = socket.socketpair()
        files.enter_context(leash)
        files.enter_context(far_end)
        reading, writing = os.pipe()
        files.callback(os.close, reading)
        out = files.enter_context(os.fdopen(writing, "wb", 0))

        def run() -> None:
            _child(
                exercise, answer, cases, writing, nonce, seconds, memory, board
            )

        keeper.c_library()  # loaded once here, and not in every child
        with warnings.catch_warnings():  # 3.12: forking while threads run
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            leash.close()
            keeper.keep(far_end, writing, board, run)
        far_end.close()
        out.close()
        try:
            data, why = _receive(
                reading,
                leash,
                nonce,
                limits.PATIENCE * seconds + limits.GRACE,
                board,
            )
        finally:
            report = _end(pid, leash, board)
        return _Ended(data, why, *report)


def _child(exercise, answer, cases, writing, nonce, seconds, memory, board):
    """The answer's process, its whole life; never returns."""
    so_far, me = Progress(), os.getpid()

    def send(*_: Any) -> None:
        if os.getpid() != me:  # the answer forked, and its child came here
            os._exit(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        body = wire.dumps(so_far.outcome)
        data = memoryview(nonce + len(body).to_bytes(8, "big") + body)
        while data:
            data = data[os.write(writing, data) :]
        os._exit(0)

    def alarm(number: int, frame: Any) -> None:
        clock = clocks[number]
        is_up = clock.is_up(frame)
        board.note(imported=clocks[signal.SIGALRM].imported)
        if is_up:
            so_far.stop(
                "time", limits.in_words(clock.allowed), traceback.where(frame)
            )
            send()

    try:
        limits.isolate(memory, writing)
        clocks = limits.clocks(seconds)
        for number, timer in (
            (signal.SIGPROF, signal.ITIMER_PROF),
            (signal.SIGALRM, signal.ITIMER_REAL),
        ):
            signal.signal(number, alarm)
            every = clocks[number].every
            signal.setitimer(timer, every, every)
        try:
            with quiet(so_far.outcome):
                each(exercise, answer, cases, so_far)
        except BaseException as error:
            # Where it was to be described, memory can run out once more.
            so_far.stop(
                "memory" if isinstance(error, MemoryError) else "exit",
                "",
                traceback.readers_lines(error),
                type_name(type(error)),
            )
        send()
    except BaseException:
        os._exit(70)
    finally:
        os._exit(71)


def _receive(
    reading: int,
    leash: socket.socket,
    nonce: bytes,
    seconds: float,
    board: limits.Board,
) -> tuple[bytes, str]:
    """The child's message, or what kept it from coming."""
    mail, began, ended = _Mail(nonce), time.monotonic(), False
    with selectors.DefaultSelector() as selector:
        selector.register(reading, selectors.EVENT_READ)
        selector.register(leash, selectors.EVENT_READ)
        while True:
            left = began + seconds + board.imported - time.monotonic()
            if left <= 0:
                return b"", "time"
            ready = [
                key.fd
                for key, _ in selector.select(0 if ended else min(left, 0.5))
            ]
            if reading not in ready:
                if ended:
                    return b"", "closed"
                if ready:  # the answer's process is gone: read what is left
                    ended = True
                    selector.unregister(leash)
                continue
            chunk = os.read(reading, 2**20)
            if not chunk:
                return b"", "closed"
            whole = mail.whole(chunk)
            if whole is not None:
                return whole, "" if whole else "junk"


class _Mail:
    """Finds the message in what comes: first a mark, then its length."""

    def __init__(self, mark: bytes):
        self._mark, self._data, self._start = mark, bytearray(), -1

    def whole(self, chunk: bytes) -> bytes | None:
        """The message, None while it is not whole, b"" if it is none."""
        looked = max(len(self._data) - len(self._mark), 0)
        self._data += chunk
        if len(self._data) > limits.MAX_MESSAGE:
            return b""
        if self._start < 0:  # what the answer itself wrote comes before
            found = self._data.find(self._mark, looked)
            self._start = found + len(self._mark) if found >= 0 else -1
        head = self._start + 8
        if self._start < 0 or len(self._data) < head:
            return None
        size = int.from_bytes(self._data[self._start : head], "big")
        if not 0 < size <= limits.MAX_MESSAGE:
            return b""
        if len(self._data) < head + size:
            return None
        return bytes(self._data[head : head + size])


def _end(
    pid: int,
    leash: socket.socket,
    board: limits.Board,
) -> tuple[int | None, bool, bool]:
    """Have the keeper end everything; how the answer's process ended."""
    report = None
    with contextlib.suppress(OSError):
        leash.shutdown(socket.SHUT_WR)
        leash.settimeout(5)
        report = leash.recv(keeper.REPORT.size)
    status, many = None, False
    if report is not None and len(report) == keeper.REPORT.size:
        status, many = keeper.REPORT.unpack(report)
    for victim in (board.child, pid) if status is None else ():
        # The answer killed its keeper, or the keeper is stuck.
        if victim:
            with contextlib.suppress(OSError):
                os.killpg(victim, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)
    return status, many, report == b""


def _understood(
    ended: _Ended,
    cases: Sequence[Case],
    seconds: float,
) -> Outcome:
    if ended.many:
        return Outcome([], Failure("processes", ""))
    why = ended.why
    if ended.data and not ended.killed:
        try:
            return wire.loads(ended.data, cases)
        except ValueError:
            why = "junk"
    if why == "time":
        words = limits.in_words(limits.PATIENCE * seconds)
        return Outcome([], Failure("time", words))
    if why == "junk":
        return Outcome([], Failure("junk", ""))
    return Outcome([], Failure("died", _how(ended.status)))


def _how(status: int | None) -> str:
    """How a process ended: the signal's name, or its exit status."""
    if status is not None and os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        with contextlib.suppress(ValueError):
            return signal.Signals(number).name
    elif status is not None and os.WIFEXITED(status):
        return f"exit status {os.WEXITSTATUS(status)}"
    return "it ended without an answer"
