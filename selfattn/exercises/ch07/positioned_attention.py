"""Exercise 07.positioned_attention."""

import numpy as np

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.unchecked import softmax


def positioned_attention(a, e, w_q, w_k, w_v):
    """Self-attention of one head, with positions added to the words.

    a : float array (L, d), the words. e : float array (L, d), one vector
        per position. w_q, w_k, w_v : (d, d), rows times matrix.
    Queries, keys and values are made of the words with their positions.
    Scores are divided by the root of d; the softmax runs over the keys.
    Returns the outputs b, (L, d).
    """
    x = a + e  # (L, d)
    q, k, v = x @ w_q, x @ w_k, x @ w_v  # (L, d) each
    scores = q @ k.T / np.sqrt(k.shape[-1])  # (L, L)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)  # (L, L)
    return weights @ v  # (L, d)


HINTS = (
    "Which vector do the three matrices read: the word, its position, or "
    "their sum?",
    "If e is added before the three matrices, the rest is attention "
    "as in chapter 05.",
    "Add once, and make queries, keys and values from that sum. "
    "Subtract the largest score of each row before you "
    "exponentiate.",
)


def cases(rng):
    a = np.array([[1.0, 0], [0, 1], [1, 1], [0, 1]])  # (4, 2)
    e = np.array([[0.0, 0], [1, 0], [0, 1], [2, 1]])  # (4, 2)
    w = (
        np.array([[1.0, -1], [1, 2]]),
        np.array([[0.0, 1], [1, 0]]),
        np.array([[2.0, 0], [1, 3]]),
    )
    made = [Case("“I saw a saw”", (a, e, *w))]
    for n, d in ((1, 3), (3, 5), (11, 7), (5, 3)):
        a, e = rng.standard_normal((2, n, d))
        w = rng.standard_normal((3, d, d))
        made.append(Case(f"{n} words, d = {d}", (a, e, *w)))
    a, e = 6 * rng.standard_normal((2, 7, 5))
    w = 6 * rng.standard_normal((3, 5, 5))
    made.append(Case("large scores", (a, e, *w)))
    return made


MISTAKES = {
    "after_projection": (
        "You added e to queries, keys and values, after the matrices. Then "
        "no learned matrix ever sees a position, and none can decide what to "
        "do with it. The matrices read the sum of word and position."
    ),
    "after_projection_not_to_values": (
        "You added e to queries and keys after the matrices. Here it is "
        "added to the word before any matrix."
    ),
    "values_left_out": (
        "Your values are made from the words alone. That is a sensible "
        "design, and rotary positions do it; here queries, keys and "
        "values are all made of the sum of word and position."
    ),
    "keys_left_out": (
        "Your keys are made from the words alone. Then no query can ask for "
        "a place, since no key shows one."
    ),
    "queries_left_out": (
        "Your queries are made from the words alone. Both saws then ask the "
        "same question, and b² = b⁴ again."
    ),
    "values_only": (
        "Only your values know their places. Both saws still weigh the "
        "words alike, so b² = b⁴ again."
    ),
    "to_the_output": (
        "You added e to the outputs. The words found each other without "
        "knowing where they stand; positions must be there before that."
    ),
    "not_at_all": (
        "The positions change nothing in your answer: this is attention "
        "without them."
    ),
    "order_reversed": (
        "The position vectors are taken in reverse. Row i of e belongs to "
        "row i of a."
    ),
    "one_late": (
        "Each word has its neighbour's position vector. Row i of e belongs "
        "to row i of a."
    ),
    "twice": "The positions count double. They are added once.",
    "multiplied": (
        "You multiplied words by positions. Where e has a 0 the word is "
        "wiped out; they are added."
    ),
    "matrices_transposed": (
        "Your matrices are transposed. Vectors are rows here, and a row "
        "stands left of its matrix."
    ),
    "root_of_length": (
        "You divided by the root of the number of words. The root of the "
        "vectors' width d is meant."
    ),
    "divided_by_d": (
        "You divided by d. The scores are divided by the root of d."
    ),
    "no_scale": (
        "The scores are not scaled: divide them by the root of d before "
        "the softmax."
    ),
    "softmax_over_queries": (
        "Your weights sum to 1 down the columns. Each query shares out its "
        "attention among the keys, along a row."
    ),
    "keepdims_forgotten": (
        "Your sums have lost an axis, so each weight is divided by the sum "
        "of another row. `keepdims=True` keeps the axis."
    ),
    "whole_array": (
        "You divided by the sum over all queries and keys. Each row of "
        "weights belongs to one query, and is divided by its own sum."
    ),
    "logarithm": (
        "You mixed the values with the logarithms of the weights. The weights "
        "themselves are positive and sum to 1."
    ),
    "no_softmax": (
        "You mixed the values with the scores themselves. The softmax "
        "between the two is missing."
    ),
    "one_maximum": (
        "You subtract the largest score of all queries from every row. A row "
        "that lies far below it becomes 0 divided by 0; take the largest "
        "score of each row."
    ),
    "no_value_matrix": (
        "You mixed the vectors themselves. The values are what is mixed, and "
        "they have a matrix of their own."
    ),
    "unstable_exp": (
        "The exponential of a large score overflows. Subtract the largest "
        "score of each row first; the weights stay the same."
    ),
}


