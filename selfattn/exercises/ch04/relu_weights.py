"""Exercise 04.relu_weights."""

import numpy as np

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.unchecked import softmax


def relu_weights(scores, normalised=False):
    """ReLU instead of softmax.

    scores : float array (..., S).
    normalised : False: negative scores become 0, the others stay as they
        are. True: after that each row is divided by its sum, and a row
        without a positive score stays all zeros.
    Returns an array (..., S).
    """
    weights = np.maximum(scores, 0)  # (..., S)
    if normalised:
        total = weights.sum(axis=-1, keepdims=True)  # (..., 1)
        weights = weights / np.where(total > 0, total, 1)  # (..., S)
    return weights


HINTS = (
    "What is left of the scores −1, 1, 0, 1?",
    "For `normalised=True`, add up what is left along the last axis. "
    "Which row would make you divide by zero?",
    "Where a row's sum is 0, divide by 1: zeros stay zeros.",
)


def cases(rng):
    hand = np.array([-1.0, 1, 0, 1])
    none = np.array([[-1.0, -2, 0], [3, 1, -1]])
    yes = {"normalised": True}
    made = [
        Case("the scores of “I”", (hand,)),
        Case("the same, normalised", (hand,), yes),
        Case("a row without a positive score", (none,)),
        Case("the same row, normalised", (none,), yes),
        Case("one key, normalised", (np.array([[4.0], [-3]]),), yes),
    ]
    for shape, kwargs in (((5, 7), {}), ((2, 3, 5), yes), ((3, 11), yes)):
        scores = 3 * rng.standard_normal(shape)  # (..., S)
        name = f"scores {shape}" + (", normalised" if kwargs else "")
        made.append(Case(name, (scores,), kwargs))
    scores = rng.standard_normal((7, 3)).astype(np.float32)
    made.append(Case("float32, normalised", (scores,), yes))
    return made


MISTAKES = {
    "nan_row": (
        "A query with no positive score gives 0/0, which is NaN. One such "
        "query is enough to ruin a whole batch; its row stays all zeros."
    ),
    "uniform_row": (
        "A query with no positive score spreads its weight evenly in your "
        "version. It found nothing relevant, and its row stays all zeros."
    ),
    "always_normalised": (
        "You always divide by the sum. While `normalised` is False, the "
        "weights stay as ReLU made them."
    ),
    "never_normalised": (
        "`normalised=True` changes nothing. Then each row is to be divided "
        "by its own sum."
    ),
    "divided_first": (
        "You divided by the sum of all scores, negative ones included. Cut "
        "at 0 first, then add up what is left."
    ),
    "divided_by_largest": (
        "You divided by the largest weight, so the best key always has "
        "weight 1. To sum to 1, divide by the sum."
    ),
    "first_axis": (
        "You normalise down the columns. A row belongs to one query, and "
        "sums to 1 by itself."
    ),
    "whole_array": (
        "You divided by the sum of the whole array. Each row belongs to one "
        "query, and is divided by its own sum."
    ),
    "softmax_instead": (
        "These are the weights of softmax: every key gets some. With ReLU, a "
        "negative score has exactly the weight 0."
    ),
    "softmax_after": (
        "You put a softmax after the ReLU. It gives weight even to the keys "
        "that ReLU has just set to 0."
    ),
    "absolute": (
        "Strongly negative scores get large weights. A negative score says "
        "“not relevant”: its weight is 0."
    ),
    "leaky": (
        "A little of the negative scores leaks through. Their weights are "
        "exactly 0."
    ),
    "step": (
        "Every positive score counts as 1. ReLU keeps their sizes, so that a "
        "better key weighs more."
    ),
    "clipped_at_one": (
        "You cut the weights at 1. ReLU has no ceiling, which is how its "
        "outputs can grow without bound."
    ),
}


def variant(wrong):
    def answer(scores, normalised=False):
        axis = 0 if "first_axis" in wrong else -1
        if "always_normalised" in wrong:
            normalised = True
        if "never_normalised" in wrong:
            normalised = False
        if "softmax_instead" in wrong:
            return softmax(scores, axis)
        raw = scores.sum(axis=axis, keepdims=True)
        if "leaky" in wrong:
            weights = np.where(scores > 0, scores, 0.01 * scores)
        elif "absolute" in wrong:
            weights = np.abs(scores)
        elif "step" in wrong:
            weights = (scores > 0).astype(scores.dtype)
        else:
            weights = np.maximum(scores, 0)
        if "clipped_at_one" in wrong:
            weights = np.minimum(weights, 1)
        if not normalised:
            return weights
        if "softmax_after" in wrong:
            return softmax(weights, axis)
        total = weights.sum(axis=axis, keepdims=True)
        if "whole_array" in wrong:
            total = weights.sum()
        if "divided_first" in wrong:
            total = raw
        if "divided_by_largest" in wrong:
            total = weights.max(axis=axis, keepdims=True)
        if "nan_row" in wrong:
            return weights / total
        out = weights / np.where(total == 0, 1, total)
        if "uniform_row" in wrong:
            share = 1 / scores.shape[axis]
            out = np.where(total == 0, share, out)
        return out

    return answer


EXERCISE = exercise(
    relu_weights,
    title="ReLU instead of softmax",
    difficulty=1,
    minutes=5,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
