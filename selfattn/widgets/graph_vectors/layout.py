"""Where the nodes of a graph stand."""

from __future__ import annotations

import numpy as np


def layout(joined: np.ndarray, steps: int = 300) -> np.ndarray:
    """Places (n, 2) whose distances are near the numbers of edges between.

    joined is an adjacency (n, n). Stress is lowered step by step from nodes
    on a circle, so that the same graph always gets the same places.
    """
    n = len(joined)
    if n == 1:
        return np.zeros((1, 2))
    far = np.where(joined, 1.0, np.inf)  # (n, n)
    np.fill_diagonal(far, 0)
    for k in range(n):
        far = np.minimum(far, far[:, [k]] + far[[k]])
    far[np.isinf(far)] = far[np.isfinite(far)].max() + 1
    far = far**0.85  # so that two edges meet at an angle
    turn = 2 * np.pi * np.array(_order(joined)) / n  # (n,)
    xy = np.c_[np.cos(turn), np.sin(turn)] * n / 6  # (n, 2)
    weight = 1 / np.where(far > 0, far, np.inf) ** 2  # (n, n)
    for _ in range(steps):
        gap = xy[:, None] - xy  # (n, n, 2)
        length = np.maximum(np.linalg.norm(gap, axis=-1), 1e-9)  # (n, n)
        pull = (weight * far / length)[..., None] * gap  # (n, n, 2)
        # Each node to where the others, on average, want it.
        xy = ((weight[..., None] * xy[None]) + pull).sum(axis=1)
        xy = xy / weight.sum(axis=1, keepdims=True)
    x, y = (xy - xy.mean(axis=0)).T
    turn = np.arctan2(2 * (x * y).sum(), (x * x - y * y).sum()) / 2
    return np.c_[
        x * np.cos(turn) + y * np.sin(turn),
        y * np.cos(turn) - x * np.sin(turn),
    ]


def _order(joined: np.ndarray) -> list[int]:
    """When a walk that goes deep first meets each node."""
    met, stack = [], []
    for start in range(len(joined)):
        stack.append(start)
        while stack:
            i = stack.pop()
            if i not in met:
                met.append(i)
                stack += np.flatnonzero(joined[i])[::-1].tolist()
    place = {i: k for k, i in enumerate(met)}
    return [place[i] for i in range(len(joined))]
