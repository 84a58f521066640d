"""How long a reader waits for `check`: median and worst of some runs.

python benchmarks/grader.py
"""

from __future__ import annotations

import statistics
import time

from selfattn import exercises, grading

BUDGET = {"numpy": 0.3, "torch": 2.0}  # seconds
RUNS = 15


def seconds(exercise, answer) -> list[float]:
    """The time of each of some checks, the first one left out."""
    taken = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        grading.grade_exercise(exercise, answer)
        taken.append(time.perf_counter() - start)
    return taken[1:]


def _wrong(exercise):
    """An answer that matches no trap, for which everything is tried."""
    return lambda *args, **kwargs: 0.123


def main() -> int:
    """Print one line per tier and kind of answer; 1 when over budget."""
    over = 0
    for tier, budget in BUDGET.items():
        found = [
            e
            for e in exercises.all()
            if e.tier == tier and e.kind == "function"
        ]
        for what, answer in (
            ("right", lambda e: e.reference),
            ("wrong", _wrong),
        ):
            if not found:
                print(f"{tier:6} no exercises yet")
                break
            each = {e.id: seconds(e, answer(e)) for e in found}
            slowest = max(each, key=lambda i: statistics.median(each[i]))
            worst = statistics.median(each[slowest])
            middle = statistics.median(t for ts in each.values() for t in ts)
            over |= worst > budget
            print(
                f"{tier:6} {what}: median {1e3 * middle:.0f} ms over "
                f"{len(found)} exercises; slowest {slowest} "
                f"{1e3 * worst:.0f} ms (budget {1e3 * budget:.0f} ms)"
            )
    return int(over)


if __name__ == "__main__":
    raise SystemExit(main())
