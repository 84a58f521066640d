"""Measure every budget and print it beside its limit.

    python -m benchmarks [imports grader attention]

The exit status is 1 if a budget is exceeded.
"""

from __future__ import annotations

import importlib.util
import io
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import NamedTuple


class Measured(NamedTuple):
    what: str
    value: float
    limit: float | None
    unit: str

    @property
    def kept(self) -> bool:
        return self.limit is None or self.value <= self.limit

    def __str__(self) -> str:
        text = f"  {self.what:<46} {self.value:7.3f} {self.unit:<2}"
        if self.limit is None:
            return text + " (no budget)"
        return f"{text} of {self.limit:g}  {'ok' if self.kept else 'TOO SLOW'}"


def seconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def imports() -> list[Measured]:
    """Import time above NumPy's: the median difference of paired runs."""

    def start(code: str) -> float:
        command = [sys.executable, "-c", code]
        return seconds(lambda: subprocess.run(command, check=True))

    rows = []
    budgets = {"import selfattn": 0.15, "from selfattn import check": None}
    for what, budget in budgets.items():
        start(what)
        extra = [
            start(f"import numpy; {what}") - start("import numpy")
            for _ in range(9)
        ]
        rows.append(Measured(f"{what}, above NumPy",
                             statistics.median(extra), budget, "s"))
    return rows


def grader() -> list[Measured]:
    """The slowest `check` of each tier, right answer and slowest mistake."""
    from selfattn import check, exercises

    limits = {"numpy": 0.3, "torch": 2.0}
    worst: dict[str, tuple[float, str]] = {}
    for exercise in exercises.all():
        if exercise.tier not in limits:
            continue
        right = exercise.reference
        if exercise.kind == "value":
            right = right()
        tried = {"right": right}
        tried |= {name: trap.wrong for name, trap in exercise.traps.items()}
        for name, answer in tried.items():
            if exercise.kind == "value" and callable(answer):
                answer = answer()

            def once(id=exercise.id, answer=answer):
                # Outside a notebook, check prints its report.
                with redirect_stdout(io.StringIO()):
                    check(id, answer)

            took = min(seconds(once) for _ in range(3))
            label = f"{exercise.id}, {name}"
            worst[exercise.tier] = max(
                worst.get(exercise.tier, (0.0, "")), (took, label)
            )
    return [
        Measured(f"check, {tier}: slowest is {label}", took, limits[tier], "s")
        for tier, (took, label) in worst.items()
    ]


def attention() -> list[Measured]:
    """Multi-head attention against bare projections and torch's kernel."""
    if importlib.util.find_spec("torch") is None:
        print("  no torch here: attention is left out")
        return []
    import torch
    from torch import nn
    from torch.nn.functional import scaled_dot_product_attention

    from selfattn.layers import MultiHeadAttention

    batch, length, d_model, n_heads = 4, 256, 256, 8

    class Bare(nn.Module):
        """Three projections, the fused kernel, the output projection."""

        def __init__(self):
            super().__init__()
            self.q, self.k, self.v, self.o = (
                nn.Linear(d_model, d_model, bias=False) for _ in range(4)
            )

        def forward(self, x):
            shape = (batch, length, n_heads, d_model // n_heads)
            q, k, v = (
                part(x).view(shape).transpose(1, 2)  # (B, H, L, d_k)
                for part in (self.q, self.k, self.v)
            )
            out = scaled_dot_product_attention(q, k, v)
            out = out.transpose(1, 2).reshape(batch, length, d_model)
            return self.o(out)

    torch.manual_seed(0)
    bare, ours = Bare(), MultiHeadAttention(d_model, n_heads)
    x = torch.randn(batch, length, d_model)

    def step(module):
        module.zero_grad(set_to_none=True)
        out = module(x)
        (out[0] if isinstance(out, tuple) else out).sum().backward()

    for _ in range(5):
        step(bare), step(ours)
    ratios = []
    for turn in range(60):
        order = (ours, bare) if turn % 2 else (bare, ours)
        took = {module: seconds(lambda m=module: step(m)) for module in order}
        ratios.append(took[ours] / took[bare])
    return [
        Measured("multi-head, forward + backward, against bare",
                 statistics.median(ratios), 1.05, "x")
    ]


GROUPS = {"imports": imports, "grader": grader, "attention": attention}


def main(names: list[str]) -> int:
    if unknown := [name for name in names if name not in GROUPS]:
        print(f"groups are {', '.join(GROUPS)}: got {', '.join(unknown)}",
              file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {platform.machine()}, "
          f"{os.cpu_count()} cores")
    rows: list[Measured] = []
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["SELFATTN_PROGRESS"] = os.path.join(scratch, "p.json")
        for name in names or GROUPS:
            print(f"{name} …", flush=True)
            for row in GROUPS[name]():
                print(row, flush=True)
                rows.append(row)
    return int(not all(row.kept for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
