"""Run the notebooks as other machines would: one line for each machine.

    python tools/machines.py [part of a name …]

The stored outputs must come out on another processor, BLAS and number of
threads. Environment variables take the newer instructions away; what the
processes then really have is asked of one of them, and must be what was
meant.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import run_tests

ROOT = run_tests.ROOT
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tools.nbcompare import threads  # noqa: E402

STARTUP = "from tools.nbcompare import threads\nthreads.use({})\n"
TOLD = "import json\nfrom tools.nbcompare import threads\n"
TOLD += "print(json.dumps(threads.seen()))"


class Machine(NamedTuple):
    name: str
    environ: Mapping[str, str]
    meant: Callable[[dict], bool]  # does it hold of what a process has?
    threads: int = 1
    needs_torch: bool = False  # a notebook without torch runs as elsewhere


def machines() -> list[Machine]:
    """Those that this machine can be taken for."""
    found = [
        _with_threads(2),
        _with_threads(4),
    ]
    if platform.machine() not in ("x86_64", "AMD64"):
        return found  # the kernels of others have other names
    features = ",".join(threads.numpy_features())
    return [
        _with_blas("Haswell", "Haswell"),
        _with_blas("Prescott", "Katmai"),  # SSE3: OpenBLAS calls both so
        Machine(
            "NumPy at its baseline",
            {"NPY_DISABLE_CPU_FEATURES": features},
            lambda has: not has["numpy"],
        ),
        Machine(
            "torch at its baseline",
            {"ATEN_CPU_CAPABILITY": "default"},
            lambda has: has.get("torch") == "DEFAULT",
            needs_torch=True,
        ),
        *found,
    ]


def _with_blas(core: str, told: str) -> Machine:
    return Machine(
        f"OpenBLAS for {core}",
        {"OPENBLAS_CORETYPE": core},
        lambda has: has.get("blas") in (told, core, None),
    )


def _with_threads(count: int) -> Machine:
    return Machine(
        f"{count} threads",
        # More threads than cores must not wait by turning in circles.
        {"OMP_NUM_THREADS": str(count), "OMP_WAIT_POLICY": "PASSIVE"},
        lambda has: (
            has.get("blas_threads", count) == count
            and has.get("torch_threads", count) == count
        ),
        threads=count,
    )


def environment(machine: Machine, scratch: str) -> dict[str, str]:
    """For a machine's processes; kernels start with its threads."""
    environ = {**run_tests.environment(scratch), **machine.environ}
    if machine.threads > 1:
        startup = Path(environ["IPYTHONDIR"], "profile_default", "startup")
        startup.mkdir(parents=True)
        (startup / "threads.py").write_text(STARTUP.format(machine.threads))
    return environ


def kernel_has(environ: Mapping[str, str]) -> dict:
    """The kernels and threads of an IPython that is started like these."""
    run = [sys.executable, "-m", "IPython", "--no-banner", "-c", TOLD]
    done = subprocess.run(
        run, cwd=ROOT, env=environ, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def run(machine: Machine) -> tuple[bool, str]:
    """Whether the notebooks give what they store, and on what."""
    with tempfile.TemporaryDirectory() as scratch:
        environ = environment(machine, scratch)
        has = kernel_has(environ)
        note = ", ".join(f"{k} {v or 'baseline'}" for k, v in has.items())
        print(f"\n== {machine.name}: {note}", flush=True)
        if not machine.meant(has):
            return False, f"not what was meant: {note}"
        command, left_out = run_tests.notebooks(machine.needs_torch)
        if command is None:
            return True, left_out
        done = subprocess.run(command, cwd=ROOT, env=environ)
    return done.returncode == 0, note


def main(parts: list[str]) -> int:
    """Each machine in turn; 1 if the notebooks differ on any."""
    chosen = [
        machine
        for machine in machines()
        if not parts or any(part in machine.name for part in parts)
    ]
    lines, good = [], True
    for machine in chosen:
        start = time.monotonic()
        passed, note = run(machine)
        good &= passed
        word = "passed" if passed else "FAILED"
        seconds = time.monotonic() - start
        lines.append(f"  {machine.name:<22} {word} {seconds:6.1f} s  {note}")
    print(f"\n== summary: {platform.machine()}, {len(chosen)} machines")
    print("\n".join(lines), flush=True)
    return 0 if good and chosen else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
