"""Exercise 10.gat_layer."""

import torch

from selfattn.attention import device
from selfattn.exercises.model import Case, exercise
from selfattn.exercises.tensors import tensor


def gat_layer(x, w, a_query, a_key, mask):
    """One head of the first graph attention network (GAT), with a mask.

    x : tensor (n, d_in), one row per node. w : (d_in, d_out).
    a_query, a_key : (d_out,). With h = x @ w, the score of query i and key j
        is LeakyReLU(a_query·h_i + a_key·h_j), with slope 0.2 below 0.
    mask : boolean tensor (n, n), True = query i may attend to key j; every
        row has at least one.
    Returns out (n, d_out), which mixes the rows of h by the softmax of the
    scores, and the weights (n, n), 0 where the mask forbids.
    """
    h = x @ w  # (n, d_out)
    sums = (h @ a_query)[:, None] + h @ a_key  # (n, n)
    scores = torch.nn.functional.leaky_relu(sums, 0.2)  # (n, n)
    scores = scores.masked_fill(~mask, -torch.inf)  # (n, n)
    weights = scores.softmax(dim=-1)  # (n, n)
    return weights @ h, weights


HINTS = (
    "Each node gives two numbers: s = h @ a_query for when it asks, and "
    "t = h @ a_key for when it is asked.",
    "The sums s_i + t_j for all pairs are a column plus a row, (n, n). "
    "LeakyReLU comes after the sum.",
    "Forbidden pairs get −∞ before the softmax along each row. What is mixed "
    "is h, not x.",
)


def cases(rng):
    def case(n, d_in, d_out, like=torch.float64, by=1.0):
        shapes = (n, d_in), (d_in, d_out), (d_out,), (d_out,)
        args = [by * rng.standard_normal(shape) for shape in shapes]
        mask = rng.random((n, n)) < 0.5  # (n, n), not symmetric
        mask[range(n), rng.integers(n, size=n)] = True
        mask = torch.as_tensor(mask, device=device())
        name = f"{n} nodes, {d_in} to {d_out}, {str(like).split('.')[1]}"
        if by > 1:
            name += ", large scores"
        return Case(name, (*(tensor(a, like) for a in args), mask))

    return [
        case(2, 3, 2),
        case(1, 2, 3),
        case(5, 3, 7),
        case(7, 5, 5),
        case(11, 2, 3, by=6.0),
        case(5, 7, 2, torch.float32),
    ]


MISTAKES = {
    "no_leak": ("Sums below 0 became 0. LeakyReLU multiplies them by 0.2."),
    "default_leak": (
        "Your slope below 0 is 0.01, the default of torch. Graph attention "
        "uses 0.2."
    ),
    "no_activation": (
        "The sums go into the softmax as they are. Then the query's number "
        "cancels; LeakyReLU is missing."
    ),
    "leak_before_sum": (
        "You applied LeakyReLU to each node's number before adding. It "
        "belongs around the sum of the two."
    ),
    "mask_inverted": (
        "Your mask is upside down. True means “may attend” in this book, and "
        "`masked_fill` fills where True."
    ),
    "mask_after_softmax": (
        "You set forbidden weights to 0 after the softmax. What is left no "
        "longer sums to 1; mask the scores first."
    ),
    "score_zero": (
        "You set forbidden scores to 0. e⁰ is 1, so they still get weight; a "
        "score of −∞ gets none."
    ),
    "over_queries": (
        "Your weights sum to 1 down the columns. Each query, a row, shares "
        "out its own attention."
    ),
    "swapped": (
        "a_query and a_key have changed places. The query is the row."
    ),
    "scaled": (
        "You divided the sums by √d_out. That belongs to dot products; this "
        "score has no scale."
    ),
    "mask_transposed": (
        "Your mask lies on its side: entry (i, j) says whether query i may "
        "attend to key j, and edges may be one-way."
    ),
    "self_added": (
        "You let every node attend to itself. The mask says who may, and "
        "here not every node does."
    ),
    "elu_after": (
        "You applied ELU to the result. In a network it often follows, but "
        "this layer returns the mix as it is."
    ),
    "not_masked": (
        "Every node attends to every node. Use the mask before the softmax."
    ),
}


def variant(wrong):
    def answer(x, w, a_query, a_key, mask):
        h = x @ w
        if "swapped" in wrong:
            a_query, a_key = a_key, a_query
        slope = 0.01 if "default_leak" in wrong else 0.2
        slope = 0.0 if "no_leak" in wrong else slope
        slope = 1.0 if "no_activation" in wrong else slope

        def leaky(t):
            return torch.where(t > 0, t, slope * t)

        s, t = (h @ a_query)[:, None], h @ a_key
        if "leak_before_sum" in wrong:
            scores = leaky(s) + leaky(t)
        else:
            sums = s + t
            if "scaled" in wrong:
                sums = sums / h.shape[-1] ** 0.5
            scores = leaky(sums)
        if "mask_inverted" in wrong:
            mask = ~mask
        if "mask_transposed" in wrong:
            mask = mask.T
        if "self_added" in wrong:
            own = torch.eye(len(x), dtype=torch.bool, device=x.device)
            mask = mask | own
        dim = 0 if "over_queries" in wrong else -1
        if "score_zero" in wrong:
            weights = (scores * mask).softmax(dim)
        elif "mask_after_softmax" in wrong:
            weights = scores.softmax(dim) * mask
        elif "not_masked" in wrong:
            weights = scores.softmax(dim)
        else:
            weights = torch.where(mask, scores, -torch.inf).softmax(dim)
        out = weights @ h
        if "elu_after" in wrong:
            out = torch.nn.functional.elu(out)
        return out, weights

    return answer


EXERCISE = exercise(
    gat_layer,
    title="The first graph attention network",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
