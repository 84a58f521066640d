"""Check everything that the book says, part by part, and sum up.

    python tools/run_tests.py [lint site unit notebooks browser]
    python tools/run_tests.py sweep      each page at every width and scheme
    python tools/run_tests.py whole      what `browser` asks, in the browser
                                         that readers have
    python tools/run_tests.py seeds      every exercise with more seeds
    python tools/run_tests.py oldest     the package on its lower bounds

Every part runs, also after another failed; the exit status is 1 if any did.
Where there is no torch, what needs it is left out, and a line says so.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import chromium
import nbformat

ROOT = Path(__file__).resolve().parents[1]
CORES = min(os.cpu_count() or 2, 8)
WORKERS = str(CORES)
# A test that drives a browser waits for it now and then.
DRIVERS = str(CORES + 1)
NEEDS_TORCH = re.compile(
    r"^\s*(import torch|from torch|import selfattn\.(attention|layers)"
    r"|from selfattn\.(attention|layers)"
    r"|from selfattn import [^#\n]*\b(attention|layers)\b)",
    re.M,
)
NEEDS_TRITON = re.compile(r"^from selfattn\.fused_triton import", re.M)
UNIT = "not browser and not sweep"


class Result(NamedTuple):
    part: str
    passed: bool
    seconds: float
    note: str


def has_torch() -> bool:
    return importlib.util.find_spec("torch") is not None


def needs_torch(notebook: Path) -> bool:
    """Whether a code cell of the notebook imports torch."""
    return _imports(notebook, NEEDS_TORCH)


def cannot_run(notebook: Path) -> bool:
    """Whether torch is missing, or Triton, whose kernels it runs."""
    has_triton = importlib.util.find_spec("triton") is not None
    return (not has_torch() and needs_torch(notebook)) or (
        not has_triton and _imports(notebook, NEEDS_TRITON)
    )


def _imports(notebook: Path, what: re.Pattern) -> bool:
    nb = nbformat.read(notebook, as_version=4)
    return any(
        cell.cell_type == "code" and what.search(cell.source) is not None
        for cell in nb.cells
    )


def pytest_command(*arguments: str, workers: str = WORKERS) -> list[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers]
    return command + list(arguments)


def lint() -> tuple[list[str] | None, str]:
    return [sys.executable, "tools/lint.py"], "rules, form and types"


def site() -> tuple[list[str] | None, str]:
    return [sys.executable, "tools/build_site.py"], "strict build"


def unit() -> tuple[list[str] | None, str]:
    note = "" if has_torch() else "no torch here: its tests are left out"
    return pytest_command("-m", UNIT, "tests", "selfattn"), note


def notebooks(only_torch: bool = False) -> tuple[list[str] | None, str]:
    every = sorted((ROOT / "chapters").glob("*.ipynb"))
    every = [p for p in every if not only_torch or needs_torch(p)]
    left_out = [p for p in every if cannot_run(p)]
    run = [str(p.relative_to(ROOT)) for p in every if p not in left_out]
    note = f"{len(run)} notebooks"
    if left_out:
        names = " ".join(path.stem[:2] for path in left_out)
        lacking = "Triton" if has_torch() else "torch"
        note += f"; no {lacking} here: {names} left out"
    if not run:
        return None, note
    # A notebook's cells share a kernel, so one worker takes a whole file.
    flags = ["-p", "tools.nbcompare.plugin", "--nbval", "--dist", "loadfile"]
    flags += ["--nbval-current-env", "-o", "addopts="]
    if not drawn_by_this_matplotlib():
        note += "; figures not compared: another matplotlib drew them"
        flags += ["--other-matplotlib"]
    return pytest_command(*flags, *run), note


def drawn_by_this_matplotlib() -> bool:
    """Whether the release here is the lock's newest, which drew the figures.

    Python 3.10 has no newer one than matplotlib 3.10.
    """
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    releases = re.findall(r"^matplotlib==(\S+)", lock, re.M)
    newest = max(releases, key=lambda r: [int(n) for n in r.split(".")])
    return version("matplotlib") == newest


def browser() -> tuple[list[str] | None, str]:
    if not chromium.find():
        return None, chromium.MISSING
    if version("pydata-sphinx-theme").startswith("0.15"):
        return None, "pages are published with the theme of Python 3.11 on"
    return _driving("browser and not sweep"), ""


def _driving(which: str) -> list[str]:
    return pytest_command("-m", which, "tests", workers=DRIVERS)


def whole() -> tuple[list[str] | None, str]:
    """The browser's tests, in Chromium with all that is around its engine."""
    command, why_not = browser()
    if command is None:
        return None, why_not
    program = chromium.find(chromium.WHOLE)
    if program is None:
        return None, "no other Chromium here than the headless shell"
    if program == chromium.find():
        return None, "`browser` used it"
    return ["env", f"CHROMIUM={program}", *command], program


