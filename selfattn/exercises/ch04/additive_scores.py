"""Exercise 04.additive_scores."""

import math

import numpy as np

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.running_sentence import W_K, W_Q, A
from selfattn.exercises.unchecked import softmax


def additive_scores(q, k, w):
    """How well each key matches one query, by the additive rule.

    q : float array (d_k,), one query.
    k : float array (S, d_k), one key per row.
    w : float array (d_k,), learned with the rest of the network.
    Returns an array (S,): add, take tanh, weigh the entries by w and sum.
    """
    return np.tanh(q + k) @ w  # (S, d_k) @ (d_k,) -> (S,)


HINTS = (
    "Do one key first: what is added, what is squashed, what is summed?",
    "NumPy adds a query (d_k,) to every row of the keys (S, d_k).",
    "Take tanh of those sums, entry by entry. Then each row's dot "
    "product with w is the score.",
)


def cases(rng):
    hand = ((A @ W_Q)[0], A @ W_K, np.array([1.0, 2.0]))
    made = [
        Case("“I” asks the four words", hand),
        Case("one key", (np.ones(2), np.array([[0.5, -1]]), np.ones(2) / 2)),
    ]
    for n_keys, d_k, dtype in (
        (7, 3, np.float64),
        (5, 11, np.float64),
        (5, 5, np.float64),
        (13, 7, np.float32),
    ):
        q, w = rng.standard_normal((2, d_k)).astype(dtype)  # (d_k,) each
        k = rng.standard_normal((n_keys, d_k)).astype(dtype)  # (S, d_k)
        name = f"{n_keys} keys, d_k = {d_k}, {np.dtype(dtype).name}"
        made.append(Case(name, (q, k, w)))
    return made


MISTAKES = {
    "no_tanh": (
        "There is no tanh. Without it the score is w·q + w·k, and the query "
        "adds the same number to every key: it can no longer choose."
    ),
    "tanh_last": (
        "You took tanh of the finished score. It belongs on each entry of "
        "the sum of query and key, before w weighs them."
    ),
    "tanh_on_each": (
        "You took tanh of query and key apart and added afterwards. Then "
        "the query adds the same to every key; add first, tanh after."
    ),
    "w_inside": (
        "Your w sits inside the tanh. It weighs the entries after tanh has "
        "been taken."
    ),
    "w_left_out": (
        "Your entries all count the same, since w is not used. It says how "
        "much, and in which direction, each entry counts."
    ),
    "difference": (
        "You subtracted the key from the query. The additive score adds "
        "them, as its name says."
    ),
    "multiplied": (
        "You multiplied query and key before the tanh. That is half a dot "
        "product; here they are added."
    ),
    "relu_for_tanh": (
        "You used ReLU where tanh is asked for. ReLU is the other choice for "
        "turning scores into weights, a later step."
    ),
    "sigmoid_for_tanh": (
        "You used the logistic sigmoid, which runs from 0 to 1. The tanh "
        "runs from −1 to 1 and is 0 at 0."
    ),
    "not_summed": (
        "You have one number per entry of each key. Their sum is the score, "
        "one number per key."
    ),
    "scaled": (
        "You divided by √d_k. That belongs to the dot product, whose size "
        "grows with the width; this score is scaled by w."
    ),
    "softmax_too": (
        "These are weights: they sum to 1. Only the scores are asked for, "
        "before any softmax."
    ),
}


def variant(wrong):
    def answer(q, k, w):
        pairs = q + k  # (S, d_k)
        if "difference" in wrong:
            pairs = q - k
        if "multiplied" in wrong:
            pairs = q * k
        if "tanh_on_each" in wrong:
            pairs = np.tanh(q) + np.tanh(k)
        elif "w_inside" in wrong:
            return np.tanh(w * pairs).sum(axis=1)
        elif "tanh_last" in wrong:
            return np.tanh(pairs @ w)
        elif "relu_for_tanh" in wrong:
            pairs = np.maximum(pairs, 0)
        elif "sigmoid_for_tanh" in wrong:
            pairs = 1 / (1 + np.exp(-pairs))
        elif "no_tanh" not in wrong:
            pairs = np.tanh(pairs)
        if "w_left_out" in wrong:
            return pairs.sum(axis=1)
        if "not_summed" in wrong:
            return pairs * w
        scores = pairs @ w
        if "scaled" in wrong:
            scores = scores / math.sqrt(len(q))
        return softmax(scores) if "softmax_too" in wrong else scores

    return answer


EXERCISE = exercise(
    additive_scores,
    title="Additive scores of one query",
    difficulty=1,
    minutes=5,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
