"""List every exercise: `python -m selfattn.exercises`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from selfattn import exercises
from selfattn.exercises import find

_HEAD = ("id", "title", "tier", "difficulty", "min", "cases", "traps")


def _row(exercise: exercises.Exercise) -> tuple[str, ...]:
    # How many cases there are for one drawing; a check draws anew each time.
    n_cases = len(exercise.cases(np.random.default_rng(0)))
    return (
        exercise.id,
        exercise.title,
        exercise.tier,
        str(exercise.difficulty),
        str(exercise.minutes),
        str(n_cases),
        str(len(exercise.traps)),
    )


def _total(name: str, rows: list[tuple[str, ...]]) -> tuple[str, ...]:
    minutes, cases, traps = (sum(int(r[i]) for r in rows) for i in (4, 5, 6))
    n = f"{len(rows)} exercise" + ("s" if len(rows) != 1 else "")
    return (name, n, "", "", str(minutes), str(cases), str(traps))


def table() -> str:
    """The exercises by chapter, with totals, as lines of text."""
    rows = [_row(exercise) for exercise in exercises.all()]
    rows.sort(key=lambda row: row[0][:2])
    lines: list[Sequence[str]] = [_HEAD]
    for chapter, group in groupby(rows, key=lambda row: row[0][:2]):
        found = list(group)
        lines += [*found, _total(f"chapter {chapter}", found), ()]
    lines.append(_total("all", rows))
    widths = [max(len(line[i]) for line in lines if line) for i in range(7)]
    numbers = (3, 4, 5, 6)
    text = [
        "  ".join(
            cell.rjust(width) if i in numbers else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=False))
        ).rstrip()
        for line in lines
    ]
    missing = exercises.needing_torch()
    if missing:
        name = "triton" if find.has_torch() else "torch"
        text += [
            "",
            f"{name} is not installed: {len(missing)} exercises that need it "
            "are left out.",
        ]
    return "\n".join(text)


if __name__ == "__main__":
    print(table())
