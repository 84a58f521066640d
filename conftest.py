"""What every test of the book shares."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from needs import missing

# One thread: sums come out in the same order on every machine.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Triton's kernels run in Python here. It asks when it is loaded, and torch's
# optimisers load it.
os.environ.setdefault("TRITON_INTERPRET", "1")

# Read by the exercises' own tests; two chapters may name one alike.
collect_ignore_glob = ["tests/exercises/right_answers/*"]


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out what needs a package that is not here; `make test` says so."""
    if collection_path.suffix == ".py" and missing(collection_path):
        return True
    return None


@pytest.hookimpl(hookwrapper=True)
def pytest_collection():
    """Collect without looking for garbage, nor later in what was collected.

    A million objects live to the end: to look through them again and again
    took a third of the time, and a part of every test's. What tests leave is
    looked through less often than by default, which took another fifth.
    """
    gc.disable()
    yield
    gc.enable()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


try:
    from hypothesis import settings
except ImportError:
    pass
else:
    # A loaded machine is no failure, so a single example has no deadline.
    settings.register_profile("book", deadline=None, print_blob=True)
    settings.load_profile("book")


@pytest.fixture(autouse=True, scope="session")
def _no_readers_record(tmp_path_factory):
    """Keep the progress of whoever runs the tests out of them."""
    path = tmp_path_factory.mktemp("progress") / "progress.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SELFATTN_PROGRESS", str(path))
        yield
