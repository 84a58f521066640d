"""The forms of chapter 13 beside torch's fused full attention.

All forms of one sequence in one round, torch on the CPU, forward and backward,
no causal mask. Local, low rank and random features must be quicker than the
fused full form; the strided form and the tiles, which loop in Python, stand
beside them without a budget.
"""

from __future__ import annotations

import statistics
import time

import torch

from selfattn import attention

BUDGET = 1.0
LENGTH, WIDTH, HEADS, ROUNDS = 4096, 64, 4, 5
RADIUS, STRIDE, RANK, FEATURES = 32, 64, 64, 64
HELD = ("local", "low rank", "features")


def contestants():
    """name -> a call that runs forward and backward."""
    torch.manual_seed(0)
    q, k, v = (
        torch.randn(1, HEADS, LENGTH, WIDTH, requires_grad=True)
        for _ in range(3)
    )
    e, f = torch.randn(2, RANK, LENGTH) / LENGTH**0.5  # (r, S) each
    w = torch.randn(FEATURES, WIDTH)  # (m, d_k)

    def features():
        phi_q = attention.positive_features(q, w)  # (..., L, m)
        phi_k = attention.positive_features(k, w)  # (..., S, m)
        mixed = phi_q @ (phi_k.transpose(-1, -2) @ v)  # (..., L, d_v)
        return mixed / (phi_q @ phi_k.sum(dim=-2)[..., None])

    def first(form, *arguments):
        return lambda: form(q, k, v, *arguments, return_weights=False)[0]

    forms = {
        "fused": lambda: attention.fused(q, k, v),
        "local": first(attention.banded, RADIUS),
        "strided": first(attention.strided, STRIDE),
        "low rank": first(attention.low_rank, e, f),
        "features": features,
        "tiles": first(lambda *a, **b: attention.tiled(*a, tile=512, **b)),
    }
    return {
        name: lambda form=form: torch.autograd.grad(form().sum(), (q, k, v))
        for name, form in forms.items()
    }


def race(rounds=ROUNDS):
    """name -> seconds in each round; the first one is left out."""
    calls = contestants()
    taken = {name: [] for name in calls}
    for _ in range(rounds + 1):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            taken[name].append(time.perf_counter() - start)
    return {name: times[1:] for name, times in taken.items()}


def main() -> int:
    """Print times and ratios; return 1 if a budget is exceeded, else 0."""
    taken = race()
    print(f"L = {LENGTH:,}, {HEADS} heads of {WIDTH}, forward and backward")
    exceeded = False
    for name, times in taken.items():
        ratio = statistics.median(
            own / fused
            for own, fused in zip(times, taken["fused"], strict=True)
        )
        line = (
            f"  {name:9} {1e3 * statistics.median(times):8.1f} ms:"
            f" {ratio:.2f} × the fused full form"
        )
        if name in HELD:
            line += f" (budget {BUDGET:.1f})"
            exceeded |= ratio > BUDGET
        print(line)
    return int(exceeded)
