"""A Python that sees the standard library and NumPy, and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy


def folder_with_numpy(folder: Path) -> Path:
    """A folder for PYTHONPATH: links to the NumPy that runs the tests."""
    folder.mkdir()
    home = Path(numpy.__file__).parents[1]
    for part in ("numpy", "numpy.libs"):
        if (home / part).exists():
            (folder / part).symlink_to(home / part)
    return folder
