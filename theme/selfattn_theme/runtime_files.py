"""Python for the pages: where its files come from, and their place there.

The exercises' editors check an answer in the reader's browser, with Pyodide
and NumPy. Their files are looked for in this order:

1. the folder named by SELFATTN_PYODIDE, as it is;
2. the cache, outside the repository;
3. Pyodide's own release, which fills the cache (`tools/build_site.py` asks).

Where they are not to be had the site is built without editors. The module
needs the standard library alone: `tools/build_site.py` reads it by its path.
"""

from __future__ import annotations

import hashlib
import os
import sys
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple

VERSION = "0.28.3"
RELEASE = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"
VARIABLE = "SELFATTN_PYODIDE"
SECONDS = 5  # without a word from the release before it is given up


class Pin(NamedTuple):
    """One file of the release: its name there, on the site, its SHA-256."""

    file: str
    name: str
    sha256: str


# The first four are those of npm's package pyodide 0.28.3; NumPy's hash is
# that of the release's pyodide-lock.json.
PINS = (
    Pin("pyodide.js", "pyodide.js",
        "24a458425dcb4ea9836eb5ce26701d18cb769374e2b79247602ba605bf093278"),
    Pin("pyodide.asm.js", "pyodide.asm.js",
        "b22e5831eade9ff10e6fe2c811c68688cd91f10154377b4f80debcf5bafa1e56"),
    Pin("pyodide.asm.wasm", "pyodide.asm.wasm",
        "5effb6a1a6cc4a1a85bec4622701aa797c031e1de923cbbaf2ad47abdc4ab325"),
    Pin("python_stdlib.zip", "python_stdlib.zip",
        "71fee17f88a6260ec8c9c7c063533ee59c021fdc88a1ce76247378d3c4a35f4c"),
    Pin("numpy-2.2.5-cp313-cp313-pyodide_2025_0_wasm32.whl", "numpy.whl",
        "3db3c4f3e0448f4d62a85c262692f1260ccd8a91335442bd2442f21ffeddb558"),
)  # fmt: skip


class Files(NamedTuple):
    """The files at hand, by their name on the site, and a line on them."""

    paths: dict[str, Path]
    told: str

    def digest(self) -> str:
        """One hash of all, or "" where there are none."""
        if not self.paths:
            return ""
        total = hashlib.sha256()
        for name, path in sorted(self.paths.items()):
            total.update(f"{name}\0{_sha256(path)}\n".encode())
        return total.hexdigest()


def at_hand() -> Files:
    """The files of the named folder, or of the cache; asks no network."""
    named = os.environ.get(VARIABLE)
    if named:
        return _in_folder(Path(named))
    paths = {pin.name: cache() / pin.file for pin in PINS}
    if all(_is_whole(paths[pin.name], pin) for pin in PINS):
        return Files(paths, f"Python for the pages: Pyodide {VERSION}.")
    return Files({}, _none("its files are not in the cache"))


def fetched() -> Files:
    """As `at_hand`; what the cache lacks is asked of the release, once."""
    files = at_hand()
    if files.paths or os.environ.get(VARIABLE):
        return files
    for pin in PINS:
        if not _is_whole(cache() / pin.file, pin):
            try:
                _download(pin)
            except (OSError, HTTPException) as error:
                return Files({}, _none(_why(error)))
    return at_hand()


def cache() -> Path:
    """The folder that keeps the release's files between builds."""
    if sys.platform == "darwin":
        default = Path.home() / "Library" / "Caches"
    elif os.name == "nt":
        default = Path.home() / "AppData" / "Local"
    else:
        default = Path.home() / ".cache"
    base = Path(os.environ.get("XDG_CACHE_HOME") or default)
    return base / "selfattn" / f"pyodide-{VERSION}"


def _in_folder(folder: Path) -> Files:
    """The files in a folder, or in one of the version's name below it."""
    paths = {}
    for pin in PINS:
        for place in (folder, folder / VERSION):
            if (place / pin.file).is_file():
                paths.setdefault(pin.name, place / pin.file)
        if pin.name not in paths:
            return Files({}, _none(f"{folder} has no {pin.file}"))
    other = [p.file for p in PINS if not _is_whole(paths[p.name], p)]
    told = f"Python for the pages: from {folder}"
    if other:
        told += "; not the release's own: " + ", ".join(other)
    return Files(paths, told + ".")


def _none(why: str) -> str:
    return f"No Python for the pages: {why}. Exercises offer Colab."


def _why(error: Exception) -> str:
    if isinstance(error, Altered):
        return str(error)
    reason = getattr(error, "reason", None) or error
    return f"Pyodide's release cannot be fetched ({reason})"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_whole(path: Path, pin: Pin) -> bool:
    try:
        return _sha256(path) == pin.sha256
    except OSError:
        return False


class Altered(OSError):
    """What came is not what was asked for."""


def _download(pin: Pin) -> None:
    """Put one file into the cache; half a file never gets its name."""
    target = cache() / pin.file
    target.parent.mkdir(parents=True, exist_ok=True)
    with urllib.request.urlopen(RELEASE + pin.file, timeout=SECONDS) as asked:
        data = asked.read()
    if hashlib.sha256(data).hexdigest() != pin.sha256:
        raise Altered(f"{RELEASE}{pin.file} has another SHA-256 than pinned")
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
