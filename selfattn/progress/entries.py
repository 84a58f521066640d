"""What is known of each exercise: the format, and how two become one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import TypeGuard

from selfattn.exercises.find import RENAMED

VERSION = 1
MAX_BYTES = 1_000_000
MAX_ENTRIES = 2000
MAX_ATTEMPTS = 1_000_000

_ID = re.compile(r"[0-9]{2}\.[a-z][a-z0-9_]{0,60}")
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_RANK = {"error": 0, "wrong": 1, "passed": 2}


def is_id(name: object) -> TypeGuard[str]:
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
        "status": max(
            first["status"], second["status"], key=lambda status: _RANK[status]
        ),
        "attempts": max(first["attempts"], second["attempts"]),
        "passed_at": min(passes, default=None),
        "last_at": newer["last_at"],
        "last_diagnosis": newer["last_diagnosis"],
    }


def parse(text: str) -> tuple[dict[str, dict], list[str]]:
    """Entries of a file's text, and the names of those that are malformed.

    What stands under an exercise's old id counts for the one it has now.
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
    entries: dict[str, dict] = {}
    refused = []
    for name, raw in exercises.items():
        entry = _entry(raw)
        if is_id(name) and entry is not None:
            name = RENAMED.get(name, name)
            entries[name] = best(entries.get(name), entry)
        else:
            refused.append(str(name)[:60])
    return entries, refused


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
