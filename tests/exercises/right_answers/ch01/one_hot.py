"""Right answers to 01.one_hot, in other styles."""

import numpy as np


def one_hot_lists(words, vocabulary):
    return [[int(w == v) for v in vocabulary] for w in words]


def one_hot_identity(words, vocabulary):
    ids = {word: i for i, word in enumerate(vocabulary)}
    return np.eye(len(vocabulary))[[ids[word] for word in words]]


def one_hot_compare(words, vocabulary):
    equal = np.array(words)[:, None] == np.array(vocabulary)[None, :]
    return equal.astype(np.float32)
