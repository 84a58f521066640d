"""Right answers to 08.frames_within, in other styles."""

import numpy as np


def frames_within_array(start, stop, n_frames, window, hop):
    middles = np.arange(n_frames) * hop + window // 2
    inside = np.flatnonzero((middles >= start) & (middles < stop))
    if not len(inside):
        return 0, 0
    return int(inside.min()), int(inside.max()) + 1


def frames_within_division(start, stop, n_frames, window, hop):
    half = window // 2
    first = max(0, -((half - start) // hop))
    after = min(n_frames, -((half - stop) // hop))
    return (first, after) if first < after else (0, 0)
