"""Right answers to 10.edge_list, in other styles."""

import numpy as np


def edge_list_set(edges, n_nodes):
    pairs = {(i, i) for i in range(n_nodes)}
    for i, j in edges:
        pairs |= {(i, j), (j, i)}
    return np.array(sorted(pairs))


def edge_list_matrix(edges, n_nodes):
    mask = np.eye(n_nodes, dtype=bool)
    for i, j in edges:
        mask[i, j] = mask[j, i] = True
    return np.argwhere(mask)
