"""Right answers to 03.expected_accuracy, in other styles."""

import numpy as np


def expected_loop(distances, readings, radius):
    total = 0.0
    for d, n in zip(distances, readings, strict=True):
        total += 1 if -radius <= d <= radius else 1 / n
    return total / len(distances)


def expected_arithmetic(distances, readings, radius):
    lost = (np.abs(distances) > radius) * (1 - 1 / readings)
    return 1 - lost.sum() / lost.size


def expected_torch(distances, readings, radius):
    import torch

    d, n = torch.as_tensor(distances), torch.as_tensor(readings)
    guess = 1 / n.double()
    return guess.masked_fill(d.abs() <= radius, 1.0).mean()
