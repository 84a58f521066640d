"""Resolve requirements.in and requirements-oldest.in into their locks.

    python tools/lock.py

One file holds every Python from 3.10 to 3.13, on every system, with markers
where they differ. The resolver is uv; it is fetched into the environment if
it is not there. Releases already in the lock stay, unless they must change.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMON = ["--no-annotate", "--no-emit-index-url", "--quiet"]
COMMON += ["--custom-compile-command", "make lock"]
LOCKS = {
    "requirements": ["--universal", "--python-version", "3.10"],
    "requirements-oldest": [
        "--python-version",
        "3.11",
        "--override",
        "requirements-oldest-overrides.txt",
    ],
}


def main() -> int:
    if find_spec("uv") is None:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "uv"]
        subprocess.run(command, check=True)
    for name, flags in LOCKS.items():
        print(f"Resolving {name}.in", flush=True)
        command = [sys.executable, "-m", "uv", "pip", "compile", *COMMON]
        command += [*flags, f"{name}.in", "-o", f"{name}.txt"]
        done = subprocess.run(command, cwd=ROOT)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
