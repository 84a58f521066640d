"""Run an answer on a list of cases, and survive whatever it does.

`forked` runs it in a child process with a time and a memory limit: what the
answer prints, changes, patches, allocates or kills stays in the child. It
needs POSIX, and is used for the NumPy exercises.

`in_process` is the best effort elsewhere: torch exercises (autograd and CUDA
do not survive a fork), Windows, and Python in a web page. It puts back the
random states, printing, warnings, dtypes and the names in NumPy's and torch's
modules. It cannot stop C code that loops, limit memory, or catch a crash of
the interpreter; its time limit needs POSIX and the main thread.

The comparison with the right answer is made elsewhere, from plain data.
"""

from __future__ import annotations

import contextlib
import gc
import inspect
import io
import os
import secrets
import selectors
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from selfattn import _outputs as outputs
from selfattn import _traceback

SECONDS = 5.0  # of computing, for all cases of one check together
PATIENCE = 4  # times as long by the clock: other programs run as well
GRACE = 0.5  # between asking the child to stop and stopping it
MEMORY = 2 * 2**30  # bytes on top of what the session holds
MAX_PRINTED = 2000  # characters of the answer's printing that are kept
MAX_MESSAGE = 512 * 2**20  # bytes read from a child

CAN_FORK = hasattr(os, "fork") and sys.platform not in ("emscripten", "wasi")
_FORK_REFUSED = ("Cannot re-initialize CUDA in forked subprocess",
                 "with fork-based multiprocessing")


@outputs.allow
@dataclass
class Failure:
    """Why an answer stopped: `kind`, in words, where, and on which case."""

    kind: str  # todo, signature, exception, exit, time, memory, died, junk
    text: str
    where: str = ""
    case: int | None = None
    type: str = ""


@outputs.allow
@dataclass
class Outcome:
    """What happened: one output per case, as far as the answer got."""

    outputs: list
    failure: Failure | None = None
    again: Any = None  # the first case's output, asked for a second time
    changed: tuple | None = None  # (case, argument) that the answer modified
    printed: str = ""
    warned: tuple = ()


class _TimeUp(BaseException):
    """The time is up."""


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
    raise RuntimeError("input() cannot be used while an answer is checked")


def _seed(number: int) -> None:
    """The same random state for every answer that is run on this case."""
    np.random.seed(number)
    torch = sys.modules.get("torch")
    if hasattr(torch, "manual_seed"):
        torch.manual_seed(number)


def _ask(exercise: Any, answer: Any, case: Any) -> Any:
    """The answer runs below this frame, and nothing else does."""
    return exercise.call(answer, case)


def call(exercise: Any, answer: Callable, case: Any, number: int) -> tuple:
    """One output, and the name of an argument that the call changed."""
    args = tuple(outputs.copied(a) for a in case.args)
    kwargs = {k: outputs.copied(v) for k, v in case.kwargs.items()}
    _seed(number)
    output = outputs.encode(
        _ask(exercise, answer, type(case)(case.name, args, kwargs)))
    for i, (before, after) in enumerate(zip(case.args, args, strict=True)):
        if not outputs.unchanged(before, after):
            return output, i
    for name, before in case.kwargs.items():
        if not outputs.unchanged(before, kwargs[name]):
            return output, name
    return output, None


def signature_problem(exercise: Any, answer: Any, case: Any) -> str:
    """A sentence when the answer cannot be called as it will be, or ""."""
    if exercise.run is not None:
        return ""
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):
        return ""  # built-in and compiled functions have none
    try:
        signature.bind(*case.args, **case.kwargs)
    except TypeError as error:
        name = getattr(exercise.reference, "__name__", "answer")
        wanted = inspect.signature(exercise.reference)
        bare = wanted.replace(
            parameters=[p.replace(annotation=p.empty)
                        for p in wanted.parameters.values()],
            return_annotation=wanted.empty)
        yours = signature.replace(
            parameters=[p.replace(annotation=p.empty)
                        for p in signature.parameters.values()],
            return_annotation=signature.empty)
        return (f"The signature is another: this exercise calls "
                f"{name}{bare}, and yours takes {yours} ({error}).")
    return ""


