"""A wheel installed elsewhere works as the checkout does, data included."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from checkout import ROOT
from numpy_alone import folder_with_numpy

pytestmark = pytest.mark.sweep


def run(*command, cwd, **environ) -> str:
    """Run a command away from the checkout; what it printed."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**kept, "PYTHONNOUSERSITE": "1", **environ},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A folder with the sdist and the wheel that is made from it."""
    folder = tmp_path_factory.mktemp("dist")
    arguments = ["--no-isolation", "--skip-dependency-check"]
    arguments += ["--outdir", folder, ROOT]
    run(sys.executable, "-m", "build", *arguments, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built) -> Path:
    return next(built.glob("*.whl"))


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory):
    """Run Python code in a new environment with NumPy and the wheel."""
    folder = tmp_path_factory.mktemp("elsewhere")
    run(sys.executable, "-m", "venv", "--without-pip", "env", cwd=folder)
    python = folder / "env" / "bin" / "python"
    shown = folder_with_numpy(folder / "numpy_only")
    pip = [sys.executable, "-m", "pip", "--python", python, "install"]
    run(*pip, "--no-deps", "--no-index", "--quiet", wheel, cwd=folder)

    def execute(*arguments: str) -> str:
        return run(
            python,
            *arguments,
            cwd=folder,
            PYTHONPATH=str(shown),
            SELFATTN_PROGRESS=str(folder / "progress.json"),
        )

    return execute


def test_wheel_holds_the_data_and_not_the_scripts_that_made_it(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    data = {n for n in names if n.startswith("selfattn/_data/")}
    assert "selfattn/_data/README.md" in data
    shipped = [
        path
        for path in (ROOT / "data").iterdir()
        if path.suffix in {".json", ".jsonl", ".wav", ".npz", ".csv"}
    ]
    assert shipped
    for path in shipped:
        assert f"selfattn/_data/{path.name}" in data
    assert not [n for n in data if n.endswith(".py") or "/studies/" in n]
    tops = {n.split("/")[0] for n in names}
    assert {t for t in tops if not t.endswith(".dist-info")} == {"selfattn"}


def test_sdist_holds_what_the_wheel_is_made_of_and_no_build(built):
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = [n.split("/", 1)[1] for n in archive.getnames() if "/" in n]
    assert {"pyproject.toml", "LICENSE", "data/README.md"} <= set(names)
    assert not [n for n in names if n.startswith((".venv", "_build"))]


def test_installed_package_is_the_wheel_and_not_the_checkout(elsewhere):
    where = elsewhere("-c", "import selfattn; print(selfattn.__file__)")
    assert str(ROOT) not in where


def test_installed_package_loads_every_data_set(elsewhere):
    code = "from selfattn import data\n"
    code += "for name in data.names():\n"
    code += "    data.load(name); print(name)"
    from selfattn import data

    assert elsewhere("-c", code).split() == list(data.names())


def test_installed_grader_passes_a_right_and_refuses_a_wrong_answer(
    elsewhere,
):
    code = "from selfattn import check, exercises\n"
    code += "e = next(e for e in exercises.all() if e.kind == 'function')\n"
    code += "trap = next(iter(e.traps.values()))\n"
    code += "reports = [check(e.id, e.reference), check(e.id, trap.wrong)]\n"
    code += "print(*(report.status for report in reports))\n"
    assert elsewhere("-c", code).split()[-2:] == ["passed", "wrong"]


def test_installed_command_line_lists_the_exercises(elsewhere):
    assert "01." in elsewhere("-m", "selfattn.exercises")
