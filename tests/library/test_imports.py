"""Imports point one way, and the grader needs NumPy alone.

DESIGN: the NumPy modules know nothing of torch or of plots; torch is for
`attention`, `layers` and the torch exercises; matplotlib for `plots`.
"""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest
from checkout import ROOT

from selfattn.exercises.find import ids_with_torch

PACKAGE = ROOT / "selfattn"
MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts
)

# What a module of the package may import from it (besides itself and its
# private helpers), and which packages from outside. `None`: no limit.
DOMAINS = {"data", "text", "batches", "speech", "phonemes", "images", "graphs"}
PICTURES = {"images", "boxes", "detector", "glyphs", "convolution"}
RULES = {"shapes", "demand", "counted"}  # what input must be
MATHS = {"reference", "masks", "positions", "banded", "edges", "linear"}
MATHS |= {"features", "lowrank", "tiled"}
NUMPY = RULES | MATHS | DOMAINS | PICTURES
ATTENTION = {"tensors", "sliding", "scatter", "running", "faster", "attention"}
TORCH = ATTENTION | {"layers", "vision", "detr", "fused_triton"}
TORCH |= {"mixers"}
GRADER = {"grading", "progress", "values", "exercises"}
INSIDE = {
    **{name: RULES for name in RULES},
    **{name: RULES | MATHS for name in MATHS},
    **{name: NUMPY for name in DOMAINS | PICTURES},
    "tensors": NUMPY,
    "sliding": NUMPY | {"tensors"},
    "scatter": NUMPY | {"tensors"},
    "running": NUMPY | {"tensors"},
    "faster": NUMPY | {"tensors"},
    "fused_triton": NUMPY | {"tensors"},
    "attention": NUMPY | (ATTENTION - {"attention"}),
    "layers": NUMPY | {"attention"},
    "vision": NUMPY | ATTENTION | {"layers"},
    "mixers": NUMPY | ATTENTION | {"layers", "vision"},
    "detr": NUMPY | ATTENTION | {"layers", "vision"},
    "plots": set(),
    "values": set(),
    "progress": {"exercises"},
    "exercises": NUMPY,
    "exercises_torch": NUMPY | TORCH,
    "grading": {"exercises", "progress"},
    "widgets": {"plots", "reference", "masks", "positions", "tiled"}
    | PICTURES,
    "": GRADER,  # selfattn/__init__.py, on first use
}
# A private helper belongs to those who may import it.
HELPERS = NUMPY | TORCH | {"plots"} | GRADER
OUTSIDE = {
    **{name: {"numpy", "torch"} for name in TORCH},
    "fused_triton": {"numpy", "torch", "triton"},
    **{n: {"numpy", "matplotlib", "IPython"} for n in ("plots", "_heatmap")},
    "exercises_torch": {"numpy", "torch"},
    "widgets": {"numpy", "matplotlib", "anywidget", "traitlets", "IPython"},
}
# Looked for while running, by modules that do without: shown in a notebook
# if there is one, and a tensor for those who have torch.
OPTIONAL_LATE = {"IPython", "torch", "matplotlib"}


TORCH_EXERCISES = {"tensors", *(f"ch{name}" for name in ids_with_torch())}


