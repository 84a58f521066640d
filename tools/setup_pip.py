"""Run pip for the set-up: show how far it is, and say what a failure means.

Only the standard library, and nothing newer than Python 3.6: `setup_env.py`
loads it on an old Python too, to say that it is too old.
"""

import os
import re
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What pip says, and what a reader should do about it; the first match counts.
TROUBLES = [
    (
        r"No space left on device|Disk quota exceeded",
        "the disk is full: the site needs about 0.6 GB and the tests 3 GB; "
        "make room (pip also unpacks into TMPDIR)",
    ),
    (
        r"unable to execute '?(gcc|cc|g\+\+|x86_64|aarch64)|command '?(gcc|cc)"
        r"|error: linker|Unknown compiler|Python\.h: No such file",
        "a package has no ready-made build for this Python and must be "
        "compiled: install a compiler (apt install build-essential "
        "python3-dev) or use another Python (make … PYTHON=python3.12)",
    ),
    (
        r"Failed to establish a new connection|Temporary failure in name"
        r"|ConnectTimeout|NewConnectionError|ProxyError|Read timed out"
        r"|Max retries exceeded|Connection refused|SSLError|NameResolution"
        r"|Connection broken|ConnectionResetError",
        "the package index cannot be reached: check the network, or the proxy "
        "or mirror that pip uses (pip config list)",
    ),
    (
        r"ResolutionImpossible",
        "pip does not find the lock's packages: check the network, and "
        "that the package index it uses is complete (pip config list)",
    ),
    (
        r"No matching distribution found for (\S+)",
        "pip finds no build of {0} for this Python and system: is the "
        "package index that pip uses complete (pip config list)?",
    ),
]


def pip(env, arguments, total=0):
    """Run pip in the environment; None, or what it said when it failed."""
    command = [
        str(env / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar=off",
        "--no-compile",
    ]
    return run_logged(command + arguments, env / "setup.log", total)


def run_logged(command, log, total=0):
    """Run a command into a log, showing progress; its output if it failed."""
    environ = dict(os.environ, PIP_USER="0", PYTHONNOUSERSITE="1")
    for name in ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX"):
        environ.pop(name, None)
    lines, seen, shown = [], 0, time.monotonic()
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environ,
        universal_newlines=True,
        cwd=str(ROOT),
    ) as process:
        for line in process.stdout:
            lines.append(line)
            seen += line.startswith(
                ("Collecting", "Processing", "Requirement already")
            )
            if total and time.monotonic() - shown > 5:
                shown = time.monotonic()
                say(f"  … {min(seen, total)} of {total} packages")
            if seen and line.startswith("Installing collected"):
                say(f"  … all {seen} packages are here; unpacking them")
    text = "".join(lines)
    try:
        with log.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        pass  # a full disk: the text is returned, and says so
    return text if process.returncode else None


def explain(log):
    """What a failure means, in words; None where we cannot tell."""
    for pattern, words in TROUBLES:
        match = re.search(pattern, log)
        if match:
            return words.format(*match.groups())
    return None


def last_line(log):
    lines = [line for line in log.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it printed nothing"


def say(text):
    print(text, flush=True)
