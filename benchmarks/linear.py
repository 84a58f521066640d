"""Causal linear attention beside torch's fused full attention.

All forms of one sequence in one round, torch on the CPU, forward and backward.
The chunked form must be quicker than the fused full form at the largest
length, and its time must grow with the length: four times as long a sequence
may take at most six times as long. The recurrent form stands beside them
without a budget: a loop in Python.
"""

from __future__ import annotations

import statistics
import time

import torch

from selfattn import attention

BUDGET, SLOPE = 1.0, 6.0
WIDTH, HEADS, ROUNDS = 64, 4, 5
LENGTHS = (1024, 4096)


def contestants(n):
    """name -> a call on n positions that runs forward and backward."""
    torch.manual_seed(0)
    q, k, v = (
        torch.randn(1, HEADS, n, WIDTH, requires_grad=True) for _ in range(3)
    )

    def linear(form):
        return attention.linear_attention(q, k, v, form=form)[0]

    forms = {
        "fused": lambda: attention.fused(q, k, v, causal=True),
        "chunked": lambda: linear("chunked"),
    }
    if n == LENGTHS[0]:
        forms["parallel"] = lambda: linear("parallel")
        forms["recurrent"] = lambda: linear("recurrent")
    return {
        name: lambda form=form: torch.autograd.grad(form().sum(), (q, k, v))
        for name, form in forms.items()
    }


def race(rounds=ROUNDS):
    """(name, n) -> seconds in each round; the first one is left out."""
    calls = {
        (name, n): call
        for n in LENGTHS
        for name, call in contestants(n).items()
    }
    taken = {key: [] for key in calls}
    for _ in range(rounds + 1):
        for key, call in calls.items():
            start = time.perf_counter()
            call()
            taken[key].append(time.perf_counter() - start)
    return {key: times[1:] for key, times in taken.items()}


def main() -> int:
    """Print times and ratios; return 1 if a budget is exceeded, else 0."""
    taken = race()
    print(f"Causal, {HEADS} heads of {WIDTH}, forward and backward")
    exceeded = False
    for (name, n), times in taken.items():
        full = taken["fused", n]
        ratio = statistics.median(
            own / fused for own, fused in zip(times, full, strict=True)
        )
        line = (
            f"  {name:9} L = {n:5,} {1e3 * statistics.median(times):8.1f} ms:"
            f" {ratio:.2f} × the fused full form"
        )
        if (name, n) == ("chunked", LENGTHS[-1]):
            line += f" (budget {BUDGET:.1f})"
            exceeded |= ratio > BUDGET
        print(line)
    short, long = (taken["chunked", n] for n in LENGTHS)
    slope = statistics.median(b / a for a, b in zip(short, long, strict=True))
    print(
        f"  chunked: four times the length, {slope:.1f} times as long "
        f"(budget {SLOPE:.0f})"
    )
    return int(exceeded or slope > SLOPE)