def dotted(path):
    """The module's name within the package: "exercises.ch01.one_hot"."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def group(name):
    """The row of the tables that holds for a module."""
    first, _, rest = name.partition(".")
    shared = rest.rpartition(".")[2].startswith("_torch_")
    if first == "exercises" and (shared or rest in TORCH_EXERCISES):
        return "exercises_torch"
    return first


def imports(path):
    """(name, late) of everything a file imports, wherever it stands.

    Names inside the package begin with "selfattn". Also found:
    importlib.import_module and __import__ with a literal name.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late = {
        id(inner)
        for outer in ast.walk(tree)
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(outer)
    }
    package = ["selfattn", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level]
            base = ".".join(base) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            names = [f"{module}.{alias.name}" for alias in node.names]
        elif (
            isinstance(node, ast.Call)
            and ast.unparse(node.func)
            in ("importlib.import_module", "import_module", "__import__")
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            names = [node.args[0].value]
        else:
            continue
        for name in names:
            yield name, id(node) in late


def allowed(importer, name, late):
    """Whether a module of ours may import this name."""
    row = group(importer)
    first, *rest = name.split(".")
    if first == "selfattn":
        target = rest[0] if rest else ""
        if (
            not (PACKAGE / target).exists()
            and not (PACKAGE / f"{target}.py").exists()
        ):
            target = ""  # a name in selfattn/__init__.py
        if target.startswith("_"):
            return row in HELPERS or row.startswith(("_", "exercises"))
        if row.startswith("_"):
            return target in NUMPY | GRADER | {""}
        if not target or target == row.removesuffix("_torch"):
            return True
        return target in INSIDE.get(row, set())
    if first in sys.stdlib_module_names:
        return True
    if first in OUTSIDE.get(row, {"numpy"}):
        return True
    if row == "phonemes":  # the homework's .pt files are torch's own
        return late and first == "torch"
    shows = row in GRADER - {"exercises"} or row.startswith("_")
    return late and shows and first in OPTIONAL_LATE


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_point_one_way(path):
    wrong = [
        name + (" (inside a function)" if late else "")
        for name, late in imports(path)
        if not allowed(dotted(path), name, late)
    ]
    assert not wrong, f"selfattn.{dotted(path)} may not import {wrong}"


@pytest.mark.parametrize(
    ("importer", "name", "late", "may"),
    [
        ("masks", "numpy", False, True),
        ("masks", "torch", False, False),
        ("reference", "torch.nn", True, False),
        ("reference", "scipy", False, False),
        ("reference", "selfattn.attention", True, False),
        ("reference", "selfattn.layers.SelfAttention", False, False),
        ("reference", "selfattn.demand", False, True),
        ("data", "matplotlib", True, False),
        ("text", "selfattn.data.load", False, True),
        ("layers", "selfattn.attention", False, True),
        ("attention", "selfattn.layers", True, False),
        ("plots", "selfattn.reference", False, False),
        ("plots", "torch", True, False),
        ("shapes", "selfattn.masks", False, False),
        ("demand", "torch", True, False),
        ("plots", "torch", False, False),
        ("grading.report", "IPython.display", True, True),
        ("grading.report", "IPython.display", False, False),
        ("exercises.ch04.softmax", "torch", True, False),
        ("exercises.ch04.softmax", "selfattn.grading", False, False),
        ("exercises.ch06.torch_mha", "torch", False, True),
        ("exercises.ch06.torch_mha", "selfattn.layers", False, True),
        ("layers", "matplotlib", True, False),
        ("fused_triton", "triton.language", False, True),
        ("attention", "triton", True, False),
        ("attention", "selfattn.fused_triton", True, False),
    ],
)
def test_the_rule_itself(importer, name, late, may):
    assert allowed(importer, name, late) is may


def test_relative_and_late_imports_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    (tmp_path / "exercises").mkdir()
    path = tmp_path / "exercises" / "find.py"
    path.write_text(
        "from .. import data\n"
        "from ..masks import causal\n"
        "from . import Exercise\n"
        "def f():\n"
        "    import torch.nn as nn\n"
        "    importlib.import_module('matplotlib')\n"
    )
    assert sorted(imports(path)) == [
        ("matplotlib", True),
        ("selfattn.data", False),
        ("selfattn.exercises.Exercise", False),
        ("selfattn.masks.causal", False),
        ("torch.nn", True),
    ]


# As where they are not installed: nobody finds them.
BLOCK = """
import sys

class Without:
    def __init__(self, finder):
        self.finder = finder

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {
            "torch", "matplotlib", "IPython", "ipywidgets", "anywidget",
            "traitlets", "scipy", "pandas",
        }:
            return None
        return self.finder.find_spec(name, path, target)

sys.meta_path[:] = [Without(finder) for finder in sys.meta_path]
"""


def run_without_extras(code):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", BLOCK + code],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_block_blocks():
    done = run_without_extras("import torch")
    assert done.returncode and "No module named 'torch'" in done.stderr


def test_the_grader_needs_numpy_alone():
    done = run_without_extras(
        "import selfattn\n"
        "from selfattn import check, checked, hint\n"
        "from selfattn import progress, solution\n"
        "from selfattn import exercises\n"
        "listed = exercises.all()\n"
        "assert listed and all(e.tier == 'numpy' for e in listed)\n"
        "first = listed[0]\n"
        "report = check(first.id, first.reference)\n"
        "print(report.status)\n"
    )
    assert done.returncode == 0, done.stderr
    assert "passed" in done.stdout


def test_importing_the_package_loads_next_to_nothing():
    done = run_without_extras(
        "import selfattn\n"
        "loaded = [m for m in sys.modules if m.startswith('selfattn.')]\n"
        "assert not loaded, loaded\n"
    )
    assert done.returncode == 0, done.stderr
