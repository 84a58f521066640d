"""A window as a band, beside the same window on the L x L matrix.

A minute of speech: L = 6000, radius 50. The band must be ten times faster
and twenty times leaner, in NumPy and in torch. torch's fused kernel stands
beside them without a budget: it is lean already, and computes all pairs.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "data" / "studies"))

from banded_cost import FORMS, peak_bytes, seconds

LENGTH = 6000
FASTER, LEANER = 10, 20


def main() -> int:
    """Print one line per form; 1 when a band is over budget."""
    # Before the times: what a process has freed would hide what grows.
    grown = {form: peak_bytes(form, LENGTH) for form in FORMS}
    taken = seconds(FORMS, LENGTH)
    over = 0
    for form in FORMS:
        full = form.split(",")[0] + ", L × L"
        ratios = [
            slow / quick
            for slow, quick in zip(taken[full], taken[form], strict=True)
        ]
        faster = statistics.median(ratios)
        leaner = grown[full] / max(1, grown[form])
        line = (
            f"{form:24} {1e3 * statistics.median(taken[form]):7.0f} ms, "
            f"{grown[form] / 1e6:6.1f} MB"
        )
        if form != full:
            line += f": {faster:.1f} × faster, {leaner:.1f} × leaner"
        if form.endswith("band"):
            line += f" (budget {FASTER} × and {LEANER} ×)"
            over |= faster < FASTER or leaner < LEANER
        print(line, flush=True)
    return int(over)


if __name__ == "__main__":
    raise SystemExit(main())