class _Progress:
    """What is known so far; the alarm sends it when the time is up."""

    def __init__(self):
        self.outcome, self.case = Outcome([]), None

    def stop(self, kind: str, text: str, where: str = "", type_: str = ""):
        if self.outcome.failure is None:
            self.outcome.failure = Failure(kind, text, where, self.case,
                                           type_)


def _each(exercise: Any, answer: Any, cases: Sequence, so_far: _Progress,
          ) -> None:
    """Run every case; an exception in one does not keep the others away."""
    problem = cases and signature_problem(exercise, answer, cases[0])
    if problem:
        so_far.stop("signature", problem)
        return
    for number, case in enumerate(cases):
        so_far.case = number
        output = _one(exercise, answer, case, number, so_far)
        if output is None:
            return
        so_far.outcome.outputs.append(output)
    if cases and so_far.outcome.failure is None:
        so_far.case = 0
        so_far.outcome.again = _one(exercise, answer, cases[0], 0, so_far)
    so_far.case = None


def _one(exercise, answer, case, number: int, so_far: _Progress):
    try:
        # after each call, so that one call cannot spoil the next
        with preserved():
            output, changed = call(exercise, answer, case, number)
    except NotImplementedError as error:
        if _traceback.from_reader(error.__traceback__):
            so_far.stop("todo", "")
            return None
        return _failed(error, so_far)
    except MemoryError as error:
        where = _traceback.readers_lines(error)
        so_far.stop("memory", str(error), where, "MemoryError")
        return None
    except Exception as error:
        return _failed(error, so_far)
    except (SystemExit, GeneratorExit) as error:
        where = _traceback.readers_lines(error)
        so_far.stop("exit", "", where, type(error).__name__)
        return None
    if changed is not None and so_far.outcome.changed is None:
        so_far.outcome.changed = (number, changed)
    return output


def _failed(error: BaseException, so_far: _Progress) -> outputs.Raised:
    name = type(error).__name__
    so_far.stop("exception", _traceback.last_line(error),
                _traceback.readers_lines(error), name)
    return outputs.Raised(name)


@contextlib.contextmanager
def _quiet(so_far: _Progress) -> Iterator[None]:
    """Keep what is printed and warned; show none of it yet."""
    import builtins

    tape = _Tape()
    kept = sys.stdout, sys.stderr, builtins.input
    sys.stdout = sys.stderr = tape
    builtins.input = _no_input
    try:
        with warnings.catch_warnings(record=True) as caught, np.errstate(
            divide="warn", over="warn", under="ignore", invalid="warn"
        ):
            warnings.simplefilter("always")
            warnings.simplefilter("ignore", DeprecationWarning)
            try:
                yield
            finally:
                so_far.outcome.printed = tape.text()
                seen = (f"{w.category.__name__}: {w.message}" for w in caught)
                so_far.outcome.warned = tuple(dict.fromkeys(seen))[:3]
    finally:
        sys.stdout, sys.stderr, builtins.input = kept


# ---------------------------------------------------------------- forked


def forked(exercise: Any, answer: Any, cases: Sequence, *,
           seconds: float | None = None, memory: int | None = None) -> Outcome:
    """Run an answer on the cases in a child process."""
    seconds = SECONDS if seconds is None else seconds
    memory = MEMORY if memory is None else memory
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
        data, why = _receive(reading, nonce, PATIENCE * seconds + GRACE)
    finally:
        os.close(reading)
        status = _end(pid)
    outcome = _understood(data, why, status, seconds)
    if outcome.failure and any(t in outcome.failure.text
                               for t in _FORK_REFUSED):
        return in_process(exercise, answer, cases)
    return outcome


