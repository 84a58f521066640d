"""How long `import selfattn` takes beyond NumPy's own import."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

BUDGET = 0.15  # seconds
RUNS = 9


def seconds(code: str) -> float:
    """The time of a fresh interpreter that runs the code."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def main() -> int:
    """Print the median over paired runs; 1 when it is over budget."""
    what = "import selfattn"
    seconds(what)
    extra = statistics.median(
        seconds(f"import numpy; {what}") - seconds("import numpy")
        for _ in range(RUNS)
    )
    print(
        f"{what}: {1e3 * extra:.0f} ms above NumPy "
        f"(budget {1e3 * BUDGET:.0f} ms)"
    )
    return int(extra > BUDGET)


if __name__ == "__main__":
    raise SystemExit(main())
