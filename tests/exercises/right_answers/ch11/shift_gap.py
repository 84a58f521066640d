"""Right answers to 11.shift_gap, in other styles."""

import numpy as np


def shift_gap_loop(layer, image, down, right, margin):
    def moved(x):
        return np.roll(np.roll(x, down, axis=0), right, axis=1)

    one, two = layer(moved(image)), moved(layer(image))
    height, width = image.shape[:2]
    largest = 0.0
    for i in range(margin, height - margin):
        for j in range(margin, width - margin):
            largest = max(largest, np.abs(one[i, j] - two[i, j]).max())
    return float(largest)


def shift_gap_back(layer, image, down, right, margin):
    """Move the output of the moved image back, then count moved places."""
    out = layer(np.roll(image, (down, right), (0, 1)))
    gap = np.abs(out - np.roll(layer(image), (down, right), (0, 1)))
    inside = np.zeros(gap.shape[:2], dtype=bool)
    height, width = inside.shape
    inside[margin : height - margin, margin : width - margin] = True
    return gap[inside].max()
