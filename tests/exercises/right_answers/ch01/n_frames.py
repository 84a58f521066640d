"""Right answers to 01.n_frames, in other styles."""

import math

import numpy as np


def n_frames_count(n_samples, window, hop, padding="none"):
    if padding == "end":
        return len(range(0, n_samples, hop))
    if padding == "centre":
        n_samples += window // 2 * 2
    return len(range(0, n_samples - window + 1, hop))


def n_frames_formulas(n_samples, window, hop, padding="none"):
    if padding == "end":
        return math.ceil(n_samples / hop)
    if padding == "centre":
        return 1 + n_samples // hop
    return max(0, (n_samples - window) // hop + 1)


def n_frames_while(n_samples, window, hop, padding="none"):
    end = {"none": 0, "end": window, "centre": window}[padding]
    start = count = 0
    while start + window <= n_samples + end:
        if padding == "end" and start >= n_samples:
            break
        count += 1
        start += hop
    return np.int64(count)
