"""Right answers to 08.frame_labels, in other styles."""

import numpy as np


def frame_labels_loop(intervals, n_frames, window, hop):
    labels = []
    for i in range(n_frames):
        middle = i * hop + window // 2
        found = [c for c, start, stop in intervals if start <= middle < stop]
        labels.append(found[0] if found else 0)
    return np.array(labels, dtype=int)


def frame_labels_by_sample(intervals, n_frames, window, hop):
    each = np.zeros(n_frames * hop + window, dtype=int)
    for c, start, stop in intervals:
        each[start:stop] = c
    return each[window // 2 :: hop][:n_frames]
