"""How the work of edge-list attention grows with the edges.

In each round every size is timed once, NumPy and torch, on random graphs of
up to 100,000 nodes. The budget is on the slope where nothing fits into a
cache any more: four times the edges may take at most six times as long, the
median over rounds. Below that a cache makes small graphs quicker per edge.
Where both fit, the L×L form is timed beside it in the same round.
"""

from __future__ import annotations

import time

import numpy as np
import torch

from selfattn import attention, masks, reference

BUDGET = 6.0  # times as long for four times the edges
DEGREE, WIDTH, ROUNDS = 4, 64, 7
NODES = (1_000, 5_000, 25_000, 100_000)
DENSE = 2_000  # nodes of the comparison with the L×L form


def graph(n, degree=DEGREE, seed=0):
    """An edge list (about degree * n, 2) and vectors (n, WIDTH)."""
    rng = np.random.default_rng(seed)
    ends = rng.integers(n, size=(n * degree // 2, 2))  # (E, 2)
    pairs = masks.edge_list(ends, n)  # both directions, and loops
    return pairs, rng.standard_normal((n, WIDTH), dtype=np.float32)


def contestants(n):
    """name -> a call that runs edge-list attention on n nodes."""
    pairs, x = graph(n)
    tensor, tensor_pairs = torch.from_numpy(x), torch.from_numpy(pairs)
    return {
        "NumPy": lambda: reference.edge_attention(x, x, x, mask=pairs),
        "torch": lambda: attention.edge_attention(
            tensor, tensor, tensor, mask=tensor_pairs
        ),
    }


def seconds(call):
    """How long one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def race(rounds=ROUNDS):
    """(name, n) -> seconds in each round."""
    calls = {
        (name, n): call for n in NODES for name, call in contestants(n).items()
    }
    taken = {key: [] for key in calls}
    for call in calls.values():
        call()
    for _ in range(rounds):
        for key, call in calls.items():
            taken[key].append(seconds(call))
    return {key: np.array(times) for key, times in taken.items()}


def beside_dense(rounds=ROUNDS):
    """How many times longer the L×L form takes, at DENSE nodes."""
    pairs, x = graph(DENSE)
    x, mask = torch.from_numpy(x), np.zeros((DENSE, DENSE), dtype=bool)
    mask[tuple(pairs.T)] = True
    pairs, mask = torch.from_numpy(pairs), torch.from_numpy(mask)
    ratios = []
    for _ in range(rounds + 1):
        full = seconds(lambda: attention.attention(x, x, x, mask=mask))
        edges = seconds(lambda: attention.edge_attention(x, x, x, mask=pairs))
        ratios.append(full / edges)
    return float(np.median(ratios[1:]))


def main():
    """Print times and slopes; return 1 if the budget is exceeded, else 0."""
    torch.manual_seed(0)
    print(
        f"Edge-list attention, {DEGREE} edges per node, width {WIDTH}, median"
        f" of {ROUNDS} rounds"
    )
    taken = race()
    exceeded = False
    for name in ("NumPy", "torch"):
        for n in NODES:
            middle = np.median(taken[name, n])
            print(f"  {name:6} {n:8,} nodes {1000 * middle:9.1f} ms")
        small, large = NODES[-2:]
        slope = float(np.median(taken[name, large] / taken[name, small]))
        exceeded |= slope > BUDGET
        verdict = "TOO SLOW" if slope > BUDGET else "ok"
        print(
            f"  {name:6} four times the edges: {slope:.1f} times as long "
            f"(budget {BUDGET:.0f}): {verdict}"
        )
    print(
        f"  the L×L form at {DENSE:,} nodes takes {beside_dense():.0f} times "
        "as long"
    )
    return int(exceeded)
