"""Right answers to 03.majority_ceiling, in other styles."""

from collections import defaultdict

import numpy as np


def ceiling_table(inputs, tags):
    rows = {seen: i for i, seen in enumerate(dict.fromkeys(inputs))}
    columns = {tag: i for i, tag in enumerate(sorted(set(tags)))}
    counts = np.zeros((len(rows), len(columns)), dtype=int)
    for seen, tag in zip(inputs, tags, strict=True):
        counts[rows[seen], columns[tag]] += 1
    return counts.max(axis=1).sum() / counts.sum()


def ceiling_best_answers(inputs, tags):
    found = defaultdict(list)
    for seen, tag in zip(inputs, tags, strict=True):
        found[seen].append(tag)
    answer = {seen: max(t, key=t.count) for seen, t in found.items()}
    right = [answer[s] == t for s, t in zip(inputs, tags, strict=True)]
    return float(np.mean(right))
