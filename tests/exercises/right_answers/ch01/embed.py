"""Right answers to 01.embed, in other styles."""

import numpy as np


def embed_product(ids, table):
    return np.eye(len(table))[ids] @ table


def embed_einsum(ids, table):
    marks = (ids[..., None] == np.arange(table.shape[0])).astype(table.dtype)
    return np.einsum("...v,vd->...d", marks, table)


def embed_take(ids, table):
    return np.take(table, ids, axis=0)


def embed_loop(ids, table):
    if ids.ndim == 2:
        return [embed_loop(row, table) for row in ids]
    return [table[int(i)].tolist() for i in ids]


def embed_torch(ids, table):
    import torch

    return torch.nn.functional.embedding(
        torch.as_tensor(ids), torch.as_tensor(table)
    )
