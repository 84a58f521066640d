"""The package for the page: small, the same each time, and enough."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile

import pytest
from checkout import ROOT
from numpy_alone import folder_with_numpy
from selfattn_theme import page_wheel

from selfattn.exercises import find

LIMIT = 400_000  # bytes


@pytest.fixture(scope="module")
def wheel() -> bytes:
    return page_wheel.wheel(ROOT / "selfattn")


@pytest.fixture(scope="module")
def names(wheel) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        assert archive.testzip() is None
        return set(archive.namelist())


def test_equal_sources_make_equal_bytes(wheel):
    assert page_wheel.wheel(ROOT / "selfattn") == wheel
    assert len(wheel) <= LIMIT


def test_it_has_the_exercises_without_torch_and_no_others(names):
    torch = set(find.ids_with_torch())
    for name in find.ids():
        file = f"selfattn/exercises/ch{name[:2]}/{name[3:]}.py"
        assert (file in names) == (name not in torch), name


def test_it_has_no_figures_plots_layers_or_data(names):
    parts = {name.split("/")[1].removesuffix(".py") for name in names}
    assert not parts & {"widgets", "plots", "layers", "attention", "data"}
    assert all(name.endswith(".py") for name in names)


GRADE = """
import sys
from selfattn import exercises
from selfattn.grading import limits
from selfattn.grading.on_page import OFFERED, solve
limits.CAN_FORK = False
graded = 0
for name in exercises.ids():
    try:
        exercise = exercises.get(name)
    except ModuleNotFoundError as error:
        assert error.name in ("torch", "triton"), error
        continue
    if exercise.tier != "numpy":
        continue
    call = "()" if exercise.kind == "value" else ""
    made = exercise.reference.__name__
    text = f"{exercise.solution}\\n{made} = {made}{call}\\n"
    report = solve(name, text)
    assert report["status"] == "passed", report["text"]
    graded += 1
for name in OFFERED:
    assert solve("04.softmax", f"{name}.__name__")["status"] == "error"
    assert f"selfattn.{name}" in sys.modules
print(sys.modules["selfattn"].__file__)
print(graded)
print({"torch", "matplotlib"} & set(sys.modules))
"""


def test_alone_with_numpy_it_grades_every_solution(wheel, tmp_path):
    place = tmp_path / "unpacked"  # as on the page
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        archive.extractall(place)
    path = [str(place), str(folder_with_numpy(tmp_path / "numpy"))]
    done = subprocess.run(
        [sys.executable, "-ISc", f"import sys\nsys.path[:0] = {path}" + GRADE],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    where, graded, loaded = done.stdout.strip().splitlines()
    assert where.startswith(str(place)) and loaded == "set()"
    assert int(graded) == len(find.ids()) - len(find.ids_with_torch())
