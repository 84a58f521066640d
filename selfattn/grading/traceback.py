"""Tracebacks that show the reader's own lines and nothing else."""

from __future__ import annotations

import linecache
import os
import sysconfig
from pathlib import Path
from types import FrameType, TracebackType

from selfattn.grading.messages.cut import NAME, cut, type_name

_HERE = str(Path(__file__).resolve().parents[1]) + os.sep  # the package
# In a browser it is a zip file, of which sysconfig knows nothing.
_STDLIB = "stdlib", os.path.dirname(linecache.__file__)
_NOT_READERS = tuple(
    os.path.abspath(path) + os.sep
    for key, path in (*sysconfig.get_paths().items(), _STDLIB)
    if key in ("stdlib", "platstdlib", "purelib", "platlib")
)
SHOWN = 4  # lines from each end of a long stack


def is_readers(filename: str) -> bool:
    """Whether code in this file was written by the reader."""
    if filename.startswith(("<frozen", "<__array_function__", "<torch")):
        return False
    if filename.startswith("<"):
        return True  # a cell, or text given to exec
    path = os.path.abspath(filename)
    if f"{os.sep}site-packages{os.sep}" in path:
        return False
    return not path.startswith((_HERE, *_NOT_READERS))


def _frames(tb: TracebackType | None) -> list[tuple[str, int, str]]:
    found = []
    while tb is not None:
        code = tb.tb_frame.f_code
        found.append((code.co_filename, tb.tb_lineno, code.co_name))
        tb = tb.tb_next
    return found


def _line(filename: str, number: int, name: str) -> str:
    text = cut(linecache.getline(filename, number).strip(), 200)
    cell = filename.startswith("<") or "ipykernel" in filename
    file = "" if cell else f" of {cut(os.path.basename(filename), NAME)}"
    inside = f", in {cut(name, NAME)}" if name != "<module>" else ""
    return f"  line {number}{file}{inside}" + (f": {text}" if text else "")


def from_reader(tb: TracebackType | None) -> bool:
    """Whether the exception was raised by a line of the reader's."""
    frames = _frames(tb)
    return bool(frames) and is_readers(frames[-1][0])


def readers_lines(error: BaseException) -> str:
    """The reader's lines of a traceback, outermost first."""
    lines = [
        _line(*f) for f in _frames(error.__traceback__) if is_readers(f[0])
    ]
    if len(lines) > 2 * SHOWN + 1:
        left_out = len(lines) - 2 * SHOWN
        lines[SHOWN:-SHOWN] = [f"  … {left_out} more calls …"]
    return "\n".join(lines)


def where(frame: FrameType | None) -> str:
    """The reader's innermost line of a running stack."""
    while frame is not None:
        if is_readers(frame.f_code.co_filename):
            return _line(
                frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name
            )
        frame = frame.f_back
    return ""


def text_of(error: BaseException) -> str:
    """What an exception says, cut to a length that can be read."""
    try:
        return cut(str(error))
    except Exception:
        return ""


def last_line(error: BaseException) -> str:
    """`ValueError: what happened`, as Python prints it."""
    name, text = type_name(type(error)), text_of(error)
    return f"{name}: {text}" if text else name
