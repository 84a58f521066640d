"""What every test of the book shares."""

from __future__ import annotations

import importlib.util
import os

import pytest

# One thread: sums come out in the same order on every machine.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The modules that need torch or matplotlib are left out where there is none,
# and `make test` says so.
TORCH = [
    "selfattn/attention.py",
    "selfattn/layers.py",
    "selfattn/exercises/tensors.py",
    "selfattn/exercises/ch*/_torch_*.py",
]
# Read by the exercises' own tests; two chapters may name one alike.
collect_ignore_glob = ["tests/right_answers/*"]
if importlib.util.find_spec("torch") is None:
    from selfattn.exercises import needing_torch

    collect_ignore_glob += TORCH
    collect_ignore_glob += [
        f"selfattn/exercises/ch{name.replace('.', '/')}.py"
        for name in needing_torch()
    ]
if importlib.util.find_spec("matplotlib") is None:
    collect_ignore_glob += ["selfattn/plots.py"]
if not all(map(importlib.util.find_spec, ["anywidget", "matplotlib"])):
    collect_ignore_glob += ["selfattn/widgets/base.py"]
    collect_ignore_glob += ["selfattn/widgets/*/*.py"]

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
