"""`make exercise` begins one that works, and says what awaits its author."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from checkout import ROOT

NOTEBOOK = "chapters/02_outputs.ipynb"  # its exercises do without torch
MADE = [
    "selfattn/exercises/ch02/new.py",
    "tests/exercises/right_answers/ch02/new.py",
]


@pytest.fixture
def book(tmp_path) -> Path:
    """What the tool needs of the book, to be written to."""
    copy = tmp_path / "book"
    without = shutil.ignore_patterns("__pycache__")
    for folder in ("selfattn", "tools", "tests"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=without)
    (copy / "chapters").mkdir()
    for name in (NOTEBOOK, "pyproject.toml", "conftest.py"):
        shutil.copy(ROOT / name, copy / name)
    return copy


def run(book: Path, *arguments: str) -> subprocess.CompletedProcess:
    """A Python program in the copy, which imports the copy alone."""
    return subprocess.run(
        [sys.executable, "-X", "utf8", *arguments],
        cwd=book,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(book)},
        timeout=120,
    )


def ids(book: Path) -> list[str]:
    code = "from selfattn import exercises; print(*exercises.ids())"
    return run(book, "-c", code).stdout.split()


def begin(book: Path, exercise_id: str) -> subprocess.CompletedProcess:
    return run(book, "tools/new_exercise.py", exercise_id)


def test_a_new_exercise_has_its_files_and_its_four_cells(book):
    done = begin(book, "02.new")
    assert done.returncode == 0, done.stderr
    assert set([*MADE, NOTEBOOK]) < set(done.stdout.split())
    nb = nbformat.read(book / NOTEBOOK, as_version=4)
    cells = [c for c in nb.cells if c.metadata.get("exercise") == "02.new"]
    roles = [cell.metadata["tags"] for cell in cells]
    assert roles == [["exercise"], ["starter"], ["check"], ["solution"]]
    assert cells[0].source.startswith("### Exercise: TODO")
    assert "raise NotImplementedError" in cells[1].source
    assert cells[2].source == 'check("02.new", new)'
    assert "<summary>Solution</summary>" in cells[3].source
    at = nb.cells.index(cells[0])
    assert nb.cells[at + 4].source.startswith("## Read next")


def test_it_works_before_it_is_finished(book):
    assert begin(book, "02.new").returncode == 0
    code = (
        "from selfattn import check, exercises\n"
        "x = exercises.get('02.new')\n"
        "assert exercises.ids().count('02.new') == 1\n"
        "answers = (x.reference, x.traps['other_axis'].wrong)\n"
        "found = [check('02.new', answer).status for answer in answers]\n"
        "print(*found)\n"
    )
    done = run(book, "-c", code)
    assert done.stdout.split()[-2:] == ["passed", "wrong"], done.stderr


def test_what_awaits_its_author_is_the_only_thing_wrong(book):
    assert begin(book, "02.new").returncode == 0
    code = (
        "import sys; sys.path += ['tests/exercises', 'tools']\n"
        "import exercise_rules as rules\n"
        "from selfattn import exercises\n"
        "for rule in rules.RULES:\n"
        "    try: rule(exercises.get('02.new'))\n"
        "    except AssertionError as error: print(error)\n"
    )
    done = run(book, "-c", code)
    assert done.returncode == 0, done.stderr
    [said] = done.stdout.splitlines()
    assert said.startswith("02.new is begun and not finished: TODO")
    done = run(book, "tools/notebooks.py", "--check", NOTEBOOK)
    assert done.returncode == 1
    assert "'02.new' is not finished: TODO: a nudge" in done.stdout


def test_removed_again_it_leaves_the_book_as_it_was(book):
    before = ids(book)
    index = book / "selfattn/exercises/ch02/__init__.py"
    kept = index.read_text("utf8")
    assert begin(book, "02.new").returncode == 0
    assert "02.new" in ids(book)
    for name in MADE:
        (book / name).unlink()
    index.write_text(index.read_text("utf8").replace('    "new",\n', ""))
    assert index.read_text("utf8") == kept
    assert before and ids(book) == before


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("", "two digits"),
        ("2.new", "two digits"),
        ("02.New", "two digits"),
        ("02.../../new", "two digits"),
        ("02.class", "a word of Python's own"),
        ("02.accuracies", "has selfattn/exercises/ch02/accuracies.py already"),
        ("98.new", "begin its notebook first"),
    ],
)
def test_an_id_that_cannot_be_is_refused_and_nothing_written(
    book, wrong, said
):
    before = sorted(book.rglob("*.py"))
    done = begin(book, wrong)
    assert done.returncode == 2 and said in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(book.rglob("*.py")) == before


def test_a_chapter_without_exercises_gets_its_list(book):
    nb = nbformat.read(book / NOTEBOOK, as_version=4)
    nb.cells = [
        c
        for c in nb.cells
        if "exercise" not in c.metadata and "setup" not in c.metadata
    ]
    nb.cells[0].source = "# 98 · Nothing new"
    nbformat.write(nb, book / "chapters/98_nothing.ipynb")
    done = begin(book, "98.new")
    assert done.returncode == 0, done.stderr
    index = (book / "selfattn/exercises/ch98/__init__.py").read_text("utf8")
    assert index.startswith('"""98 · Nothing new."""\n')
    assert ids(book)[-1] == "98.new"
