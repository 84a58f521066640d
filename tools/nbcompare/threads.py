"""What does the sums here: which kernels, on how many threads.

python -m tools.nbcompare.threads     one line of JSON
"""

from __future__ import annotations

import ctypes
import importlib.util
import json
from pathlib import Path

import numpy as np


def use(threads: int) -> None:
    """Give BLAS and torch so many threads, also where there are fewer cores.

    OMP_NUM_THREADS asks for no more than the machine has.
    """
    if (blas := _openblas()) is not None:
        blas.scipy_openblas_set_num_threads64_(threads)
    if importlib.util.find_spec("torch"):
        import torch

        torch.set_num_threads(threads)


def seen() -> dict[str, object]:
    """The kernels and threads that a process really has."""
    told: dict[str, object] = {"numpy": numpy_features()}
    if (blas := _openblas()) is not None:
        blas.scipy_openblas_get_corename64_.restype = ctypes.c_char_p
        told["blas"] = blas.scipy_openblas_get_corename64_().decode()
        told["blas_threads"] = blas.scipy_openblas_get_num_threads64_()
    if importlib.util.find_spec("torch"):
        import torch

        told["torch"] = torch.backends.cpu.get_cpu_capability()
        told["torch_threads"] = torch.get_num_threads()
    return told


def numpy_features() -> list[str]:
    """Beyond the baseline: what NumPy found here and uses."""
    from numpy._core import _multiarray_umath as core

    return [f for f in core.__cpu_dispatch__ if core.__cpu_features__[f]]


def _openblas() -> ctypes.CDLL | None:
    """The OpenBLAS in NumPy's own wheel, where it has one."""
    folder = Path(np.__file__).parent.with_name("numpy.libs")
    for path in folder.glob("libscipy_openblas64_*"):
        return ctypes.CDLL(str(path))
    return None


if __name__ == "__main__":
    print(json.dumps(seen()))
