"""This session's results: counted at once, written as soon as possible.

A result waits in `_unsaved`; then the file is read, merged and written under
a lock. When that fails the result goes on waiting for the next try, so this
process at least knows it.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

from . import export, file
from .entries import added, best, check_fits, is_id
from .export import Imported
from .table import Progress

STORED = ("passed", "wrong", "error")


class Waiting(NamedTuple):
    """An entry that is not in the file yet.

    `join` makes it one with the file's: `added` for one attempt more, `best`
    for what was imported, which counts the attempts already.
    """

    name: str
    entry: dict
    join: Callable[[dict | None, dict], dict]


_unsaved: list[Waiting] = []
_one_at_a_time = threading.Lock()
_said: set[str] = set()


def path() -> Path:
    """Where this user's progress is kept."""
    chosen = os.environ.get("SELFATTN_PROGRESS")
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        base = os.environ.get("APPDATA") or "~/AppData/Roaming"
    elif sys.platform == "darwin":
        base = "~/Library/Application Support"
    else:
        base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "selfattn" / "progress.json"


def note_attempt(
    exercise_id: str, status: str, diagnosis: str | None = None
) -> str:
    """Store one result; return what the reader should know, usually "".

    Only "passed", "wrong" and "error" are stored. Never raises. Each remark
    is made once per session.
    """
    try:
        if status not in STORED or not is_id(exercise_id):
            return ""
        now = _now()
        attempt = {
            "status": status,
            "attempts": 1,
            "passed_at": now if status == "passed" else None,
            "last_at": now,
            "last_diagnosis": diagnosis,
        }
        _unsaved.append(Waiting(exercise_id, attempt, added))
        _, note = _save()
        if not note and status == "passed" and "google.colab" in sys.modules:
            note = (
                "Colab forgets your progress when this machine is given "
                'back. `progress().export("selfattn-progress.json")` writes '
                "a file that you can download from the Files panel; "
                '`progress.load("selfattn-progress.json")` reads it next '
                "time."
            )
        return _once(note)
    except Exception as problem:  # a lost note must not cost a check
        return _once(f"Your result could not be stored: {problem!r}.")


def table() -> Progress:
    """What has been solved, as a table by chapter."""
    entries, note = _save()
    return Progress.of(entries, note)


def load(source: str | os.PathLike | dict) -> Imported:
    """Merge exported progress into this user's; return what changed.

    The better status wins, the earlier pass, and the larger number of
    attempts. Entries that are malformed are left out and named.

    Parameters
    ----------
    source : path of an exported file, its text, or the parsed object.

    Raises
    ------
    TypeError : the source is none of these.
    ValueError : it cannot be read, is not exported progress, or is more
        than a file holds together with what is here.
    """
    incoming, refused = export.parse_source(source)
    before, _ = _save()
    target = path()
    note = ""
    try:
        with file.locked(target):
            entries, note = file.read(target)
            before = _merged(before, entries)
            after = {
                name: best(entries.get(name), entry)
                for name, entry in incoming.items()
            }
            check_fits({**entries, **after})
            file.write(target, {**entries, **after})
    except OSError as problem:
        after = incoming
        _unsaved.extend(Waiting(n, e, best) for n, e in after.items())
        note = _failure(target, problem)
    changed = {n: e for n, e in after.items() if before.get(n) != e}
    return Imported(changed, len(incoming), tuple(refused), note)


def _save() -> tuple[dict[str, dict], str]:
    """Write what is unsaved; return everything known, and what went wrong."""
    with _one_at_a_time:
        return _save_waiting(path(), list(_unsaved))


def _save_waiting(
    target: Path, waiting: list[Waiting]
) -> tuple[dict[str, dict], str]:
    try:
        if not waiting and not target.exists():
            return {}, ""
        with file.locked(target):
            entries, note = file.read(target)
            entries = _applied(entries, waiting)
            if waiting:
                file.write(target, entries)
    except OSError as problem:
        note = ""
        if waiting:
            note = _failure(target, problem)
            atexit.unregister(_save)
            atexit.register(_save)
        return _applied(file.peek(target), waiting), note
    del _unsaved[: len(waiting)]
    return entries, note


def _applied(entries: dict, waiting: list[Waiting]) -> dict:
    entries = dict(entries)
    for name, entry, join in waiting:
        entries[name] = join(entries.get(name), entry)
    return entries


def _merged(first: dict, second: dict) -> dict:
    return {
        **first,
        **{n: best(first.get(n), e) for n, e in second.items()},
    }


def _failure(target: Path, problem: OSError) -> str:
    if isinstance(problem, TimeoutError):
        return (
            "Another notebook is holding your progress file. This result is "
            "kept in memory and is written with your next check."
        )
    return (
        f"Your progress could not be written to {target} "
        f"({problem.strerror or type(problem).__name__}). It is kept until "
        "this session ends; set SELFATTN_PROGRESS to a file that you may "
        'write, or use `progress().export("selfattn-progress.json")`.'
    )


def _once(note: str) -> str:
    if note in _said:
        return ""
    _said.add(note)
    return note


def _now() -> str:
    now = datetime.now(timezone.utc)
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")
