"""Which tests can run here: those whose imports are installed.

A file that imports torch at its top, itself or through a module of the book,
is left out where there is no torch. So no test begins with a list of what it
needs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from checkout import ROOT

PLACES = [ROOT, *(ROOT / part for part in ("tests/support", "theme", "tools"))]

# What an environment may lack: torch is large, and the package's lower
# bounds are tried without the programs that build the site.
OPTIONAL = {
    "anywidget",
    "axe_playwright_python",
    "bs4",
    "docutils",
    "hatchling",
    "jupyter_book",
    "matplotlib",
    "nbformat",
    "nbval",
    "PIL",
    "playwright",
    "quickjs",
    "sphinx",
    "tinycss2",
    "torch",
    "triton",
    "yaml",
}
# What a test, or a whole folder of them, uses without an import at its top.
UNSAID = {
    "site": "jupyter_book",
    "test_fused_triton.py": "triton",
    "test_live_browser.py": "jupyter_book",
    "test_live_every.py": "jupyter_book",
    "test_machines.py": "nbval",
    "test_nbcompare.py": "nbval",
    "test_wheel.py": "hatchling",
}
ABSENT = frozenset(name for name in OPTIONAL if find_spec(name) is None)


@cache
def missing(file: Path, absent: frozenset[str] = ABSENT) -> frozenset[str]:
    """The packages that the file's imports lack here."""
    if not absent:
        return absent
    unsaid = {UNSAID.get(file.name), UNSAID.get(file.parent.name)}
    lacking = {name for name in unsaid if name in absent}
    seen, todo = {file}, [file]
    while todo:
        path = todo.pop()
        for name in _imported(path):
            lacking |= {name.split(".")[0]} & absent
            found = _files(name, path.parent) - seen
            seen |= found
            todo += found
    return frozenset(lacking)


def _imported(path: Path) -> Iterator[str]:
    """The modules that are imported when this one is."""
    for node in ast.parse(path.read_text("utf8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            yield start
            between = "." if node.module else ""
            yield from (start + between + alias.name for alias in node.names)


def _files(name: str, folder: Path) -> set[Path]:
    """The book's own files of that module, its packages' among them."""
    dots = len(name) - len(name.lstrip("."))
    places = [folder, *PLACES]
    if dots:
        places = [folder, *folder.parents][dots - 1 : dots]
    parts = name.lstrip(".").split(".")
    found = set()
    for place in places:
        for n in range(1, len(parts) + 1):
            path = place.joinpath(*parts[:n])
            found |= {path.with_suffix(".py"), path / "__init__.py"}
    return {path for path in found if path.is_file()}
