"""Text: the words exactly, the numbers to their last printed place."""

from __future__ import annotations

import re
from decimal import Decimal

from .findings import Findings

# Right-justified numbers fill up with spaces, so the gap belongs to them.
NUMBER = re.compile(
    r"(?P<gap> *)(?P<number>[-+\u2212]?\d+(?:,\d{3})*(?:\.\d+)?"
    r"(?:[eE][-+]?\d+)?)"
)


def compare(stored: str, fresh: str, where: str, found: Findings) -> None:
    """A number with decimals may be one unit of its last place away."""
    old, new = list(NUMBER.finditer(stored)), list(NUMBER.finditer(fresh))
    found.numbers += len(old)
    if stored == fresh:
        return
    if NUMBER.sub("0", stored) != NUMBER.sub("0", fresh):
        return found.differ(where, *_first_line(stored, fresh))
    for a, b in zip(old, new, strict=True):
        _number(a, b, where, found)


def _number(a: re.Match, b: re.Match, where: str, found: Findings) -> None:
    if a["gap"] != b["gap"] and len(a[0]) != len(b[0]):
        found.differ(where, a[0], b[0])
    elif a["number"] == b["number"]:
        return
    elif one_unit_apart(a["number"], b["number"]):
        found.tip(where, a["number"], b["number"])
    else:
        found.differ(where, a["number"], b["number"])


def one_unit_apart(stored: str, fresh: str, places: int = 0) -> bool:
    """Whether two printed numbers differ by a rounding, not by more.

    Whole numbers count things, and must be the same. `places` is how many
    decimals there are at least, for numbers whose last zeros are not shown.
    """
    a, b = exact(stored), exact(fresh)
    if a == b:  # 0 and -0
        return True
    if not any(set(text) & set(".eE") for text in (stored, fresh)):
        return False
    last = min(a.as_tuple().exponent, b.as_tuple().exponent, -places)
    return abs(a - b) <= Decimal(1).scaleb(last)


def exact(text: str) -> Decimal:
    """The number that a text shows."""
    return Decimal(text.replace(",", "").replace("\u2212", "-"))


def _first_line(stored: str, fresh: str) -> tuple[str, str]:
    """The first line that differs in more than its numbers."""
    old, new = stored.splitlines(), fresh.splitlines()
    for a, b in zip(old, new, strict=False):
        if NUMBER.sub("0", a) != NUMBER.sub("0", b):
            return a, b
    return f"{len(old)} lines", f"{len(new)} lines"
