"""Right answers to 07.rotary_scores, in other styles."""

import math

import torch


def rotary_scores_complex(q, k, base=10000.0):
    d, n_keys = k.shape[-1], k.shape[2]
    m = torch.arange(d // 2, device=q.device, dtype=q.dtype)
    places = torch.arange(n_keys, device=q.device, dtype=q.dtype)
    turn = torch.exp(1j * torch.outer(places, base ** (-2 * m / d)))
    zq = torch.complex(q[..., 0::2], q[..., 1::2])
    zk = torch.complex(k[..., 0::2], k[..., 1::2])
    zq, zk = zq * turn[n_keys - q.shape[2] :], zk * turn
    return (zq @ zk.conj().transpose(-1, -2)).real / math.sqrt(d)


def rotary_scores_by_distance(q, k, base=10000.0):
    d, n, n_keys = k.shape[-1], q.shape[-2], k.shape[-2]
    at = torch.arange(n_keys, device=q.device)
    steps = (at[n_keys - n :, None] - at).to(q.dtype)
    scores = 0
    for m in range(d // 2):
        angle = steps * base ** (-2 * m / d)
        a, b = q[..., 2 * m, None], q[..., 2 * m + 1, None]
        c, e = k[..., None, :, 2 * m], k[..., None, :, 2 * m + 1]
        scores = scores + (a * c + b * e) * angle.cos()
        scores = scores + (a * e - b * c) * angle.sin()
    return scores * d**-0.5


def rotary_scores_package(q, k, base=10000.0):
    from selfattn import attention

    places = torch.arange(k.shape[-2], dtype=torch.float64)
    late = places[k.shape[-2] - q.shape[-2] :]
    return attention.dot_scores(
        attention.rotary(q, late, base), attention.rotary(k, places, base)
    )
