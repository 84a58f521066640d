"""Right answers to 07.rotary, in other styles."""

import math

import numpy as np


def _shift_matrix(steps, d_model, base=10000.0):
    angle = steps / base ** (np.arange(0, d_model, 2) / d_model)
    out = np.zeros((d_model, d_model))
    even, odd = np.arange(0, d_model, 2), np.arange(1, d_model, 2)
    out[even, even] = out[odd, odd] = np.cos(angle)
    out[odd, even] = np.sin(angle)
    out[even, odd] = -np.sin(angle)
    return out


def rotary_complex(x, positions, base=10000.0):
    d = x.shape[-1]
    omega = base ** (-2 * np.arange(d // 2) / d)
    z = x[..., 0::2] + 1j * x[..., 1::2]
    z = z * np.exp(1j * np.multiply.outer(positions, omega))
    return np.stack([z.real, z.imag], axis=-1).reshape(x.shape)


def rotary_swap(x, positions, base=10000.0):
    d = x.shape[-1]
    angles = np.repeat(
        np.outer(positions, base ** (-np.arange(0, d, 2) / d)), 2, axis=-1
    )
    partner = np.stack([-x[..., 1::2], x[..., ::2]], -1).reshape(x.shape)
    return x * np.cos(angles) + partner * np.sin(angles)


def rotary_matrix(x, positions, base=10000.0):
    out = np.zeros(x.shape)
    for row, p in enumerate(positions):
        turn = _shift_matrix(-p, x.shape[-1], base)
        out[..., row, :] = x[..., row, :] @ turn
    return out


def rotary_loop(x, positions, base=10000.0):
    out = x.copy()
    d = x.shape[-1]
    for row, p in enumerate(positions):
        for m in range(d // 2):
            c = math.cos(p * base ** (-2 * m / d))
            s = math.sin(p * base ** (-2 * m / d))
            a, b = x[..., row, 2 * m], x[..., row, 2 * m + 1]
            out[..., row, 2 * m] = a * c - b * s
            out[..., row, 2 * m + 1] = a * s + b * c
    return out
