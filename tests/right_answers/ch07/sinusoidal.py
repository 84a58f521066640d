"""Right answers to 07.sinusoidal, in other styles."""

import math

import numpy as np


def sinusoidal_loop(n_positions, d_model, base=10000.0):
    rows = []
    for i in range(n_positions):
        row = []
        for j in range(d_model):
            angle = i / base ** (2 * (j // 2) / d_model)
            row.append(math.cos(angle) if j % 2 else math.sin(angle))
        rows.append(row)
    return rows


def sinusoidal_stacked(n_positions, d_model, base=10000.0):
    omega = np.exp(-np.log(base) * np.arange(0, d_model, 2) / d_model)
    angles = np.outer(np.arange(n_positions), omega)
    return np.dstack([np.sin(angles), np.cos(angles)]).reshape(
        n_positions, d_model
    )


def sinusoidal_phase(n_positions, d_model, base=10000.0):
    j = np.arange(d_model)
    omega = base ** (-(j - j % 2) / d_model)
    phase = np.pi / 2 * (j % 2)
    return np.sin(np.arange(n_positions)[:, None] * omega + phase)


def sinusoidal_torch(n_positions, d_model, base=10000.0):
    import torch

    i = torch.arange(n_positions, dtype=torch.float64)[:, None]
    m = torch.arange(0, d_model, 2, dtype=torch.float64)
    angles = i * torch.exp(m * (-math.log(base) / d_model))
    table = torch.zeros(n_positions, d_model, dtype=torch.float64)
    table[:, 0::2], table[:, 1::2] = torch.sin(angles), torch.cos(angles)
    return table
