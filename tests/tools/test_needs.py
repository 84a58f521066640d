"""What a test needs is what it imports, itself or through the book's files."""

from __future__ import annotations

import needs
import pytest
from checkout import ROOT

NO_TORCH = frozenset({"torch"})


def lacking(folder, text: str, absent=NO_TORCH) -> set[str]:
    file = folder / "test_one.py"
    file.write_text(text, "utf8")
    needs.missing.cache_clear()
    return set(needs.missing(file, absent))


@pytest.mark.parametrize(
    "text",
    [
        "import torch",
        "import torch.nn.functional as F",
        "from torch import nn",
        "from selfattn import attention",
        "import selfattn.layers",
        "from selfattn.exercises.ch05 import one_head",
        "import helper",
    ],
)
def test_what_imports_torch_needs_it(tmp_path, text):
    (tmp_path / "helper.py").write_text("from selfattn import layers", "utf8")
    assert lacking(tmp_path, text) == {"torch"}
    assert lacking(tmp_path, text, frozenset({"yaml"})) == set()


@pytest.mark.parametrize(
    "text",
    [
        "import selfattn",
        "from selfattn import reference",
        "def test_one():\n    import torch",
        "import selfatn  # a slip must fail, not leave the test out",
    ],
)
def test_what_does_not_import_it_runs(tmp_path, text):
    assert lacking(tmp_path, text) == set()


def test_what_is_not_said_by_an_import_is_there():
    tests = ROOT / "tests"
    names = {path.name for path in tests.rglob("*")}
    assert set(needs.UNSAID) <= names
    site = frozenset(["jupyter_book"])
    assert needs.missing(tests / "site/test_print.py", site) == site
