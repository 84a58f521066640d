"""Exercise 13.fused_attention."""

import math

import torch

from selfattn.attention import device
from selfattn.exercises import tensors
from selfattn.exercises.model import Case, exercise
from selfattn.exercises.tensors import tensor
from selfattn.fused_triton import tl, triton


@triton.jit
def fused_attention_kernel(
    Q, K, V, Out, scale, L, S, D: tl.constexpr, TILE: tl.constexpr
):
    first = tl.program_id(0) * TILE
    i = first + tl.arange(0, TILE)  # queries
    c = tl.arange(0, D)
    places = i[:, None] * D + c[None, :]
    q = tl.load(Q + places, mask=i[:, None] < L, other=0.0)  # (TILE, D)
    top = tl.full((TILE,), -float("inf"), tl.float32)
    total = tl.zeros((TILE,), tl.float32)
    mixed = tl.zeros((TILE, D), tl.float32)
    end = tl.minimum(S, first + TILE + S - L)  # no query sees a later key
    for start in range(0, end, TILE):
        j = start + tl.arange(0, TILE)  # keys
        there = j[:, None] < S
        k = tl.load(K + j[:, None] * D + c[None, :], mask=there, other=0.0)
        v = tl.load(V + j[:, None] * D + c[None, :], mask=there, other=0.0)
        scores = tl.dot(q, tl.trans(k), input_precision="ieee") * scale
        seen = j[None, :] <= i[:, None] + S - L  # so j is below S, too
        scores = tl.where(seen, scores, -float("inf"))
        new = tl.maximum(top, tl.max(scores, axis=1))
        shrink = tl.exp(top - new)
        e = tl.exp(scores - new[:, None])  # (TILE, TILE)
        total = total * shrink + tl.sum(e, axis=1)
        mixed = mixed * shrink[:, None]
        mixed += tl.dot(e, v, input_precision="ieee")
        top = new
    tl.store(Out + places, mixed / total[:, None], mask=i[:, None] < L)


def fused_attention(q, k, v):
    out = torch.empty_like(q)
    (n, d), tile = q.shape, 16
    fused_attention_kernel[(triton.cdiv(n, tile),)](
        q, k, v, out, d**-0.5, n, len(k), D=d, TILE=tile
    )
    return out


STARTER = '''@triton.jit
def fused_attention_kernel(
    Q, K, V, Out, scale, L, S, D: tl.constexpr, TILE: tl.constexpr
):
    """One program: the TILE queries from tl.program_id(0) * TILE on.

    Q and Out point at (L, D) numbers, K and V at (S, D), row after row. Walk
    over the keys TILE at a time. Stop behind the last key that one of these
    queries may see.
    """
    pass  # your kernel


def fused_attention(q, k, v):
    """Causal attention of one head, by a Triton kernel.

    q : float32 tensor (L, d). k, v : (S, d), rows one after the other in
        memory. d is 16, 32 or 64; L is 1 or more, and S is L or more.
    Returns out (L, d): scaled dot-product attention in which the last query
    stands at the last key, so query i sees the keys 0 to i + S - L. Numbers
    are compared to three digits, so tl.dot may round as it likes. Tiles of
    16 rows are enough: tl.dot takes no fewer.
    """
    raise NotImplementedError
'''

HINTS = (
    "Begin with the small kernel of the chapter. Key j may be seen by query "
    "i where j <= i + S - L. With i[:, None] and j[None, :] that is a tile "
    "of booleans.",
    "tl.where sets the scores of the other keys to -infinity. Keys from S on "
    "are among them for every query that is stored.",
    "The last query of a program is first + TILE - 1, so the loop ends at "
    "tl.minimum(S, first + TILE + S - L), with first = tl.program_id(0) * "
    "TILE.",
)


def cases(rng):
    def case(n, s, d, by=1.0):
        name = f"{n} queries, {s} keys, d = {d}"
        name += ", large scores" if by > 1 else ""
        q = by * rng.standard_normal((n, d))
        k, v = rng.standard_normal((2, s, d))
        return Case(name, tuple(tensor(x, torch.float32) for x in (q, k, v)))

    one = torch.ones(1, 16, device=device())
    made = [
        Case("1 query, 1 key", (one, one, 3 * one)),
        case(3, 5, 16),
        case(17, 17, 16),
        case(5, 37, 16, by=60.0),
        case(35, 41, 32),
    ]
    return made + ([case(4099, 8191, 64)] if tensors.large() else [])


MISTAKES = {
    "not_causal": (
        "Every query sees every key. Query i may see the keys up to i + S - L."
    ),
    "first_at_first": (
        "Query i sees the keys 0 to i. Here the last query stands at the last "
        "key, so it sees S - L keys more."
    ),
    "one_too_far": (
        "Each query sees one key too many: its own place is i + S - L, and "
        "the keys behind it are forbidden."
    ),
    "stops_too_early": (
        "The loop ends at the last key of a program's first query. Its other "
        "queries may see further."
    ),
    "no_scale": (
        "The scores are not scaled. Multiply them by scale, which is 1/√d."
    ),
    "divided_by_d": (
        "You divided by d. Its root is asked for: it is the standard "
        "deviation of a score."
    ),
    "not_rescaled": (
        "Both sums stay as they were when a larger score comes. Both have to "
        "shrink."
    ),
    "values_not_rescaled": (
        "The sum of exponentials shrinks when a larger score comes, the sum "
        "of values does not."
    ),
    "not_divided": (
        "The sum of values is not divided by the sum of the exponentials."
    ),
    "keys_for_values": "The weights meet the keys instead of the values.",
}


def variant(wrong):
    def answer(q, k, v):
        root = math.sqrt(q.shape[1])
        root = 1.0 if "no_scale" in wrong else root
        root = q.shape[1] if "divided_by_d" in wrong else root
        v = k if "keys_for_values" in wrong else v
        reach = len(k) - len(q)  # query i sees the keys 0 to i + reach
        reach = 0 if "first_at_first" in wrong else reach
        reach += "one_too_far" in wrong
        reach = len(k) if "not_causal" in wrong else reach
        rows = []
        for first in range(0, len(q), 16):
            place = torch.arange(len(q), device=q.device)[first : first + 16]
            last = first if "stops_too_early" in wrong else first + 15
            end = min(len(k), last + reach + 1)
            scores = q[first : first + 16] @ k[:end].T / root
            seen = place[:, None] + reach >= place.new_tensor(range(end))
            scores = scores.masked_fill(~seen, -math.inf)
            rows.append(_in_tiles(scores, v[:end], wrong))
        return torch.cat(rows)

    return answer


def _in_tiles(scores, v, wrong):
    """The output of some queries, 16 keys at a time."""
    top = scores.new_full((len(scores), 1), -math.inf)
    total, mixed = torch.zeros_like(top), 0.0
    for some, values in zip(scores.split(16, 1), v.split(16), strict=True):
        new = torch.maximum(top, some.amax(dim=1, keepdim=True))
        shrink = both = torch.exp(top - new)
        if "not_rescaled" in wrong:
            shrink = both = 1.0
        if "values_not_rescaled" in wrong:
            both = 1.0
        e = torch.exp(some - new)
        total = total * shrink + e.sum(dim=1, keepdim=True)
        mixed = mixed * both + e @ values
        top = new
    return mixed if "not_divided" in wrong else mixed / total


EXERCISE = exercise(
    fused_attention,
    title="Causal attention in one Triton kernel",
    difficulty=3,
    minutes=30,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
    starter=STARTER,
    kernel=fused_attention_kernel,
    rtol=2e-3,
    atol=2e-3,
)
