"""Run code that misbehaves on purpose: in a process of its own, on a leash.

Memory and time are limited, and when the process has ended, so has everything
that it started in its process group.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

from checkout import ROOT

HERE = Path(__file__).parent
MEMORY = 8 * 2**30  # bytes of address space; a session with torch takes 5


def caged(code: str, *, seconds: float = 60) -> str:
    """What the code prints. Fails if it fails, or takes too long."""
    env = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": f"{HERE}{os.pathsep}{ROOT}",
    }
    done = subprocess.Popen(
        [sys.executable, "-c", code],
        env=env,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_limits,
    )
    try:
        out, _ = done.communicate(timeout=seconds)
    finally:
        with contextlib.suppress(OSError):
            os.killpg(done.pid, signal.SIGKILL)
        done.wait()
    assert done.returncode == 0, out[-3000:]
    return out


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
        if hard == resource.RLIM_INFINITY or hard > 4000:
            resource.setrlimit(resource.RLIMIT_NPROC, (4000, 4000))
