"""Right answers to 03.leaks, in other styles."""

import numpy as np


def leaks_loops(train, test):
    found = []
    for one in test:
        leak = False
        for other in train:
            if one["group"] == other["group"]:
                leak = True
            if one["words"].lower() == other["words"].lower():
                leak = True
        found.append(leak)
    return found


def leaks_any(train, test):
    def alike(a, b):
        same = a["words"].casefold().split() == b["words"].casefold().split()
        return same or a["group"] == b["group"]

    return np.array([any(alike(a, b) for b in train) for a in test])


def leaks_isin(train, test):
    def column(records, key):
        return np.array([r[key] for r in records])

    lower = np.char.lower
    return np.isin(column(test, "group"), column(train, "group")) | np.isin(
        lower(column(test, "words")), lower(column(train, "words"))
    )
