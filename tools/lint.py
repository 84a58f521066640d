"""Check every Python file: rules and form (ruff), types (mypy).

    python tools/lint.py

mypy reads the package alone; its settings are in pyproject.toml.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHECKS = [
    ["ruff", "check", "--quiet", "."],
    ["ruff", "format", "--check", "--quiet", "."],
    ["mypy", "--no-error-summary"],
]


def main() -> int:
    """1 if any of them finds something; all of them run."""
    found = [
        subprocess.run([sys.executable, "-m", *check], cwd=ROOT).returncode
        for check in CHECKS
    ]
    return int(any(found))


if __name__ == "__main__":
    sys.exit(main())
