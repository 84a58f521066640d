"""Right answers to 12.linear_chunks, in other styles."""

import numpy as np


def linear_chunks_by_position(phi_q, phi_k, v, chunk):
    products = np.cumsum(phi_k[:, :, None] * v[:, None, :], axis=0)
    totals = np.cumsum(phi_k, axis=0)
    out = np.einsum("im,imd->id", phi_q, products)
    out = out / np.einsum("im,im->i", phi_q, totals)[:, None]
    first = np.zeros((1, *products.shape[1:]))
    before = np.concatenate([first, products])[0 : len(v) : chunk]
    return out, before


def linear_chunks_split(phi_q, phi_k, v, chunk):
    cuts = list(range(chunk, len(v), chunk))
    parts = [np.split(x, cuts) for x in (phi_q, phi_k, v)]
    sums = [k.T @ x for k, x in zip(parts[1], parts[2], strict=True)]
    memories = np.array([sum(sums[:c], 0 * sums[0]) for c in range(len(sums))])
    weights = np.tril(phi_q @ phi_k.T)
    return (weights @ v) / weights.sum(axis=1, keepdims=True), memories
