"""Right answers to 09.match, in other styles."""

from itertools import permutations

import numpy as np


def match_loop(cost):
    best, least = None, np.inf
    for chosen in permutations(range(cost.shape[1]), cost.shape[0]):
        total = cost[np.arange(len(chosen)), chosen].sum()
        if total < least:
            best, least = chosen, total
    return best


def match_recursive(cost):
    def cheapest(i, free):
        if i == len(cost):
            return 0.0, []
        options = []
        for j in free:
            rest, chosen = cheapest(i + 1, free - {j})
            options.append((cost[i, j] + rest, [j, *chosen]))
        return min(options)

    return cheapest(0, frozenset(range(cost.shape[1])))[1]


def match_array(cost):
    all_ways = np.array(list(permutations(range(cost.shape[1]), len(cost))))
    totals = cost[np.arange(len(cost)), all_ways].sum(axis=1)
    return all_ways[totals.argmin()]
