"""Run the book's notebooks and put them into their one normal form.

    python tools/notebooks.py                     every chapter
    python tools/notebooks.py chapters/01_*.ipynb
    python tools/notebooks.py --no-run …          normalise, do not execute
    python tools/notebooks.py --check …           only say what is wrong

Executes (in the notebook's own folder, as Jupyter and nbval do, importing
`selfattn` from this checkout), writes the setup cell, starters left empty,
solutions, alt texts and the numbers in the prose, and normalises: a run that
changes nothing leaves the file as it was, byte for byte. Then it lists every
rule of the book that the notebook breaks, and fails if there is one.

Unless OMP_NUM_THREADS is set, one thread is used: sums then come out the
same on every machine. Cells tagged `clock` keep their stored timings while
the code up to them stands still; `--fresh` takes them anew.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from nbtool import fill, normalise, rules
from nbtool.cells import CHAPTERS, ROOT

if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


def chapter_of(path: Path) -> int | None:
    """The chapter's number, from the file's name."""
    match = re.match(r"(\d\d)_", path.name)
    return int(match[1]) if match else None


def exercise_ids(chapter: int | None) -> set[str]:
    """The ids of a chapter's exercises in the package."""
    if chapter is None:
        return set()
    from selfattn import exercises

    there = set(exercises.ids()) - set(exercises.needing_torch())
    return {name for name in there if int(name[:2]) == chapter}


def environment(progress: str) -> dict[str, str]:
    """For the kernel: this checkout first, one thread, no reader's record."""
    path = os.pathsep.join(
        p for p in (str(ROOT), os.environ.get("PYTHONPATH")) if p
    )
    return {
        **os.environ,
        "PYTHONPATH": path,
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
        "SELFATTN_PROGRESS": progress,
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def execute(nb, folder: Path, timeout: int = 120) -> None:
    """Run every cell in a fresh kernel, in the notebook's folder."""
    from nbclient import NotebookClient

    with tempfile.TemporaryDirectory() as scratch:
        client = NotebookClient(
            nb,
            timeout=timeout,
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
            record_timing=False,
            store_widget_state=False,
            extra_arguments=["--log-level=ERROR"],
        )
        client.execute(env=environment(str(Path(scratch) / "progress.json")))


def process(
    path: Path, *, run: bool = True, write: bool = True, fresh: bool = False
) -> tuple[list[str], list[str]]:
    """Bring one notebook into its normal form.

    Returns (what is wrong, what is worth a look). A notebook whose code
    fails is left as it was.
    """
    before = path.read_text(encoding="utf8")
    nb = nbformat.reads(before, as_version=4)
    old = nbformat.reads(before, as_version=4)
    problems = fill.before_run(nb)
    if run:
        from nbclient.exceptions import CellExecutionError

        try:
            execute(nb, path.parent.resolve())
        except CellExecutionError as error:
            return [f"a cell failed; file left as it was\n{error}"], []
    normalise.notebook(nb)
    if run and not fresh:
        normalise.keep_clock_outputs(nb, old)
    problems += fill.after_run(nb)
    normalise.notebook(nb)
    text = normalise.dumps(nb)
    if write and text != before:
        path.write_text(text, encoding="utf8")
    if not write and text != before:
        problems.append("not in its normal form; run `make notebooks`")
    chapter = chapter_of(path)
    problems += rules.breaches(nb, chapter, exercise_ids(chapter))
    notes = [f"value '{v}' is used nowhere" for v in fill.unused_values(nb)]
    return [str(problem) for problem in problems], notes


def _one(job: tuple[Path, bool, bool, bool]) -> tuple[Path, list, list, float]:
    path, run, write, fresh = job
    start = time.perf_counter()
    problems, notes = process(path, run=run, write=write, fresh=fresh)
    return path, problems, notes, time.perf_counter() - start


def main(argv: list[str] | None = None) -> int:
    """The command; 0 when every notebook keeps every rule."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--check", action="store_true", help="change nothing")
    parser.add_argument("--no-run", action="store_true", help="do not execute")
    parser.add_argument("--fresh", action="store_true", help="new timings too")
    parser.add_argument("--jobs", type=int, default=1, help="at a time")
    args = parser.parse_args(argv)
    paths = args.paths or sorted(CHAPTERS.glob("*.ipynb"))
    if not paths:
        print("no notebooks in chapters/")
        return 0
    run, write = not (args.check or args.no_run), not args.check
    jobs = [(path, run, write, args.fresh) for path in paths]
    failed = 0
    with ProcessPoolExecutor(args.jobs) as pool:
        for path, problems, notes, seconds in pool.map(_one, jobs):
            state = f"{len(problems)} to mend" if problems else "ok"
            print(f"{path.name}: {state} ({seconds:.1f} s)", flush=True)
            for problem in problems:
                print(f"  {problem}")
            for note in notes:
                print(f"  note: {note}")
            failed += bool(problems)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
