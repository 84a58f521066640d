"""Progress files for tests: good ones, damaged ones, and what they hold."""

from __future__ import annotations

import json

OLD, NEW = "2026-01-02T03:04:05Z", "2026-05-06T07:08:09Z"


def stored(file) -> dict:
    data = json.loads(file.read_text("utf-8"))
    assert data["version"] == 1
    return data["exercises"]


def entry(status="wrong", attempts=1, last_at=OLD, diagnosis=None, **more):
    passed_at = last_at if status == "passed" else None
    return {
        "status": status,
        "attempts": attempts,
        "passed_at": passed_at,
        "last_at": last_at,
        "last_diagnosis": diagnosis,
        **more,
    }


def as_file(**entries) -> dict:
    named = {f"01.{name}": e for name, e in entries.items()}
    return {"version": 1, "exercises": named}


def unwritable(tmp_path, monkeypatch):
    """A path below a file: nobody can make that folder, not even root."""
    (tmp_path / "file").write_text("")
    target = tmp_path / "file" / "selfattn" / "progress.json"
    monkeypatch.setenv("SELFATTN_PROGRESS", str(target))
    return target


NOT_PROGRESS = {
    "empty": b"",
    "cut off": b'{"version": 1, "exercises": {"01.one',
    "not text": b"\xff\xfe\x00\x80",
    "a list": b"[]",
    "no version": b'{"exercises": {}}',
    "newer": b'{"version": 2, "exercises": {}, "more": 1}',
    "version is true": b'{"version": true, "exercises": {}}',
    "exercises is a list": b'{"version": 1, "exercises": []}',
    "too deep": b"[" * 100_000,
    "a number with too many digits": b"1" * 10_000,
    "too large": b'{"version": 1, "x": "' + b"y" * 2_000_000 + b'"}',
    "too many": json.dumps(
        {"version": 1,
         "exercises": {f"01.x{i}": entry() for i in range(2001)}}
    ).encode(),
}  # fmt: skip
