"""For pytest: nbval runs the cells in a kernel, we compare the outputs.

pytest -p tools.nbcompare.plugin --nbval … chapters/*.ipynb
"""

from __future__ import annotations

import nbval.plugin
import pytest

from .outputs import differences

SHOWN = 12


def compare_outputs(cell, test, ref, skip_compare=None) -> bool:
    """In the place of nbval's own: whether a reader sees no difference."""
    figures = not cell.config.option.other_matplotlib
    told = differences(ref, test, figures)
    more = [f"and {len(told) - SHOWN} more"] if told[SHOWN:] else []
    cell.comparison_traceback = told[:SHOWN] + more
    return not told


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("nbval").addoption(
        "--other-matplotlib",
        action="store_true",
        help="another release drew the stored figures: leave them out",
    )


def pytest_configure() -> None:
    nbval.plugin.IPyNbCell.compare_outputs = compare_outputs
