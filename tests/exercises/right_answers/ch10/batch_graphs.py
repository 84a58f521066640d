"""Right answers to 10.batch_graphs, in other styles."""

import numpy as np


def batch_graphs_loop(sizes, edge_lists):
    pairs, owner, start = [], [], 0
    for g, (size, edges) in enumerate(zip(sizes, edge_lists, strict=True)):
        pairs += [[i + start, j + start] for i, j in edges.tolist()]
        owner += [g] * size
        start += size
    return np.array(pairs, dtype=int).reshape(-1, 2), np.array(owner)


def batch_graphs_shifted(sizes, edge_lists):
    ends = np.cumsum(sizes)
    many = [len(e) for e in edge_lists]
    shift = np.repeat(ends - sizes, many)[:, None]
    owner = np.searchsorted(ends, np.arange(ends[-1]), side="right")
    return np.vstack(edge_lists) + shift, owner
