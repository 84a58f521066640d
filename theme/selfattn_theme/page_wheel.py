"""The package as the page's Python needs it: a wheel without the rest.

Only the modules that the grader imports for exercises with NumPy alone.
Equal sources make equal bytes: names are sorted and carry no time.
"""

from __future__ import annotations

import ast
import io
import zipfile
from pathlib import Path

# What the page asks for, and what a reader's text may import from the book.
ROOTS = ("grading.on_page", "values")
TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that the format knows


def wheel(package: Path) -> bytes:
    """The bytes of the wheel; `package` is the folder `selfattn`."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path in files(package):
            name = f"selfattn/{path.relative_to(package).as_posix()}"
            entry = zipfile.ZipInfo(name, TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            archive.writestr(entry, path.read_bytes(), compresslevel=9)
    return made.getvalue()


def files(package: Path) -> list[Path]:
    """The modules in the wheel."""
    found: set[Path] = set()
    todo = [file for root in ROOTS for file in _files(package, root)]
    todo += [file for name in _offered(package) for file in
             _files(package, name)]  # fmt: skip
    todo += _exercises(package)
    while todo:
        file = todo.pop()
        if file in found:
            continue
        found.add(file)
        module = file.relative_to(package).with_suffix("").parts
        parts = [part for part in module if part != "__init__"]
        is_package = file.name == "__init__.py"
        for name in _imported(file, parts, is_package):
            todo += _files(package, name)
    return sorted(found)


def _offered(package: Path) -> tuple[str, ...]:
    """The table OFFERED of `grading/on_page.py`."""
    return _constant(package / "grading" / "on_page.py", "OFFERED")


def _exercises(package: Path) -> list[Path]:
    """The files of the exercises that need NumPy alone."""
    found = []
    for chapter in sorted((package / "exercises").glob("ch??/__init__.py")):
        torch = _constant(chapter, "NEED_TORCH")
        found.append(chapter)
        found += [
            chapter.with_name(f"{name}.py")
            for name in _constant(chapter, "ORDER")
            if name not in torch
        ]
    return found


def _constant(file: Path, wanted: str) -> tuple[str, ...]:
    """A table of names at the top of a module; () where it has none."""
    for node in ast.parse(file.read_text("utf8")).body:
        if isinstance(node, ast.Assign) and any(
            getattr(target, "id", "") == wanted for target in node.targets
        ):
            return ast.literal_eval(node.value)
    return ()


def _imported(file: Path, parts: list[str], is_package: bool) -> list[str]:
    """What a module imports from the book, anywhere in it: "masks"."""
    found = []
    for node in ast.walk(ast.parse(file.read_text("utf8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = (node.module or "").split(".") if node.module else []
            if node.level:
                up = node.level - is_package
                start = ["selfattn", *parts[: len(parts) - up], *start]
            base = ".".join(start)
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        found += [name[9:] for name in names if name.startswith("selfattn.")]
        found += ["" for name in names if name == "selfattn"]
    return found


def _files(package: Path, name: str) -> list[Path]:
    """A module's file and those of the packages around it."""
    parts = name.split(".") if name else []
    found = [package / "__init__.py"]
    for n in range(1, len(parts) + 1):
        path = package.joinpath(*parts[:n])
        found += [path / "__init__.py", path.with_suffix(".py")]
    return [path for path in found if path.is_file()]
