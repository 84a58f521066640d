"""How much our multi-head attention costs beside a bare one and others.

Every round times all modules once, in shuffled order, on the same input, so
that whatever else the machine does falls on all of them. A module's number is
its time over the bare module's in the same round, the median over rounds.
The second bare module shows how far from 1 nothing at all can be.

The budget fails only when it is surely broken: when the 95 % interval of
our median ratio lies wholly above it, at any of the sizes.
"""

from __future__ import annotations

import math
import random
import sys
import time
import warnings

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from selfattn.layers import MultiHeadAttention

BUDGET = 1.05
ROUNDS = 60
SECONDS_PER_TURN = 0.01
SIZES = {  # B, L, d_model, H
    "as in the book": (16, 32, 64, 4),
    "larger": (4, 256, 256, 8),
}


class Bare(nn.Module):
    """Projections around torch's fused kernel: no checks, no options."""

    def __init__(self, d_model, n_heads):
        super().__init__()
        self.n_heads = n_heads
        self.qkv = nn.Linear(d_model, 3 * d_model, bias=False)
        self.out = nn.Linear(d_model, d_model, bias=False)

    def forward(self, x):
        B, L, d_model = x.shape
        parts = self.qkv(x).view(B, L, 3, self.n_heads, -1)
        q, k, v = parts.permute(2, 0, 3, 1, 4)  # (B, H, L, d_k) each
        out = F.scaled_dot_product_attention(q, k, v)  # (B, H, L, d_k)
        return self.out(out.transpose(1, 2).reshape(B, L, d_model))


def contestants(d_model, n_heads):
    """name -> (module, how to call it); all without bias and dropout."""
    bare = Bare(d_model, n_heads)
    ours = MultiHeadAttention(d_model, n_heads)
    ours.load_state_dict(bare.state_dict())
    again = Bare(d_model, n_heads)
    again.load_state_dict(bare.state_dict())
    theirs = ours.to_torch_mha()
    modules = {
        "bare": (bare, bare),
        "bare, again": (again, again),
        "selfattn": (ours, lambda x: ours(x)[0]),
        "torch.nn.MultiheadAttention": (
            theirs,
            lambda x: theirs(x, x, x, need_weights=False)[0],
        ),
    }
    other = third_party(ours)
    if other is not None:
        modules["x-transformers"] = other
    return modules


def third_party(ours):
    """x-transformers' attention with our weights, or None without it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from x_transformers.x_transformers import Attention
    except ImportError:
        return None
    d_model, n_heads = ours.d_model, ours.n_heads
    module = Attention(
        dim=d_model, heads=n_heads, dim_head=d_model // n_heads, flash=True
    )
    names = ("to_q", "to_k", "to_v")
    with torch.no_grad():
        for name, weight in zip(names, ours.qkv.weight.chunk(3), strict=True):
            getattr(module, name).weight.copy_(weight)
        module.to_out.weight.copy_(ours.out.weight)
    return module, module


def turn(call, x, times):
    """Seconds for one forward and backward pass, the mean of a few."""
    if x.is_cuda:
        torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(times):
        call(x).sum().backward()
    if x.is_cuda:
        torch.cuda.synchronize()
    return (time.perf_counter() - start) / times


def race(modules, x, rounds=ROUNDS):
    """name -> seconds in each round, (rounds,)."""
    want = modules["bare"][1](x)
    for name, (_, call) in modules.items():  # also warms everything up
        if not torch.allclose(call(x), want, atol=1e-5):
            raise RuntimeError(f"{name} computes something else")
        turn(call, x, 3)
    once = min(turn(modules["bare"][1], x, 3) for _ in range(5))
    times = max(1, math.ceil(SECONDS_PER_TURN / once))
    seconds = {name: [] for name in modules}
    order = list(modules)
    for _ in range(rounds):
        random.shuffle(order)
        for name in order:
            seconds[name].append(turn(modules[name][1], x, times))
    return {name: np.array(taken) for name, taken in seconds.items()}


def median_interval(ratios):
    """The median and the 95 % interval for it, from order statistics."""
    ordered, n = np.sort(ratios), len(ratios)
    half = 0.98 * math.sqrt(n)  # 1.96 standard deviations of Bin(n, 1/2)
    low = max(0, math.floor(n / 2 - half))
    high = min(n - 1, math.ceil(n / 2 + half))
    return np.median(ordered), ordered[low], ordered[high]


def main():
    """Print the ratios; return 1 if the budget is surely broken, else 0."""
    random.seed(0)
    torch.manual_seed(0)
    print(
        "Multi-head attention, forward + backward, time over a bare module's"
        f"\n(torch {torch.__version__}, {torch.get_num_threads()} threads, "
        f"{ROUNDS} rounds; 95 % interval of the median, middle 80 % of rounds)"
    )
    broken = False
    for size, (B, L, d_model, n_heads) in SIZES.items():
        x = torch.randn(B, L, d_model, requires_grad=True)
        modules = contestants(d_model, n_heads)
        seconds = race(modules, x)
        bare = seconds["bare"]
        print(
            f"\n{size}: B = {B}, L = {L}, d_model = {d_model}, "
            f"H = {n_heads}; bare {1e3 * np.median(bare):.2f} ms"
        )
        for name, taken in seconds.items():
            if name == "bare":
                continue
            ratios = taken / bare
            median, low, high = median_interval(ratios)
            tenth, ninetieth = np.quantile(ratios, [0.1, 0.9])
            note = ""
            if name == "selfattn":
                over = low > BUDGET
                broken |= over
                note = f"  budget {BUDGET}: {'BROKEN' if over else 'kept'}"
                if not over and median > BUDGET:
                    note = f"  budget {BUDGET}: unclear, too much noise"
            print(
                f"  {name:28} {median:5.2f}  [{low:.2f}, {high:.2f}]  "
                f"({tenth:.2f} to {ninetieth:.2f}){note}"
            )
        if "x-transformers" not in modules:
            print(
                "  x-transformers               not installed "
                "(pip install x-transformers)"
            )
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
