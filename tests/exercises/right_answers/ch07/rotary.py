"""Right answers to 07.rotary, in other styles."""

import math

import numpy as np


def rotary_complex(q, k, places, base=10000.0):
    half = q.shape[-1] // 2
    omega = base ** (-np.arange(half) / half)
    turn = np.exp(1j * np.multiply.outer(places, omega))
    out = []
    for x in (q, k):
        z = (x[..., :half] + 1j * x[..., half:]) * turn
        out.append(np.concatenate([z.real, z.imag], axis=-1))
    return tuple(out)


def rotary_half(q, k, places, base=10000.0):
    d = q.shape[-1]
    angles = np.outer(places, base ** (-np.arange(0, d, 2) / d))
    angles = np.tile(angles, 2)

    def rotate_half(x):
        one, two = np.split(x, 2, axis=-1)
        return np.concatenate([-two, one], axis=-1)

    cos, sin = np.cos(angles), np.sin(angles)
    return [q * cos + rotate_half(q) * sin, k * cos + rotate_half(k) * sin]


def rotary_matrix(q, k, places, base=10000.0):
    half = q.shape[-1] // 2
    new_q, new_k = np.zeros_like(q), np.zeros_like(k)
    for row, p in enumerate(places):
        angle = p * base ** (-np.arange(half) / half)
        c, s = np.diag(np.cos(angle)), np.diag(np.sin(angle))
        turn = np.block([[c, s], [-s, c]])
        new_q[..., row, :] = q[..., row, :] @ turn
        new_k[..., row, :] = k[..., row, :] @ turn
    return new_q, new_k


def rotary_loop(q, k, places, base=10000.0):
    out = q.copy(), k.copy()
    d = q.shape[-1]
    for old, new in zip((q, k), out, strict=True):
        for row, p in enumerate(places):
            for m in range(d // 2):
                c = math.cos(p * base ** (-2 * m / d))
                s = math.sin(p * base ** (-2 * m / d))
                a, b = old[..., row, m], old[..., row, m + d // 2]
                new[..., row, m] = a * c - b * s
                new[..., row, m + d // 2] = a * s + b * c
    return out