OWN_SOFTMAX = {
    "keepdims_forgotten",
    "one_maximum",
    "unstable_exp",
    "whole_array",
}


def variant(wrong):
    def answer(a, e, w_q, w_k, w_v):
        if "matrices_transposed" in wrong:
            w_q, w_k, w_v = w_q.T, w_k.T, w_v.T
        if "not_at_all" in wrong:
            e = np.zeros_like(e)
        if "order_reversed" in wrong:
            e = e[::-1]
        if "one_late" in wrong:
            e = np.roll(e, 1, axis=0)
        if "twice" in wrong:
            e = 2 * e
        if "multiplied" in wrong:
            x = a * e
        else:
            x = a + e  # (L, d)
        q, k, v = x @ w_q, x @ w_k, x @ w_v  # (L, d)
        if "after_projection" in wrong:
            q, k, v = a @ w_q + e, a @ w_k + e, a @ w_v + e
        if "after_projection_not_to_values" in wrong:
            q, k, v = a @ w_q + e, a @ w_k + e, a @ w_v
        if "values_left_out" in wrong:
            v = a @ w_v
        if "keys_left_out" in wrong:
            k = a @ w_k
        if "queries_left_out" in wrong:
            q = a @ w_q
        if "values_only" in wrong:
            q, k = a @ w_q, a @ w_k
        if "to_the_output" in wrong:
            q, k, v = a @ w_q, a @ w_k, a @ w_v
        scores = q @ k.T  # (L, L)
        if "root_of_length" in wrong:
            scores = scores / np.sqrt(len(k))
        elif "divided_by_d" in wrong:
            scores = scores / k.shape[-1]
        elif "no_scale" not in wrong:
            scores = scores / np.sqrt(k.shape[-1])
        if "softmax_over_queries" in wrong:
            weights = softmax(scores.T).T
        else:
            weights = softmax(scores)
        if wrong & OWN_SOFTMAX:
            top = scores.max(axis=-1, keepdims=True)
            if "one_maximum" in wrong:
                top = scores.max()
            weights = np.exp(
                scores if "unstable_exp" in wrong else scores - top
            )
            total = weights.sum(axis=-1, keepdims=True)  # (L, 1)
            if "keepdims_forgotten" in wrong:
                total = total[:, 0]
            if "whole_array" in wrong:
                total = total.sum()
            weights = weights / total
        if "logarithm" in wrong:
            top = scores.max(axis=-1, keepdims=True)
            total = np.exp(scores - top).sum(axis=-1, keepdims=True)
            weights = scores - top - np.log(total)
        if "no_value_matrix" in wrong:
            v = x
        if "no_softmax" in wrong:
            weights = scores
        out = weights @ v  # (L, d)
        return out + e if "to_the_output" in wrong else out

    return answer


EXERCISE = exercise(
    positioned_attention,
    title="Where positions are added",
    difficulty=1,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
