"""Right answers to 11.quadratic_scores, in other styles."""

import numpy as np


def quadratic_scores_loop(height, width, centre, sharpness):
    n = height * width
    out = np.zeros((n, n))
    for p in range(n):
        for r in range(n):
            down = r // width - p // width - centre[0]
            right = r % width - p % width - centre[1]
            out[p, r] = -sharpness * (down**2 + right**2)
    return out


def quadratic_scores_separable(height, width, centre, sharpness):
    down = np.arange(height)[None] - np.arange(height)[:, None] - centre[0]
    right = np.arange(width)[None] - np.arange(width)[:, None] - centre[1]
    both = (down**2)[:, None, :, None] + (right**2)[None, :, None, :]
    return -sharpness * both.reshape(height * width, height * width)
