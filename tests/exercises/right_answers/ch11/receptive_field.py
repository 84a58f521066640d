"""Right answers to 11.receptive_field, in other styles."""

import numpy as np


def receptive_field_loop(weights, height, width):
    n = height * width
    pairs = [
        (weights[p, r] / n, r // width - p // width, r % width - p % width)
        for p in range(n)
        for r in range(n)
    ]
    down = sum(w * a for w, a, _ in pairs)
    right = sum(w * b for w, _, b in pairs)
    square = sum(w * ((a - down) ** 2 + (b - right) ** 2) for w, a, b in pairs)
    return np.array([down, right]), square**0.5


def receptive_field_moments(weights, height, width):
    place = np.indices((height, width)).reshape(2, -1).T  # (n, 2)
    offset = place[None, :] - place[:, None]
    mean = np.einsum("pr,prd->d", weights, offset) / len(weights)
    square = np.einsum("pr,prd,prd->", weights, offset, offset) / len(weights)
    return mean, np.sqrt(max(square - mean @ mean, 0.0))
