"""What every test starts from: nobody's own progress is ever touched."""

from __future__ import annotations

import itertools
import os
import tempfile
from pathlib import Path

import pytest
from pages import (  # noqa: F401
    browser,
    html,
    kept,
    revisit,
    served,
    visit,
)

# Set when pytest starts, so that kernels and other processes that tests
# start inherit it too.
_SESSION = tempfile.TemporaryDirectory(prefix="selfattn-tests-")
os.environ["SELFATTN_PROGRESS"] = str(Path(_SESSION.name) / "progress.json")


# Of this process: its tests are counted here.
_OWN = Path(_SESSION.name)
_NUMBERS = itertools.count()


@pytest.fixture(autouse=True)
def progress_file(monkeypatch) -> Path:
    """A progress file of this test's own, which does not exist yet."""
    file = _OWN / str(next(_NUMBERS)) / "progress.json"
    monkeypatch.setenv("SELFATTN_PROGRESS", str(file))
    return file


@pytest.fixture
def fresh_session(monkeypatch) -> None:
    """As after a start of the kernel: nothing unsaved, nothing said."""
    from selfattn.progress import session

    monkeypatch.setattr(session, "_unsaved", [])
    monkeypatch.setattr(session, "_said", set())
    monkeypatch.setattr(session.atexit, "register", lambda f: f)


@pytest.fixture
def graded_here(request, monkeypatch) -> None:
    """Answers are graded in this process: 50 ms less, and the same report.

    What they return still goes through the bytes that a child would send.
    The reader's way, with a process for each answer, is tried with the
    solution of every exercise, and by `make test-sweep` with every trap and
    every other right answer.
    """
    if request.node.get_closest_marker("sweep"):
        return
    from selfattn.grading import checking, wire
    from selfattn.grading.in_process import in_process

    def in_no_child(exercise, answer, cases):
        return wire.loads(
            wire.dumps(in_process(exercise, answer, cases)), cases
        )

    monkeypatch.setattr(checking, "forked", in_no_child)
