"""Right answers to 13.count_pairs, in other styles."""

import numpy as np


def count_pairs_numpy(n, radius, stride):
    d = np.arange(-(n - 1), n)
    seen = (abs(d) <= radius) | (d % stride == 0)
    return int((n - abs(d))[seen].sum())


def count_pairs_in_two_sums(n, radius, stride):
    r = min(radius, n - 1)
    near = n * (2 * r + 1) - r * (r + 1)
    first = (r // stride + 1) * stride
    far = sum(2 * (n - d) for d in range(first, n, stride))
    return near + far
