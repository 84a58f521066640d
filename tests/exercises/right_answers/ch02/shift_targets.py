"""Right answers to 02.shift_targets, in other styles."""

import itertools

import numpy as np


def shift_lists(sequences, start, stop, pad):
    size = 1 + max(map(len, sequences))
    inputs, targets = [], []
    for s in sequences:
        rest = (size - len(s) - 1) * [pad]
        inputs.append([start] + s + rest)
        targets.append(s + [stop] + rest)
    return inputs, targets


def shift_slices(sequences, start, stop, pad):
    size = 2 + max(len(s) for s in sequences)
    whole = np.array(
        [[start, *s, stop] + [pad] * (size - len(s) - 2) for s in sequences]
    )
    given = whole[:, :-1].copy()
    given[given == stop] = pad
    return given, whole[:, 1:]


def shift_longest(sequences, start, stop, pad):
    def columns(rows):
        return np.array(list(itertools.zip_longest(*rows, fillvalue=pad))).T

    return (
        columns([[start, *s] for s in sequences]),
        columns([[*s, stop] for s in sequences]),
    )


def shift_stacked(sequences, start, stop, pad):
    inputs, targets = shift_lists(sequences, start, stop, pad)
    return np.stack([np.array(inputs), np.array(targets)])
