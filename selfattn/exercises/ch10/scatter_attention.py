"""Exercise 10.scatter_attention."""

import math

import torch

from selfattn.attention import device
from selfattn.exercises import tensors
from selfattn.exercises.model import Case, exercise
from selfattn.exercises.tensors import tensor

from . import edge_attention


def scatter_attention(q, k, v, pairs):
    """Attention along the edges of a large graph, without a loop.

    q : tensor (L, d_k). k : (S, d_k). v : (S, d_v).
    pairs : integer tensor (E, 2), in each row a query and a key that it may
        attend to, in any order, none twice. A query may have no pair.
    Returns out (L, d_v) and weights (E,), in the order of pairs: scaled dot
    products, softmax over the pairs of each query. A query without a pair
    gets zeros. Where there is a GPU, L and S are 100,000 in one case, so
    that nothing of size (L, S) fits.
    """
    i, j = pairs.unbind(dim=1)  # (E,) each
    scores = (q[i] * k[j]).sum(dim=-1) / q.shape[-1] ** 0.5  # (E,)
    top = scores.new_full((len(q),), -torch.inf)  # (L,)
    top = top.scatter_reduce(0, i, scores, "amax")  # (L,)
    e = (scores - top[i]).exp()  # (E,)
    total = scores.new_zeros(len(q)).index_add(0, i, e)  # (L,)
    weights = e / total[i]  # (E,)
    out = v.new_zeros(len(q), v.shape[1])  # (L, d_v)
    return out.index_add(0, i, weights[:, None] * v[j]), weights


HINTS = (
    "Gather first: `q[i]` and `k[j]` have one row per edge. Multiply, add "
    "along the width, divide by √d_k.",
    '`scatter_reduce(0, i, scores, "amax")` finds each query\'s largest '
    "score, `index_add(0, i, e)` each query's sum. Index both with i to come "
    "back to the edges.",
    "The messages are weights[:, None] * v[j]. `index_add` adds them to a "
    "tensor of zeros (L, d_v), which is also right for a query without one.",
)


def cases(rng):
    def case(n_queries, n_keys, d_k, d_v, like=torch.float64, by=1.0, many=3):
        q = by * rng.standard_normal((n_queries, d_k))
        k = rng.standard_normal((n_keys, d_k))
        v = rng.standard_normal((n_keys, d_v))
        drawn = rng.choice(n_queries * n_keys, many * n_queries, False)
        pairs = torch.tensor(
            [divmod(int(code), n_keys) for code in drawn], device=device()
        )  # (E, 2)
        name = f"{n_queries} queries, {n_keys} keys, {len(pairs)} edges"
        if by > 1:
            name += ", large scores"
        return Case(name, (*(tensor(x, like) for x in (q, k, v)), pairs))

    low = [[3.0]], [[-1000.0], [-999.5]], [[2.0], [4]]
    both = torch.tensor([[0, 1], [0, 0]], device=device())
    hand = [[[0.0, 1], [2, 0], [1, 1]], [[1.0, 0], [0, 1], [1, 1]]]
    values = [[3.0], [5], [7]]
    where = torch.tensor([[0, 1], [1, 2], [0, 2]], device=device())
    made = [
        Case(
            "3 nodes; node 2 has no edge",
            (*(tensor(x) for x in (*hand, values)), where),
        ),
        Case("1 query, scores near −3000", (*(tensor(x) for x in low), both)),
        case(5, 7, 3, 2),
        case(7, 5, 11, 3),
        case(11, 3, 2, 5, many=1),
        case(7, 11, 5, 3, by=3000.0),
        case(13, 13, 7, 7, torch.float32),
    ]
    return made + large(rng)


def large(rng):
    """A graph that asks for a GPU, where there is one."""
    if not tensors.large():
        return []
    n, many = 100_000, 10  # nodes, edges per node
    q, k, v = (tensor(rng.standard_normal((n, 17))) for _ in range(3))
    # Steps that differ within a node, so that no pair comes twice.
    i = torch.arange(n, device=device()).repeat_interleave(many)  # (E,)
    step = torch.arange(1, many + 1, device=device()).repeat(n) ** 3
    pairs = torch.stack([i, (i + step) % n], dim=1)  # (E, 2)
    return [Case(f"{n:,} nodes, {len(pairs):,} edges", (q, k, v, pairs))]


SAME = ("no_scale", "divided_by_d_k", "over_all", "over_keys", "unstable",
        "averaged", "not_weighted")  # fmt: skip
MISTAKES = {name: edge_attention.MISTAKES[name] for name in SAME} | {
    "global_max": (
        "You subtract one number from all scores. A query whose scores lie "
        "far below it then divides 0 by 0; subtract each query's own largest "
        "score."
    ),
    "zero_max": (
        "Each largest score was taken together with 0, so a query with "
        "negative scores only is not brought up to 0. Start from −∞, or pass "
        "include_self=False."
    ),
    "last_message": (
        "Only one message arrives at each node. `out[i] += …` keeps one of "
        "them where a node comes twice; `index_add` adds all."
    ),
    "lonely_nan": ("A query without an edge gets NaN. It should get zeros."),
}


def variant(wrong):
    def answer(q, k, v, pairs):
        i, j = pairs.unbind(dim=1)
        root = math.sqrt(q.shape[-1])
        scale = 1.0 if "no_scale" in wrong else 1 / root
        scale = 1 / root**2 if "divided_by_d_k" in wrong else scale
        scores = (q[i] * k[j]).sum(dim=-1) * scale
        at, n = (j, len(k)) if "over_keys" in wrong else (i, len(q))
        if "over_all" in wrong:
            at = 0 * i
        start = 0.0 if "zero_max" in wrong else -torch.inf
        top = scores.new_full((n,), start)
        top = top.scatter_reduce(0, at, scores, "amax")
        if "unstable" in wrong:
            top = torch.zeros_like(top)
        if "global_max" in wrong:
            top = torch.full_like(top, scores.max())
        e = (scores - top[at]).exp()
        weights = e / scores.new_zeros(n).index_add(0, at, e)[at]
        count = v.new_zeros(len(q)).index_add(0, i, torch.ones_like(scores))
        share = weights
        if "not_weighted" in wrong:
            share = torch.ones_like(weights)
        if "averaged" in wrong:
            share = share / count[i]
        messages = share[:, None] * v[j]
        out = v.new_zeros(len(q), v.shape[1])
        if "last_message" in wrong:
            last = torch.zeros_like(count).long()
            order = torch.arange(len(i), device=i.device)
            last = last.scatter_reduce(0, i, order, "amax")
            out = torch.where(count[:, None] > 0, messages[last], out)
        else:
            out = out.index_add(0, i, messages)
        if "lonely_nan" in wrong:
            out = torch.where(count[:, None] > 0, out, torch.nan)
        return out, weights

    return answer


EXERCISE = exercise(
    scatter_attention,
    title="A large graph on a GPU",
    difficulty=3,
    minutes=18,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
