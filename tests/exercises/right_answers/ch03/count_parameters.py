"""Right answers to 03.count_parameters, in other styles."""

import math


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
