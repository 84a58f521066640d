"""What stands for Triton where it is not installed.

Kernels can then still be written down; to start one raises a sentence that
says why it cannot run. `fused_triton` uses it, and the notebook through it.
"""

from __future__ import annotations

WHY_NOT = (
    "Triton is not installed here, so this kernel cannot run: it has releases "
    "for Linux alone; open the chapter on Colab, or install triton there"
)


class _Kernel:
    """A kernel that can be written but not started."""

    def __init__(self, function):
        self.fn = function

    def __getitem__(self, grid):
        raise RuntimeError(WHY_NOT)


class triton:
    """The names of `triton` that kernels and their callers use."""

    WHY_NOT = WHY_NOT
    jit = _Kernel

    @staticmethod
    def cdiv(a, b):
        """How many pieces of size b cover a."""
        return -(-a // b)

    @staticmethod
    def next_power_of_2(n):
        """The smallest power of two that is at least n."""
        return 1 << (n - 1).bit_length()


class tl:
    """The name of `triton.language` that a kernel's signature needs."""

    constexpr = int
