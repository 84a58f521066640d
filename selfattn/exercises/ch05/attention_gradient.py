"""Exercise 05.attention_gradient."""

import numpy as np

from selfattn.exercises.model import Case, Property, exercise
from selfattn.exercises.running_sentence import W_K, W_Q, W_V, A
from selfattn.exercises.unchecked import softmax


def attention_gradient(q, k, v, g):
    """What passes back through out = softmax(q @ k.T / sqrt(d_k)) @ v.

    q, k : float arrays (L, d_k). v : (L, d_v).
    g : (L, d_v), how the loss changes with each entry of out.
    Returns d_q (L, d_k), d_k (L, d_k) and d_v (L, d_v): how the loss
    changes with each entry of q, of k and of v.
    """
    scale = 1 / np.sqrt(q.shape[-1])
    scores = q @ k.T * scale  # (L, L)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)  # (L, L)

    d_v = weights.T @ g  # (L, d_v)
    d_weights = g @ v.T  # (L, L)
    mean = (weights * d_weights).sum(axis=-1, keepdims=True)  # (L, 1)
    d_scores = weights * (d_weights - mean)  # (L, L)
    d_q = d_scores @ k * scale  # (L, d_k)
    d_k = d_scores.T @ q * scale  # (L, d_k)
    return d_q, d_k, d_v


HINTS = (
    "Compute the weights again, as on the way forward. Then go back "
    "line by line: out = weights @ v has two factors.",
    "For y = a @ b and a gradient g of y: the gradient of a is "
    "g @ b.T, that of b is a.T @ g. That covers all but the softmax.",
    "For the softmax, take from each incoming gradient the mean of "
    "its row under the weights, and multiply by the weight. The "
    "scale comes in once more at the end.",
)


def cases(rng):
    def case(name, n, d_k, d_v, by=1.0, dtype=np.float64):
        shapes = ((n, d_k), (n, d_k), (n, d_v), (n, d_v))
        args = [rng.standard_normal(s).astype(dtype) for s in shapes]
        args[0] *= by
        return Case(name, tuple(args))

    x, w_q, w_k, w_v = (np.array(a) for a in (A, W_Q, W_K, W_V))
    g = np.zeros((4, 2))
    g[0, 0] = 1.0
    return [
        Case(
            "“I saw a saw”, first entry of b¹", (x @ w_q, x @ w_k, x @ w_v, g)
        ),
        case("5 vectors, d_k = 3, d_v = 2", 5, 3, 2),
        case("3 vectors, d_k = 7, d_v = 11", 3, 7, 11),
        case("one vector", 1, 3, 2),
        case("large scores", 7, 5, 3, by=40.0),
        case("float32", 11, 5, 7, dtype=np.float32),
    ]


def nudged(rng):
    """One call, and one for an output that the loss does not see."""
    q, k = rng.standard_normal((2, 5, 3))
    v, g = rng.standard_normal((2, 5, 7))
    g[2] = 0
    return [Case("output 2 does not count", (q, k, v, g))]


PROPERTIES = (
    Property(
        "unseen_output",
        "The loss does not depend on one of the outputs, and still "
        "something passes back to its query.",
        nudged,
        lambda cases, outs: (
            np.allclose(outs[0][0][2], 0) and not np.allclose(outs[0][0][0], 0)
        ),
    ),
)

MISTAKES = {
    "softmax_left_out": (
        "Your gradient passes the softmax as if it were not there. A score "
        "that moves changes its weight in proportion to that weight."
    ),
    "mean_left_out": (
        "Raising one score lowers all the other weights of its row. That "
        "share, the mean of the incoming gradients under the weights, is "
        "missing."
    ),
    "diagonal_only": (
        "You used only the diagonal of the softmax's Jacobian, as for a "
        "sigmoid. The other weights of the row move as well."
    ),
    "plain_mean": (
        "You subtracted the plain mean of the row. It is a mean under the "
        "weights: a key that is not looked at does not count."
    ),
    "mean_over_queries": (
        "Your mean runs over queries. The softmax ties together the keys of "
        "one query, along a row, and its gradient does the same."
    ),
    "mean_as_row": (
        "Each row's mean was subtracted along a column: without keepdims "
        "the sums, (L,), meet the matrix as a row. Keep them a column, "
        "(L, 1)."
    ),
    "mean_of_all": (
        "You subtracted one number from the whole matrix. Each query has "
        "its own softmax, and its row its own mean."
    ),
    "v_first": (
        "The three are in the order in which you meet them on the way back. "
        "Return them as d_q, d_k, d_v."
    ),
    "scale_forgotten": (
        "The factor 1/√d_k is missing on the way back. What multiplies the "
        "scores multiplies their gradient."
    ),
    "scale_twice": (
        "The factor 1/√d_k came in twice on the way back. Once, for q and "
        "for k each."
    ),
    "v_untransposed": (
        "In d_v, query and key are exchanged. Value j collects from every "
        "query i what i looked at j, a column of the weights; a square "
        "matrix hides this mistake from the shapes."
    ),
    "k_untransposed": (
        "In d_k, query and key are exchanged. Key j collects from all "
        "queries, down its column."
    ),
    "q_k_swapped": "You return the gradients of q and k in the wrong order.",
    "g_forgotten": (
        "Your d_q and d_k are those of the sum of all outputs. Each output "
        "counts as much as g says."
    ),
}


def variant(wrong):
    def answer(q, k, v, g):
        scale = 1 / np.sqrt(q.shape[-1])
        weights = softmax(q @ k.T * scale, -1)  # (L, L)
        d_v = (weights if "v_untransposed" in wrong else weights.T) @ g
        if "g_forgotten" in wrong:
            g = np.ones_like(g)
        into = g @ v.T  # (L, L)
        axis = -2 if "mean_over_queries" in wrong else -1
        mean = (weights * into).sum(axis=axis, keepdims=True)
        if "mean_as_row" in wrong:
            mean = mean.T
        if "mean_of_all" in wrong:
            mean = mean.sum()
        if "softmax_left_out" in wrong:
            back = into
        elif "mean_left_out" in wrong:
            back = weights * into
        elif "diagonal_only" in wrong:
            back = weights * (1 - weights) * into
        elif "plain_mean" in wrong:
            back = weights * (into - into.mean(axis=-1, keepdims=True))
        else:
            back = weights * (into - mean)
        if "scale_forgotten" in wrong:
            scale = 1.0
        elif "scale_twice" in wrong:
            scale = scale**2
        d_q = back @ k * scale
        d_k = (back if "k_untransposed" in wrong else back.T) @ q * scale
        if "q_k_swapped" in wrong:
            d_q, d_k = d_k, d_q
        if "v_first" in wrong:
            return d_v, d_q, d_k
        return d_q, d_k, d_v

    return answer


EXERCISE = exercise(
    attention_gradient,
    title="The gradient of softmax attention",
    difficulty=3,
    minutes=20,
    hints=HINTS,
    cases=cases,
    properties=PROPERTIES,
    mistakes=MISTAKES,
    variant=variant,
)
