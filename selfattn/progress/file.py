"""The progress file: read and replaced whole, under a lock."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path

from .entries import MAX_BYTES, dumps, parse

LOCK_SECONDS = 5.0


def text(file: Path) -> str:
    """What the file holds, unless it is far too large."""
    with file.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError("it is far too large")
    return data.decode("utf-8")


def peek(file: Path) -> dict[str, dict]:
    """The good entries of a file, which is left as it is."""
    try:
        return parse(text(file))[0]
    except (OSError, ValueError):
        return {}


def read(file: Path) -> tuple[dict[str, dict], str]:
    """The file's entries; a file that is not understood is set aside.

    Call it under the lock. The note says what was set aside and why.
    """
    try:
        entries, refused = parse(text(file))
    except FileNotFoundError:
        return {}, ""
    except ValueError as problem:
        entries, refused, why = {}, [], str(problem)
        if isinstance(problem, UnicodeError):
            why = "it is not text"
    else:
        if not refused:
            return entries, ""
        n = len(refused)
        why = f"{n} of its entries {'is' if n == 1 else 'are'} damaged"
    kept = _set_aside(file)
    rest = "The other entries were kept" if entries else "You start afresh"
    if entries:
        write(file, entries)
    return entries, (
        f"The progress file could not be used as it stood: {why}. It was set "
        f"aside as {kept.name}, in {kept.parent}. {rest}."
    )


def _set_aside(file: Path) -> Path:
    stamp = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H%M%SZ")
    for n in range(1, 10_000):
        more = f"-{n}" if n > 1 else ""
        kept = file.with_name(f"{file.stem}.set-aside-{stamp}{more}.json")
        try:
            os.close(os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            continue
        os.replace(file, kept)  # over the empty file that claimed the name
        return kept
    raise OSError(f"no free name to set {file} aside")


def write(file: Path, entries: Mapping[str, dict]) -> None:
    """Replace the file in one step; whoever reads sees old or new, whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_symlink():
        file = file.resolve()  # keep the link, as dotfile managers expect
    handle, temporary = tempfile.mkstemp(
        prefix=f".{file.name}-", suffix=".tmp", dir=file.parent
    )
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(dumps(entries))
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, file)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the file's lock; other processes wait, at most LOCK_SECONDS.

    Raises TimeoutError. A file system that knows no locks is used without.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file.with_name(file.name + ".lock"), "a+b") as stream:
        release = _lock(stream.fileno())
        try:
            yield
        finally:
            release()


def _lock(handle: int):
    until = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return _try_lock(handle)
        except (BlockingIOError, PermissionError):
            if time.monotonic() > until:
                raise TimeoutError("the progress file is in use") from None
            time.sleep(0.01)
        except OSError:
            return lambda: None  # no locks here


def _try_lock(handle: int):
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

        def release() -> None:
            os.lseek(handle, 0, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

        return release
    try:
        import fcntl
    except ImportError:  # inside a web page there is one process
        return lambda: None
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return lambda: fcntl.flock(handle, fcntl.LOCK_UN)