def _child(exercise, answer, cases, writing, nonce, seconds, memory):
    """The child's whole life; never returns."""
    so_far, me = _Progress(), os.getpid()

    def send(*_: Any) -> None:
        if os.getpid() != me:  # the answer forked, and its child came here
            os._exit(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        body = outputs.dumps(so_far.outcome)
        data = memoryview(nonce + len(body).to_bytes(8, "big") + body)
        while data:
            data = data[os.write(writing, data):]
        os._exit(0)

    def alarm(number: int, frame: Any) -> None:
        patience = PATIENCE if number == signal.SIGALRM else 1
        so_far.stop("time", _in_words(patience * seconds),
                    _traceback.where(frame))
        send()

    try:
        _isolate(memory)
        signal.signal(signal.SIGPROF, alarm)
        signal.signal(signal.SIGALRM, alarm)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, PATIENCE * seconds)
        try:
            with _quiet(so_far):
                _each(exercise, answer, cases, so_far)
        except BaseException as error:
            so_far.stop("exit", "", _traceback.readers_lines(error),
                        type(error).__name__)
        send()
    except BaseException:
        os._exit(70)
    finally:
        os._exit(71)


def _in_words(seconds: float) -> str:
    return f"{seconds:g} seconds"


def _isolate(memory: int) -> None:
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
    for kind, used, room in ((resource.RLIMIT_DATA, pages[5], memory),
                             (resource.RLIMIT_AS, pages[0], 2 * memory)):
        with contextlib.suppress(OSError, ValueError):
            hard = resource.getrlimit(kind)[1]
            wanted = used * page + room
            if hard != resource.RLIM_INFINITY:
                wanted = min(wanted, hard)
            resource.setrlimit(kind, (wanted, hard))


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
                size = int.from_bytes(data[start + 16:start + 24], "big")
                wanted = start + 24 + size
            if wanted is not None and len(data) >= wanted:
                return bytes(data[start + 24:wanted]), ""
            if len(data) > MAX_MESSAGE:
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


def _understood(data: bytes, why: str, status: int | None,
                seconds: float) -> Outcome:
    if data:
        try:
            return outputs.loads(data)
        except Exception:
            why = "junk"
    if why == "time":
        return Outcome([], Failure("time", _in_words(PATIENCE * seconds)))
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


# ------------------------------------------------------------ in process


def in_process(exercise: Any, answer: Any, cases: Sequence, *,
               seconds: float | None = None) -> Outcome:
    """Run an answer on the cases in this process, as safely as that goes."""
    so_far = _Progress()

    # By the clock: torch's threads would add up to more than that. The first
    # use of a part of torch may have to import it.
    seconds = PATIENCE * SECONDS if seconds is None else seconds
    try:
        with _quiet(so_far), _time_limit(seconds):
            _each(exercise, answer, cases, so_far)
    except _TimeUp as error:
        so_far.stop("time", _in_words(seconds),
                    _traceback.readers_lines(error))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        so_far.stop("exit", "", _traceback.readers_lines(error),
                    type(error).__name__)
    return so_far.outcome


def _inside(frame: Any) -> list:
    """The answer's frames, innermost first; none when it is not running."""
    found = []
    while frame is not None:
        if frame.f_code is _ask.__code__:
            return found
        found.append(frame)
        frame = frame.f_back
    return []


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    main = threading.current_thread() is threading.main_thread()
    if not (main and hasattr(signal, "setitimer") and CAN_FORK):
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


def _modules() -> list:
    import builtins
    import math

    names = ("torch", "torch.nn.functional", "torch.linalg")
    found = [sys.modules.get(n) for n in names]
    found = [m for m in found if m is not None]
    return [np, np.linalg, np.random, math, builtins, *found]


@contextlib.contextmanager
def preserved() -> Iterator[None]:
    """Put back the session's state, whatever the block does to it."""
    names = [(m, dict(vars(m))) for m in _modules()]
    random = np.random.get_state()
    errors, limit = np.geterr(), sys.getrecursionlimit()
    back = _torch_state()
    try:
        with warnings.catch_warnings():
            yield
    finally:
        for module, before in names:
            now = vars(module)
            for name, value in before.items():
                if now.get(name) is not value:
                    now[name] = value
        np.random.set_state(random)
        np.seterr(**errors)
        sys.setrecursionlimit(limit)
        back()


def _torch_state() -> Callable[[], None]:
    torch = sys.modules.get("torch")
    if not hasattr(torch, "get_rng_state"):
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
