"""Right answers to chapter 03, each written another way than the solution."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np


def window_loop(x, radius):
    n, d = x.shape
    out = np.zeros((n, (2 * radius + 1) * d))
    for i in range(n):
        for slot, j in enumerate(range(i - radius, i + radius + 1)):
            if 0 <= j < n:
                out[i, slot * d : (slot + 1) * d] = x[j]
    return out


def window_lists(x, radius):
    empty = [0.0] * x.shape[1]
    rows = [empty] * radius + x.tolist() + [empty] * radius
    width = 2 * radius + 1
    return [sum(rows[i : i + width], []) for i in range(len(x))]


def window_strides(x, radius):
    padded = np.pad(x, ((radius, radius), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(
        padded, 2 * radius + 1, axis=0
    )  # (L, d, 2r + 1)
    return view.transpose(0, 2, 1).reshape(len(x), -1)


def window_torch(x, radius):
    import torch

    t = torch.as_tensor(x)
    t = torch.nn.functional.pad(t, (0, 0, radius, radius))
    t = t.unfold(0, 2 * radius + 1, 1)  # (L, d, 2r + 1)
    return t.transpose(1, 2).flatten(1)


def count_shapes(model, n_words, d_model, d_hidden, n_tags, radius=0):
    shapes = [(n_words, d_model), (d_hidden,), (d_hidden, n_tags), (n_tags,)]
    if model == "attention":
        shapes += [(d_model, d_model)] * 3 + [(d_model, d_hidden)]
    else:
        shapes += [(d_model, d_hidden)] * (1 + 2 * radius)
    return sum(math.prod(shape) for shape in shapes)


def count_torch(model, n_words, d_model, d_hidden, n_tags, radius=0):
    from torch import nn

    slots = 2 * radius + 1 if model == "window" else 1
    parts = [
        nn.Embedding(n_words, d_model),
        nn.Linear(slots * d_model, d_hidden),
        nn.Linear(d_hidden, n_tags),
    ]
    if model == "attention":
        parts += [nn.Linear(d_model, d_model, bias=False) for _ in range(3)]
    return sum(p.numel() for part in parts for p in part.parameters())


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


def distance_lists(predicted, tags, distances, reach):
    found = [[] for _ in range(reach)]
    for p, t, d in zip(predicted, tags, distances, strict=True):
        if 1 <= abs(d) <= reach:
            found[abs(d) - 1].append(bool(p == t))
    return [sum(f) / len(f) if f else math.nan for f in found]


def distance_bincount(predicted, tags, distances, reach):
    near = np.abs(distances)
    size = max(reach, near.max()) + 1
    n = np.bincount(near, minlength=size)
    right = np.bincount(near, weights=predicted == tags, minlength=size)
    with np.errstate(invalid="ignore"):
        return (right / n)[1 : reach + 1]


def distance_torch(predicted, tags, distances, reach):
    import torch

    right = torch.as_tensor(predicted == tags).double()
    near = torch.as_tensor(distances).abs()
    each = [right[near == k].mean() for k in range(1, reach + 1)]
    return torch.stack(each)


SEES = {
    "per_word": ("saw", "saw"),
    "window_of_radius_1": ("I saw a", "a saw -"),
    "attention": ("I a saw saw", "I a saw saw"),
    "twelve_layers_of_attention": ("I a saw saw", "I a saw saw"),
    "attention_with_positions": (2, 4),
    "attention_to_neighbours_only": ("I a saw", "a saw"),
    "attention_to_earlier_words_only": ("I saw", "I a saw saw"),
    "word_and_mean_of_sentence": ("saw, mean", "saw, mean"),
    "positions_added_after_attention": (2, 4),
}


def separates_by_what_they_see():
    return {name: a != b for name, (a, b) in SEES.items()}


def separates_numbers():
    return {name: np.bool_(a != b) for name, (a, b) in SEES.items()}


def expected_loop(distances, readings, radius):
    total = 0.0
    for d, n in zip(distances, readings, strict=True):
        total += 1 if -radius <= d <= radius else 1 / n
    return total / len(distances)


def expected_arithmetic(distances, readings, radius):
    lost = (np.abs(distances) > radius) * (1 - 1 / readings)
    return 1 - lost.sum() / lost.size


def expected_torch(distances, readings, radius):
    import torch

    d, n = torch.as_tensor(distances), torch.as_tensor(readings)
    guess = 1 / n.double()
    return guess.masked_fill(d.abs() <= radius, 1.0).mean()


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


ANSWERS = {
    "03.window_features": [
        window_loop,
        window_lists,
        window_strides,
        window_torch,
    ],
    "03.count_parameters": [count_shapes, count_torch],
    "03.majority_ceiling": [ceiling_table, ceiling_best_answers],
    "03.accuracy_by_distance": [
        distance_lists,
        distance_bincount,
        distance_torch,
    ],
    "03.separates": [separates_by_what_they_see, separates_numbers],
    "03.expected_accuracy": [
        expected_loop,
        expected_arithmetic,
        expected_torch,
    ],
    "03.leaks": [leaks_loops, leaks_any, leaks_isin],
}
