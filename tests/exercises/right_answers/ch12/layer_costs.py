"""Right answers to 12.layer_costs, in other styles."""

import numpy as np


def layer_costs_counted(n, d, chunk):
    at = np.arange(n)
    seen = n - at  # by how many queries each key is seen
    last = np.minimum((at // chunk + 1) * chunk, n)  # where its chunk ends
    pairs, inside = int(seen.sum()), int((last - at).sum())
    state = n * d * (2 * d + 1)
    rows = [
        (n * d * d * 2, n),
        (pairs * d * 2, 1),
        (state, n),
        (state + inside * d * 2, -(-n // chunk)),
    ]
    return np.array(rows)


def layer_costs_loop(n, d, chunk):
    inside = steps = 0
    for start in range(0, n, chunk):
        size = min(chunk, n - start)
        inside += sum(range(1, size + 1))
        steps += 1
    state = sum(d * d + d * d + d for _ in range(n))
    return [
        [2 * n * d**2, n],
        [2 * d * sum(range(1, n + 1)), 1],
        [state, n],
        [state + 2 * d * inside, steps],
    ]
