"""Exercise 05.attention_gradient."""

import numpy as np

from selfattn.exercises.model import Case, Property, exercise
from selfattn.exercises.running_sentence import W_K, W_Q, W_V, A
from selfattn.exercises.unchecked import softmax


def attention_gradient(q, k, v, g):
    """What passes back through out = softmax(q @ k.T / sqrt(d_k)) @ v.

    q, k : float arrays (L, d_k). v : (L, d_v).
    g : (L, d_v), how the loss changes with each entry of out.
    Returns three arrays: how the loss changes with each entry of q (L, d_k),
    of k (L, d_k) and of v (L, d_v), in this order. Scores may be large.
    """
    scale = 1 / np.sqrt(q.shape[-1])
    scores = q @ k.T * scale  # (L, L)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)  # (L, L)

    grad_v = weights.T @ g  # (L, d_v)
    grad_weights = g @ v.T  # (L, L)
    mean = (weights * grad_weights).sum(axis=-1, keepdims=True)  # (L, 1)
    grad_scores = weights * (grad_weights - mean)  # (L, L)
    grad_q = grad_scores @ k * scale  # (L, d_k)
    grad_k = grad_scores.T @ q * scale  # (L, d_k)
    return grad_q, grad_k, grad_v


HINTS = (
    "Compute the weights again, as on the way forward. Then go back line by "
    "line: out = weights @ v has two factors.",
    "For y = a @ b and a gradient g of y, the gradient of a is g @ b.T, and "
    "the gradient of b is a.T @ g. That covers all but the softmax.",
    "For the softmax, take from each incoming gradient the mean of its row "
    "under the weights, and multiply by the weight. The scale comes in once "
    "more at the end.",
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
        case("large scores", 7, 5, 3, by=3000.0),
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
        "The loss does not depend on one of the outputs, but your gradient "
        "of its query is not 0.",
        nudged,
        lambda cases, outs: (
            np.allclose(outs[0][0][2], 0) and not np.allclose(outs[0][0][0], 0)
        ),
    ),
)

MISTAKES = {
    "softmax_left_out": (
        "Your gradient passes the softmax as if it were not there. A score "
        "changes its weight in proportion to that weight."
    ),
    "mean_left_out": (
        "A higher score lowers all other weights of its row. That part is "
        "missing: the mean of the incoming gradients under the weights."
    ),
    "diagonal_only": (
        "You used only the diagonal of the softmax's Jacobian, as for a "
        "sigmoid. The other weights of the row change as well."
    ),
    "plain_mean": (
        "You subtracted the plain mean of the row. It must be the mean under "
        "the weights, so that a key with weight 0 does not count."
    ),
    "mean_divided": (
        "You averaged weights times gradients. The weights sum to 1 already, "
        "so their products with the gradients are added, not averaged."
    ),
    "mean_over_queries": (
        "Your mean runs over queries. The softmax runs over the keys of one "
        "query, along a row, and so does its mean."
    ),
    "mean_as_row": (
        "The means of the rows have the shape (L,), so each was subtracted "
        "from a column. With keepdims=True their shape is (L, 1)."
    ),
    "mean_of_all": (
        "You subtracted one number from the whole matrix. Each query has "
        "its own softmax, and each row its own mean."
    ),
    "mean_of_values": (
        "You subtracted the product of g with the value of the same word. "
        "What is needed is its product with the output, g · out."
    ),
    "mean_added": (
        "You added the mean of the row. It must be subtracted: a higher "
        "score lowers the other weights."
    ),
    "v_first": (
        "Your three are in the order of the way back. Return those of q, k "
        "and v, in this order."
    ),
    "q_k_swapped": "You return the gradients of q and k in the wrong order.",
    "scale_forgotten": (
        "The factor 1/√d_k is missing on the way back. What multiplies the "
        "scores also multiplies their gradient."
    ),
    "scale_twice": (
        "The factor 1/√d_k came in twice on the way back. It belongs there "
        "once, for q and for k."
    ),
    "no_scale": (
        "The scale is missing, on the way forward and on the way back. The "
        "scores are divided by √d_k."
    ),
    "sqrt_d_v": (
        "You divided by √d_v, the width of the values. The scores are "
        "divided by √d_k, the width of queries and keys."
    ),
    "v_untransposed": (
        "In the gradient of v, query and key are exchanged. Value j collects "
        "from every query i by weight (i, j), which is a column of the "
        "weights."
    ),
    "k_untransposed": (
        "In the gradient of k, query and key are exchanged. Key j collects "
        "from all queries, down its column."
    ),
    "g_forgotten": (
        "Your first two gradients are those of the sum of all outputs. Each "
        "entry of the output counts as much as g says."
    ),
    "unstable_exp": (
        "Large scores overflow, and infinity divided by infinity is NaN. "
        "Take each row's largest score off before the exponential."
    ),
}


def through_softmax(weights, into, g, v, wrong):
    """From the gradient of the weights to that of the scores, (L, L)."""
    axis = -2 if "mean_over_queries" in wrong else -1
    mean = (weights * into).sum(axis=axis, keepdims=True)
    if "mean_as_row" in wrong:
        mean = mean.T
    if "mean_of_all" in wrong:
        mean = mean.sum()
    if "mean_divided" in wrong:
        mean = mean / len(into)
    if "plain_mean" in wrong:
        mean = into.mean(axis=-1, keepdims=True)
    if "mean_of_values" in wrong:
        mean = (g * v).sum(axis=-1, keepdims=True)
    if "softmax_left_out" in wrong:
        return into
    if "mean_left_out" in wrong:
        return weights * into
    if "diagonal_only" in wrong:
        return weights * (1 - weights) * into
    return weights * (into + mean if "mean_added" in wrong else into - mean)


def variant(wrong):
    def answer(q, k, v, g):
        scale = 1 / np.sqrt(
            v.shape[-1] if "sqrt_d_v" in wrong else q.shape[-1]
        )
        if "no_scale" in wrong:
            scale = 1.0
        weights = softmax(q @ k.T * scale, -1, "unstable_exp" not in wrong)
        grad_v = (weights if "v_untransposed" in wrong else weights.T) @ g
        if "g_forgotten" in wrong:
            g = np.ones_like(g)
        back = through_softmax(weights, g @ v.T, g, v, wrong)  # (L, L)
        if "scale_forgotten" in wrong:
            scale = 1.0
        elif "scale_twice" in wrong:
            scale = scale**2
        grad_q = back @ k * scale
        grad_k = (back if "k_untransposed" in wrong else back.T) @ q * scale
        if "q_k_swapped" in wrong:
            grad_q, grad_k = grad_k, grad_q
        if "v_first" in wrong:
            return grad_v, grad_q, grad_k
        return grad_q, grad_k, grad_v

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
