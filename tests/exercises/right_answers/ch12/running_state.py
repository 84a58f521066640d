"""Right answers to 12.running_state, in other styles."""

import numpy as np


def running_state_cumulative(phi_q, phi_k, v, memory, total):
    products = phi_k[:, :, None] * v[:, None, :]  # (L, m, d_v)
    memories = memory + np.cumsum(products, axis=0)
    totals = total + np.cumsum(phi_k, axis=0)
    out = np.einsum("im,imd->id", phi_q, memories)
    return out / (phi_q * totals).sum(1)[:, None], memories[-1], totals[-1]


def running_state_parallel(phi_q, phi_k, v, memory, total):
    inside = np.tril(phi_q @ phi_k.T)
    top = inside @ v + phi_q @ memory
    down = inside.sum(axis=1) + phi_q @ total
    return top / down[:, None], memory + phi_k.T @ v, total + phi_k.sum(0)
