"""Right answers to 08.utterance_starts, in other styles."""

import numpy as np


def utterance_starts_loop(rows, d):
    starts = [0]
    for i in range(1, len(rows)):
        if not np.array_equal(rows[i - 1][d:], rows[i][:-d]):
            starts.append(i)
    return starts


def utterance_starts_frames(rows, d):
    frames = rows.reshape(len(rows), -1, d)  # (n, w, d)
    new = (frames[1:, :-1] != frames[:-1, 1:]).any(axis=(1, 2))
    return np.concatenate([[0], np.flatnonzero(new) + 1])
