"""The package and the grader need NumPy and the standard library alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import ROOT
from numpy_alone import folder_with_numpy
from test_imports import GRADER, NUMPY


def run_alone(code: str, tmp_path: Path) -> str:
    """Run code where nothing but NumPy is installed; what it printed."""
    numpy_only = folder_with_numpy(tmp_path / "numpy_only")
    done = subprocess.run(
        # -S: no site-packages.
        [sys.executable, "-S", "-c", code],
        cwd=tmp_path,
        env={
            "HOME": str(tmp_path),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(numpy_only)]),
            "SELFATTN_PROGRESS": str(tmp_path / "progress.json"),
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("package", ["torch", "matplotlib", "IPython"])
def test_other_packages_are_out_of_sight(package, tmp_path):
    with pytest.raises(AssertionError, match=f"No module named '{package}'"):
        run_alone(f"import {package}", tmp_path)


@pytest.mark.parametrize("name", sorted(NUMPY | GRADER))
def test_module_imports_with_numpy_alone(name, tmp_path):
    run_alone(f"import selfattn.{name}", tmp_path)


def test_importing_the_package_imports_no_heavy_module(tmp_path):
    code = "import selfattn, sys\n"
    code += "print([m for m in sys.modules if m.startswith('selfattn.')])"
    assert run_alone(code, tmp_path).strip() == "[]"


def test_every_numpy_exercise_is_graded_with_numpy_alone(tmp_path):
    code = """
from selfattn import check, exercises, hint, progress
graded = 0
for e in exercises.all():
    if e.tier != "numpy":
        continue
    right = e.reference() if e.kind == "value" else e.reference
    report = check(e.id, right)
    assert report.status == "passed", (e.id, report.message)
    graded += 1
str(hint(e.id)), str(progress())
print(graded)
"""
    assert int(run_alone(code, tmp_path).split()[-1]) >= 6


def test_torch_exercises_are_listed_or_left_out_without_torch(tmp_path):
    code = "from selfattn import exercises\n"
    code += "print(len(exercises.all()))"
    assert int(run_alone(code, tmp_path)) >= 6
