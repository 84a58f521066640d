"""Measure every budget and print it beside its limit.

    python -m benchmarks [imports grader attention banded edges linear
                          faster page page_python]

The exit status is 1 if a budget is exceeded.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import platform
import sys
import tempfile

GROUPS = (
    "imports",
    "grader",
    "attention",
    "banded",
    "edges",
    "linear",
    "faster",
    "page",
    "page_python",
)
NEED_TORCH = ("attention", "banded", "edges", "linear", "faster")


def main(names: list[str]) -> int:
    """Run the named groups, or all; 1 when a budget is exceeded."""
    if unknown := [name for name in names if name not in GROUPS]:
        print(
            f"groups are {', '.join(GROUPS)}: got {', '.join(unknown)}",
            file=sys.stderr,
        )
        return 2
    print(
        f"Python {platform.python_version()}, {platform.machine()}, "
        f"{os.cpu_count()} cores"
    )
    exceeded = 0
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["SELFATTN_PROGRESS"] = os.path.join(scratch, "p.json")
        for name in names or GROUPS:
            print(f"\n== {name}", flush=True)
            if name in NEED_TORCH and not importlib.util.find_spec("torch"):
                print("left out: there is no torch here")
                continue
            exceeded |= importlib.import_module(f"benchmarks.{name}").main()
    return exceeded


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
