"""Run an answer in a child process, with limits on time and memory."""

from __future__ import annotations

import contextlib
import os
import secrets
import selectors
import signal
import time
import warnings
from collections.abc import Sequence
from typing import Any

from selfattn.grading import limits, plain, traceback
from selfattn.grading.in_process import in_process
from selfattn.grading.run import Failure, Outcome, Progress, each
from selfattn.grading.session import quiet

_FORK_REFUSED = (
    "Cannot re-initialize CUDA in forked subprocess",
    "with fork-based multiprocessing",
)


def forked(
    exercise: Any,
    answer: Any,
    cases: Sequence,
    *,
    seconds: float | None = None,
    memory: int | None = None,
) -> Outcome:
    """Run an answer on the cases in a child process."""
    seconds = limits.SECONDS if seconds is None else seconds
    memory = limits.MEMORY if memory is None else memory
    nonce = secrets.token_bytes(16)
    reading, writing = os.pipe()
    try:
        with warnings.catch_warnings():  # 3.12: forking while threads run
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return in_process(exercise, answer, cases)
    if pid == 0:
        _child(exercise, answer, cases, writing, nonce, seconds, memory)
    os.close(writing)
    status = None
    try:
        patience = limits.PATIENCE * seconds + limits.GRACE
        data, why = _receive(reading, nonce, patience)
    finally:
        os.close(reading)
        status = _end(pid)
    outcome = _understood(data, why, status, seconds)
    if outcome.failure and any(
        t in outcome.failure.text for t in _FORK_REFUSED
    ):
        return in_process(exercise, answer, cases)
    return outcome


def _child(exercise, answer, cases, writing, nonce, seconds, memory):
    """The child's whole life; never returns."""
    so_far, me = Progress(), os.getpid()

    def send(*_: Any) -> None:
        if os.getpid() != me:  # the answer forked, and its child came here
            os._exit(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        body = plain.dumps(so_far.outcome)
        data = memoryview(nonce + len(body).to_bytes(8, "big") + body)
        while data:
            data = data[os.write(writing, data) :]
        os._exit(0)

    def alarm(number: int, frame: Any) -> None:
        patience = limits.PATIENCE if number == signal.SIGALRM else 1
        so_far.stop(
            "time", limits.in_words(patience * seconds), traceback.where(frame)
        )
        send()

    try:
        limits.isolate(memory)
        signal.signal(signal.SIGPROF, alarm)
        signal.signal(signal.SIGALRM, alarm)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, limits.PATIENCE * seconds)
        try:
            with quiet(so_far.outcome):
                each(exercise, answer, cases, so_far)
        except BaseException as error:
            so_far.stop(
                "exit",
                "",
                traceback.readers_lines(error),
                type(error).__name__,
            )
        send()
    except BaseException:
        os._exit(70)
    finally:
        os._exit(71)


def _receive(reading: int, nonce: bytes, seconds: float) -> tuple:
    """The child's message, or what kept it from coming."""
    data, start, wanted = bytearray(), -1, None
    end = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(reading, selectors.EVENT_READ)
        while True:
            left = end - time.monotonic()
            if left <= 0:
                return b"", "time"
            if not selector.select(left):
                continue
            chunk = os.read(reading, 2**20)
            if not chunk:
                return b"", "closed"
            data += chunk
            if start < 0:
                # what the answer itself wrote here comes before the nonce
                start = data.find(nonce)
            if start >= 0 and wanted is None and len(data) >= start + 24:
                size = int.from_bytes(data[start + 16 : start + 24], "big")
                wanted = start + 24 + size
            if wanted is not None and len(data) >= wanted:
                return bytes(data[start + 24 : wanted]), ""
            if len(data) > limits.MAX_MESSAGE:
                return b"", "junk"


def _end(pid: int) -> int | None:
    """Stop the child and what it started; how it ended, if that is known."""
    with contextlib.suppress(ChildProcessError):
        done, status = os.waitpid(pid, os.WNOHANG)
        if not done:
            for _ in range(20):  # it may be on its way out
                time.sleep(0.0005)
                done, status = os.waitpid(pid, os.WNOHANG)
                if done:
                    break
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
        if not done:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
        return status
    return None


def _understood(
    data: bytes, why: str, status: int | None, seconds: float
) -> Outcome:
    if data:
        try:
            return plain.loads(data)
        except Exception:
            why = "junk"
    if why == "time":
        words = limits.in_words(limits.PATIENCE * seconds)
        return Outcome([], Failure("time", words))
    if why == "junk":
        return Outcome([], Failure("junk", ""))
    text = "it ended without an answer"
    if status is not None and os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        with contextlib.suppress(ValueError):
            text = signal.Signals(number).name
    elif status is not None and os.WIFEXITED(status):
        text = f"exit status {os.WEXITSTATUS(status)}"
    return Outcome([], Failure("died", text))
