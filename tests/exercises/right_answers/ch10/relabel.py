"""Right answers to 10.relabel, in other styles."""

import numpy as np


def relabel_loop(x, pairs, new):
    rows = x.copy()
    for i, to in enumerate(new):
        rows[to] = x[i]
    renamed = [[new[i], new[j]] for i, j in pairs]
    return rows, np.array(renamed, dtype=int).reshape(-1, 2)


def relabel_sorted(x, pairs, new):
    return x[np.argsort(new)], np.take(new, pairs)
