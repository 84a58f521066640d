"""JSON: the structure exactly, the numbers as numbers."""

from __future__ import annotations

import json
import math

from . import text
from .findings import Findings

# What no reader sees: a sum in single precision is right to this share.
FREE = 1e-6
# Live figures round to three places or more; JSON drops the zeros at the end.
PLACES = 3


class Printed(str):
    """A number with decimals, as it stands in the JSON."""


def compare_source(
    stored: str, fresh: str, where: str, found: Findings
) -> None:
    """Two JSON texts."""
    try:
        old, new = map(_read, (stored, fresh))
    except json.JSONDecodeError as error:
        return found.differ(where, "JSON", f"cannot be read: {error}")
    compare(old, new, where, found)


def compare(stored, fresh, where: str, found: Findings) -> None:
    """Two values that JSON can hold; strings as text with numbers."""
    if isinstance(stored, dict) and isinstance(fresh, dict):
        if stored.keys() != fresh.keys():
            return found.differ(where, sorted(stored), sorted(fresh))
        for key in stored:
            compare(stored[key], fresh[key], f"{where}.{key}", found)
    elif isinstance(stored, list) and isinstance(fresh, list):
        if len(stored) != len(fresh):
            return found.differ(
                where, f"{len(stored)} entries", f"{len(fresh)}"
            )
        for n, (a, b) in enumerate(zip(stored, fresh, strict=True)):
            compare(a, b, f"{where}[{n}]", found)
    elif _is_number(stored) and _is_number(fresh):
        _number(str(stored), str(fresh), where, found)
    elif type(stored) is type(fresh) is str:
        text.compare(stored, fresh, where, found)
    elif type(stored) is not type(fresh) or stored != fresh:
        found.differ(where, stored, fresh)


def _is_number(value) -> bool:
    return type(value) in (int, float, Printed)


def _number(stored: str, fresh: str, where: str, found: Findings) -> None:
    found.numbers += 1
    if stored == fresh:
        return
    a, b = float(stored), float(fresh)
    counted = stored.lstrip("-").isdigit() and fresh.lstrip("-").isdigit()
    if math.isclose(a, b, rel_tol=0 if counted else FREE):
        return
    rounded = math.isfinite(a + b) and not counted
    if rounded and text.one_unit_apart(stored, fresh, places=PLACES):
        return found.tip(where, stored, fresh)
    found.differ(where, stored, fresh)


def _read(source: str):
    return json.loads(source, parse_float=Printed)
