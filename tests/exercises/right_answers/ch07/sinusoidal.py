"""Right answers to 07.sinusoidal, in other styles."""

import math

import numpy as np


def sinusoidal_loop(places, d_model, base=10000.0):
    half = d_model // 2
    rows = []
    for p in places:
        row = []
        for j in range(d_model):
            angle = p / base ** (2 * (j % half) / d_model)
            row.append(math.sin(angle) if j < half else math.cos(angle))
        rows.append(row)
    return rows


def sinusoidal_stacked(places, d_model, base=10000.0):
    omega = np.exp(-np.log(base) * np.arange(0, d_model, 2) / d_model)
    z = np.exp(1j * np.outer(places, omega))
    return np.hstack([z.imag, z.real])


def sinusoidal_phase(places, d_model, base=10000.0):
    omega = base ** (-np.arange(0, d_model, 2) / d_model)
    phase = np.repeat([0, np.pi / 2], d_model // 2)
    return np.sin(np.outer(places, np.tile(omega, 2)) + phase)


def sinusoidal_torch(places, d_model, base=10000.0):
    import torch

    p = torch.as_tensor(np.array(places, dtype=float))[:, None]
    m = torch.arange(0, d_model, 2, dtype=torch.float64)
    angles = p * torch.exp(m * (-math.log(base) / d_model))
    table = torch.zeros(len(p), d_model, dtype=torch.float64)
    half = d_model // 2
    table[:, :half], table[:, half:] = torch.sin(angles), torch.cos(angles)
    return table
