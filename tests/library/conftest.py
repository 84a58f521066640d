"""What tests of the library and of its studies share."""

from __future__ import annotations

import sys

import pytest
from checkout import STUDIES


@pytest.fixture(scope="module")
def studies():
    """The studies' folder is on the path, as for a script that runs there."""
    sys.path.insert(0, str(STUDIES))
    yield
    sys.path.remove(str(STUDIES))
