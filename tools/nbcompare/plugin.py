"""For pytest: nbval runs the cells in a kernel, we compare the outputs.

pytest -p tools.nbcompare.plugin --nbval … chapters/*.ipynb
"""

from __future__ import annotations

import os
import tempfile

import nbval.kernel
import nbval.plugin
import pytest
from jupyter_client.manager import KernelManager

from .outputs import differences

SHOWN = 12


class PrivateKernel(KernelManager):
    """A kernel that is talked to through files of its own.

    Two kernels that start at the same moment may both be told the same free
    port, and one of them dies.
    """

    def __init__(self, **options):
        self._folder = tempfile.TemporaryDirectory(prefix="kernel-")
        sockets = os.path.join(self._folder.name, "s")
        super().__init__(transport="ipc", ip=sockets, **options)


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
    if os.name == "posix":
        nbval.kernel.KernelManager = PrivateKernel
