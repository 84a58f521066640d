"""The progress file: its format, its lock, and how entries are merged."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path

VERSION = 1
MAX_BYTES = 1_000_000
MAX_ENTRIES = 2000
MAX_ATTEMPTS = 1_000_000
LOCK_SECONDS = 5.0

_ID = re.compile(r"[0-9]{2}\.[a-z][a-z0-9_]{0,60}")
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_RANK = {"error": 0, "wrong": 1, "passed": 2}


def is_id(name: object) -> bool:
    """Whether this could be an exercise's id."""
    return isinstance(name, str) and _ID.fullmatch(name) is not None


def added(entry: dict | None, attempt: dict) -> dict:
    """The entry after one more attempt; a pass is never taken back."""
    if entry is None:
        return dict(attempt)
    merged = best(entry, attempt)
    total = entry["attempts"] + attempt["attempts"]
    last = {k: attempt[k] for k in ("last_at", "last_diagnosis")}
    status = attempt["status"]
    if entry["status"] == "passed":
        status = "passed"
    return {
        **merged,
        **last,
        "status": status,
        "attempts": min(total, MAX_ATTEMPTS),
    }


def best(first: dict | None, second: dict) -> dict:
    """Two records of one exercise as one, whichever comes first."""
    if first is None:
        return dict(second)
    newer = max(
        (first, second),
        key=lambda e: (e["last_at"], e["last_diagnosis"] or ""),
    )
    passes = [e["passed_at"] for e in (first, second) if e["passed_at"]]
    return {
        "status": max(first["status"], second["status"], key=_RANK.get),
        "attempts": max(first["attempts"], second["attempts"]),
        "passed_at": min(passes, default=None),
        "last_at": newer["last_at"],
        "last_diagnosis": newer["last_diagnosis"],
    }


def parse(text: str) -> tuple[dict[str, dict], list[str]]:
    """Entries of a file's text, and the names of those that are malformed.

    Raises ValueError when the whole is not progress of this version.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    return parse_object(data)


def parse_object(data: object) -> tuple[dict[str, dict], list[str]]:
    """As `parse`, for JSON that is already read."""
    if not isinstance(data, Mapping) or "version" not in data:
        raise ValueError("it is not a progress file")
    version = data["version"]
    if type(version) is not int or version < 1:
        raise ValueError("its version is not a number")
    if version > VERSION:
        raise ValueError("it was written by a newer version of selfattn")
    exercises = data.get("exercises")
    if not isinstance(exercises, Mapping):
        raise ValueError("it lists no exercises")
    if len(exercises) > MAX_ENTRIES:
        raise ValueError(f"it lists more than {MAX_ENTRIES} exercises")
    entries, refused = {}, []
    for name, raw in exercises.items():
        entry = _entry(raw) if is_id(name) else None
        if entry is None:
            refused.append(str(name)[:60])
        else:
            entries[name] = entry
    return entries, refused


def parse_source(source: object) -> tuple[dict[str, dict], list[str]]:
    """As `parse`, from a path, a text or an object, for people."""
    rule = "progress to import must be a file that export_progress wrote"
    if isinstance(source, Mapping):
        shown = "an object"
    elif isinstance(source, str) and source.lstrip()[:1] in ("{", "["):
        shown = "text"
    elif isinstance(source, (str, os.PathLike)):
        shown = str(source)
    else:
        raise TypeError(
            f"{rule}: got {type(source).__name__}; pass its path or its text"
        )
    try:
        if isinstance(source, Mapping):
            return parse_object(source)
        if shown == "text":
            if len(source) > MAX_BYTES:
                raise ValueError("it is far too large")
            return parse(source)
        return parse(_text(Path(source).expanduser()))
    except (ValueError, OSError) as problem:
        why = getattr(problem, "strerror", None) or problem
        raise ValueError(
            f"{rule}: got {shown[:200]} ({why}); export it again"
        ) from None


def _entry(raw: object) -> dict | None:
    """A valid entry with nothing else in it, or None."""
    if not isinstance(raw, Mapping):
        return None
    status, attempts = raw.get("status"), raw.get("attempts")
    passed_at, last_at = raw.get("passed_at"), raw.get("last_at")
    diagnosis = raw.get("last_diagnosis")
    good = (
        isinstance(status, str)
        and status in _RANK
        and type(attempts) is int
        and 1 <= attempts <= MAX_ATTEMPTS
        and _is_time(last_at)
        and (_is_time(passed_at) if status == "passed" else passed_at is None)
        and (
            diagnosis is None
            or (isinstance(diagnosis, str) and len(diagnosis) <= 200)
        )
    )
    if not good:
        return None
    return {
        "status": status,
        "attempts": attempts,
        "passed_at": passed_at,
        "last_at": last_at,
        "last_diagnosis": diagnosis,
    }


def _is_time(text: object) -> bool:
    if not isinstance(text, str) or len(text) != 20:
        return False
    try:
        datetime.strptime(text, _TIME)
    except ValueError:
        return False
    return True


def _text(file: Path) -> str:
    with file.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError("it is far too large")
    return data.decode("utf-8")


def peek(file: Path) -> dict[str, dict]:
    """The good entries of a file, which is left as it is."""
    try:
        return parse(_text(file))[0]
    except (OSError, ValueError):
        return {}


def read(file: Path) -> tuple[dict[str, dict], str]:
    """The file's entries; a file that is not understood is set aside.

    Call it under the lock. The note says what was set aside and why.
    """
    try:
        entries, refused = parse(_text(file))
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


def dumps(entries: Mapping[str, dict]) -> str:
    """Entries as the text of a file."""
    data = {"version": VERSION, "exercises": dict(sorted(entries.items()))}
    return json.dumps(data, indent=1, ensure_ascii=True) + "\n"


def check_fits(entries: Mapping[str, dict]) -> None:
    """Raise ValueError for more than `parse` would read back."""
    if len(entries) > MAX_ENTRIES or len(dumps(entries)) > MAX_BYTES:
        raise ValueError(
            "progress to import must fit into one file with what is here, at"
            f" most {MAX_ENTRIES} exercises and {MAX_BYTES:,} bytes: got"
            f" {len(entries)} exercises together; import fewer"
        )


def write(file: Path, entries: Mapping[str, dict]) -> None:
    """Replace the file in one step; whoever reads sees old or new, whole."""
    text = dumps(entries)
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_symlink():
        file = file.resolve()  # keep the link, as dotfile managers expect
    handle, temporary = tempfile.mkstemp(
        prefix=f".{file.name}-", suffix=".tmp", dir=file.parent
    )
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, file)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def export(entries: Mapping[str, dict], target: str | os.PathLike) -> Path:
    """Write entries to a file that does not hold anything else."""
    file = Path(target).expanduser()
    if file.is_dir():
        file = file / "selfattn-progress.json"
    if file.exists():
        try:
            parse(_text(file))
        except ValueError:
            raise ValueError(
                "progress is only exported to a new file or over an earlier "
                f"export: got {file}, which is neither; choose another name"
            ) from None
    write(file, entries)
    return file


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
    if os.name == "nt":
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
