"""What attention on a graph costs: a mask or an edge list. Chapter 10.

    python data/studies/edge_cost.py

Random graphs in which a node has about four neighbours, vectors of 16
numbers, float32, torch on one core. Time of one forward pass, the quickest of
fifteen rounds, of which each times every size once: other work can only make
a call slower. The L×L form stops at 4000 nodes, whose scores fill 64 MB; an
edge list goes on to 100,000 nodes.
Writes results/edge_cost.json.
"""

from __future__ import annotations

import time

import numpy as np
import torch
from recording import conditions, one_thread, save

from selfattn import attention, masks

DEGREE, WIDTH, ROUNDS = 4, 16, 15
NODES = (100, 300, 1_000, 2_000, 4_000, 10_000, 30_000, 100_000)
DENSE = 4_000  # the most nodes with an L×L mask


def graph(n):
    """Pairs (query, key), about 5 per node, and vectors (n, WIDTH)."""
    rng = np.random.default_rng(n)
    ends = rng.integers(n, size=(n * DEGREE // 2, 2))  # (E, 2)
    pairs = torch.from_numpy(masks.edge_list(ends, n))
    return pairs, torch.from_numpy(
        rng.standard_normal((n, WIDTH), dtype=np.float32)
    )


def calls():
    """(form, n) -> what is timed; and the numbers of scores of each."""
    made, scores = {}, {}
    for n in NODES:
        pairs, x = graph(n)
        made["edges", n] = lambda x=x, pairs=pairs: attention.edge_attention(
            x, x, x, mask=pairs
        )
        scores["edges", n] = len(pairs)
        if n > DENSE:
            continue
        mask = torch.zeros(n, n, dtype=torch.bool)
        mask[tuple(pairs.T)] = True
        made["mask", n] = lambda x=x, mask=mask: attention.attention(
            x, x, x, mask=mask
        )
        scores["mask", n] = n * n
    return made, scores


def main():
    one_thread()
    made, scores = calls()
    taken = {key: [] for key in made}
    for round_ in range(ROUNDS + 1):
        for key, call in made.items():
            start = time.perf_counter()
            call()
            if round_:  # the first one warms up
                taken[key].append(time.perf_counter() - start)
    rows = [
        {
            "form": form,
            "nodes": n,
            "scores": scores[form, n],
            "ms": round(1000 * min(times), 3),
        }
        for (form, n), times in taken.items()
    ]
    settings = {"neighbours": DEGREE, "width": WIDTH, "rounds": ROUNDS}
    save(
        "edge_cost",
        {**conditions(__file__), "settings": settings, "rows": rows},
    )
    for row in rows:
        print(row, flush=True)


if __name__ == "__main__":
    main()
