"""Right answers to 02.greedy_decode, in other styles."""

import numpy as np


def greedy_for(step, start, stop, limit):
    written = []
    for _ in range(limit):
        token = np.asarray(step([start] + written)).argmax()
        if token == stop:
            return written
        written.append(token)
    return np.array(written)


def greedy_recursive(step, start, stop, limit):
    def rest(tokens):
        if len(tokens) > limit:
            return []
        scores = list(step(tokens))
        best = scores.index(max(scores))
        return [] if best == stop else [best, *rest([*tokens, best])]

    return rest([start])


def greedy_sorted(step, start, stop, limit):
    tokens = np.array([start])
    while tokens[-1] != stop or len(tokens) == 1:
        if len(tokens) > limit:
            return tokens[1:]
        best = np.argsort(step(tokens))[-1]
        tokens = np.append(tokens, best)
    return tokens[1:-1]