def seeds() -> tuple[list[str] | None, str]:
    return pytest_command("-m", "sweep and not browser", "tests"), ""


def sweep() -> tuple[list[str] | None, str]:
    command, why_not = browser()
    if command is not None:
        command = _driving("sweep and browser")
    return command, why_not or "every page, at every width, in each scheme"


def oldest() -> tuple[list[str] | None, str]:
    versions = "import numpy, matplotlib, ipywidgets, anywidget as a;"
    versions += "print('NumPy', numpy.__version__, 'matplotlib',"
    versions += "matplotlib.__version__, 'ipywidgets',"
    versions += "ipywidgets.__version__, 'anywidget', a.__version__)"
    note = subprocess.run(
        [sys.executable, "-c", versions], text=True, capture_output=True
    ).stdout.strip()
    return pytest_command("-m", "not browser", "tests", "selfattn"), note


PARTS = {
    "lint": lint,
    "site": site,
    "unit": unit,
    "notebooks": notebooks,
    "browser": browser,
    "whole": whole,
    "seeds": seeds,
    "sweep": sweep,
    "oldest": oldest,
}


ON_REQUEST = (
    "whole",
    "seeds",
    "sweep",
    "oldest",
)  # targets of their own, for .ci/run


def run(part: str, environ: dict[str, str]) -> Result:
    command, note = PARTS[part]()
    print(f"\n== {part}" + (f": {note}" if note else ""), flush=True)
    if command is None:
        return Result(part, True, 0.0, "left out; " + note)
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=environ)
    return Result(part, done.returncode == 0, time.monotonic() - begun, note)


def environment(scratch: str) -> dict[str, str]:
    """One thread per process, and no reader's progress or settings.

    What is imported is compiled once, whatever the machine says: a kernel, a
    worker or a browser's server would compile torch anew, each for seconds.
    """
    inherited = dict(os.environ)
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)
    return {
        **inherited,
        "PYTHONPYCACHEPREFIX": str(ROOT / "_build" / "pycache"),
        "OMP_NUM_THREADS": "1",
        "SELFATTN_PROGRESS": os.path.join(scratch, "progress.json"),
        "IPYTHONDIR": os.path.join(scratch, "ipython"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONPATH": os.pathsep.join(
            p for p in (str(ROOT), os.environ.get("PYTHONPATH")) if p
        ),
    }


def main(parts: list[str]) -> int:
    if unknown := [part for part in parts if part not in PARTS]:
        print(
            f"parts are {', '.join(PARTS)}: got {', '.join(unknown)}",
            file=sys.stderr,
        )
        return 2
    parts = parts or [part for part in PARTS if part not in ON_REQUEST]
    with tempfile.TemporaryDirectory() as scratch:
        results = [run(part, environment(scratch)) for part in parts]
    print(
        f"\n== summary: Python {sys.version.split()[0]}, "
        f"{'torch' if has_torch() else 'no torch'}"
    )
    for part, passed, seconds, note in results:
        word = "passed" if passed else "FAILED"
        print(f"  {part:<10} {word} {seconds:6.1f} s  {note}".rstrip())
    total = sum(result.seconds for result in results)
    good = all(result.passed for result in results)
    print(
        f"  {'in all':<10} {'passed' if good else 'FAILED'} {total:6.1f} s",
        flush=True,
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
