"""Python's modules compiled while building, where a Python 3.13 is at hand.

Pyodide's library comes as source, and compiling it takes half of the time
until Python has started in a browser. Another release of Python cannot do
it: byte code differs. Without one, the pages load the sources.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

MAGIC = "f30d0d0a"  # of the byte code that Pyodide 0.28 runs
# Runs in the other Python: from one archive to another, byte code in place
# of the sources or, for a package that shows its sources, beside them. It
# is never compared with the source, and knows no time.
COMPILE = """
import sys, zipfile
from importlib._bootstrap_external import _code_to_hash_pyc
source, target, place, beside = sys.argv[1:]
with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
    def put(name, data):
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 3
        new.writestr(entry, data)
    for name in sorted(old.namelist()):
        data = old.read(name)
        folder, _, file = name.rpartition("/")
        if beside or not name.endswith(".py"):
            put(name, data)
        if name.endswith(".py"):
            code = compile(data, f"{place}/{name}", "exec", dont_inherit=True)
            if beside:
                name = f"{folder}/__pycache__/{file[:-3]}.cpython-313.py"
            put(name + "c", _code_to_hash_pyc(code, bytes(8), False))
"""
LIBRARY = "/lib/python313.zip"
PACKAGES = "/lib/python3.13/site-packages"


@functools.cache
def compiler() -> str:
    """A Python whose byte code Pyodide runs, or ""."""
    home = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = [sys.executable, shutil.which("python3.13")]
    found += sorted(map(str, home.glob("versions/3.13.*/bin/python3")))
    ask = "import importlib.util as u; print(u.MAGIC_NUMBER.hex())"
    for python in filter(None, found):
        done = subprocess.run(
            [python, "-ISc", ask], capture_output=True, text=True
        )
        if done.stdout.strip() == MAGIC:
            return python
    return ""


def library(source: Path, target: Path) -> Path:
    """The standard library compiled to `target`; the source where not."""
    if target.is_file():
        return target
    return target if _compiled(source, target, LIBRARY, "") else source


def package(source: Path, target: Path) -> Path:
    """A package's wheel with byte code beside its sources, if possible."""
    return target if _compiled(source, target, PACKAGES, "1") else source


def _compiled(source: Path, target: Path, place: str, beside: str) -> bool:
    """Whether the archive could be written."""
    if not compiler():
        return False
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    command = [compiler(), "-ISc", COMPILE]
    command += [str(source), str(part), place, beside]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(command, capture_output=True)
        if done.returncode == 0:
            part.replace(target)
        part.unlink(missing_ok=True)
    except OSError:  # no room for it, or no right
        return False
    return target.is_file()
