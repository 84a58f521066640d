"""Right answers to 12.running_state, in other styles."""

import numpy as np


def running_state_lists(phi_q, phi_k, v, forget, memory, total):
    out = []
    for query, key, value, gate in zip(phi_q, phi_k, v, forget, strict=True):
        memory = gate * memory + key[:, None] * value
        total = gate * total + key
        out.append((query @ memory) / (query @ total))
    return np.stack(out), memory, total


def running_state_parallel(phi_q, phi_k, v, forget, memory, total):
    n = len(v)
    kept = np.array(
        [[np.prod(forget[j + 1 : i + 1]) for j in range(n)] for i in range(n)]
    )  # (L, L): what is left at i of key j
    past = np.cumprod(forget)[:, None]  # (L, 1)
    inside = np.tril(phi_q @ phi_k.T * kept)
    top = inside @ v + past * (phi_q @ memory)
    down = inside.sum(axis=1, keepdims=True) + past * (phi_q @ total)[:, None]
    last = (kept[-1][:, None] * phi_k).T  # (m, L)
    memory = past[-1] * memory + last @ v
    return top / down, memory, past[-1] * total + last.sum(axis=1)


def running_state_one_sum(phi_q, phi_k, v, forget, memory, total):
    # The total is the memory of a value that is always 1.
    v = np.concatenate([v, np.ones((len(v), 1))], axis=1)
    state = np.concatenate([memory, total[:, None]], axis=1)
    read = np.empty_like(v)
    for i in range(len(v)):
        state = forget[i] * state + np.outer(phi_k[i], v[i])
        read[i] = phi_q[i] @ state
    return read[:, :-1] / read[:, -1:], state[:, :-1], state[:, -1]
