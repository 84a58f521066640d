"""Right answers to 07.shift_matrix, in other styles."""

import cmath

import numpy as np


def _sinusoidal(n_positions, d_model, base=10000.0):
    j = np.arange(d_model)
    omega = base ** (-(j - j % 2) / d_model)
    phase = np.pi / 2 * (j % 2)
    return np.sin(np.arange(n_positions)[:, None] * omega + phase)


def shift_matrix_slices(steps, d_model, base=10000.0):
    angle = steps / base ** (np.arange(0, d_model, 2) / d_model)
    out = np.zeros((d_model, d_model))
    even, odd = np.arange(0, d_model, 2), np.arange(1, d_model, 2)
    out[even, even] = out[odd, odd] = np.cos(angle)
    out[odd, even] = np.sin(angle)
    out[even, odd] = -np.sin(angle)
    return out


def shift_matrix_solved(steps, d_model, base=10000.0):
    rows = np.arange(7 * d_model)
    e = np.asarray(_sinusoidal(len(rows), d_model, base))
    ahead = np.zeros_like(e)
    for m in range(d_model // 2):
        angle = (rows + steps) * base ** (-2 * m / d_model)
        ahead[:, 2 * m], ahead[:, 2 * m + 1] = np.sin(angle), np.cos(angle)
    out = np.zeros((d_model, d_model))
    for m in range(0, d_model, 2):
        pair = slice(m, m + 2)
        out[pair, pair] = np.linalg.lstsq(e[:, pair], ahead[:, pair])[0]
    return out


def shift_matrix_kron(steps, d_model, base=10000.0):
    out = 0
    for m in range(d_model // 2):
        z = cmath.exp(1j * steps * base ** (-2 * m / d_model))
        turn = np.array([[z.real, -z.imag], [z.imag, z.real]])
        here = np.zeros(d_model // 2)
        here[m] = 1
        out = out + np.kron(np.diag(here), turn)
    return out
