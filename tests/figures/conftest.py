"""Figures store nothing: their tests look at them in pages that stay open."""

from __future__ import annotations

import pytest


@pytest.fixture
def visit(revisit):
    return revisit
