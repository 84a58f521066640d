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
    i = tl.program_id(0) * TILE + tl.arange(0, TILE)  # queries
    c = tl.arange(0, D)
    places = i[:, None] * D + c[None, :]
    q = tl.load(Q + places, mask=i[:, None] < L, other=0.0)  # (TILE, D)
    top = tl.full((TILE,), -float("inf"), tl.float32)
    total = tl.zeros((TILE,), tl.float32)
    mixed = tl.zeros((TILE, D), tl.float32)
    for start in range(0, S, TILE):
        j = start + tl.arange(0, TILE)  # keys
        there = j[:, None] < S
        k = tl.load(K + j[:, None] * D + c[None, :], mask=there, other=0.0)
        v = tl.load(V + j[:, None] * D + c[None, :], mask=there, other=0.0)
        scores = tl.dot(q, tl.trans(k), input_precision="ieee") * scale
        scores = tl.where(j[None, :] < S, scores, -float("inf"))
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
        q, k, v, out, 1 / math.sqrt(d), n, len(k), D=d, TILE=tile
    )
    return out


STARTER = '''@triton.jit
def fused_attention_kernel(
    Q, K, V, Out, scale, L, S, D: tl.constexpr, TILE: tl.constexpr
):
    """One program: the TILE queries from tl.program_id(0) * TILE on.

    Q and Out point at (L, D) numbers, K and V at (S, D), row after row. Walk
    over the keys TILE at a time, with the three lines of the online softmax.
    """
    pass  # your kernel


def fused_attention(q, k, v):
    """Scaled dot-product attention of one head, by a Triton kernel.

    q : float32 tensor (L, d). k, v : (S, d), rows one after the other in
        memory. d is 16, 32 or 64; L and S are any numbers, 1 or more.
    Returns out (L, d). Numbers are compared to three digits, so tl.dot may
    round as it likes. Tiles of 16 rows are enough: tl.dot takes no fewer.
    """
    raise NotImplementedError
'''

HINTS = (
    "Launch triton.cdiv(L, 16) programs. In each, load the queries once. "
    "Rows from L on are not there: mask both the load and the store.",
    "In the loop: scores = tl.dot(q, tl.trans(k)) * scale, then -infinity "
    "for keys from S on (tl.where), then the online softmax with one maximum "
    "and one sum per query, tl.max(scores, axis=1).",
    "mixed * shrink[:, None] + tl.dot(e, v). Divide by total[:, None] once, "
    "when all tiles are done.",
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
        case(17, 16, 16),
        case(5, 37, 16, by=60.0),
        case(19, 41, 32),
    ]
    return made + ([case(8191, 4099, 64)] if tensors.large() else [])


MISTAKES = {
    "no_scale": (
        "The scores are not scaled. Multiply them by scale, which is 1/√d."
    ),
    "divided_by_d": (
        "You divided by d. Its root is asked for: it is the standard "
        "deviation of a score."
    ),
    "keys_beside": (
        "Keys from S on are not there, but their scores of 0 get a weight. "
        "Set them to -infinity before the maximum."
    ),
    "last_tile_lost": (
        "The last keys are left out where 16 does not divide S. The loop "
        "must also take the shorter tile."
    ),
    "not_rescaled": (
        "Sum and mixed values stay as they were when a larger score comes. "
        "Both have to shrink."
    ),
    "values_not_rescaled": (
        "The sum shrinks when a larger score comes, the mixed values do not."
    ),
    "not_divided": (
        "The mixed values are not divided by the sum of the exponentials."
    ),
    "last_tile_alone": (
        "Only the last tile of keys reaches the output. Carry the sum and "
        "the mixed values from tile to tile."
    ),
    "keys_for_values": "The weights meet the keys instead of the values.",
}


def variant(wrong):
    def answer(q, k, v):
        root = math.sqrt(q.shape[1])
        root = 1.0 if "no_scale" in wrong else root
        root = q.shape[1] if "divided_by_d" in wrong else root
        v = k if "keys_for_values" in wrong else v
        if "last_tile_lost" in wrong and len(k) > 16:
            k, v = (x[: len(x) - len(x) % 16] for x in (k, v))
        top = q.new_full((len(q), 1), -math.inf)
        total, mixed = torch.zeros_like(top), torch.zeros_like(q)
        for start in range(0, len(k), 16):
            keys, values = k[start : start + 16], v[start : start + 16]
            if "keys_beside" in wrong and len(keys) < 16:
                more = k.new_zeros(16 - len(keys), k.shape[1])
                keys, values = (torch.cat([x, more]) for x in (keys, values))
            scores = q @ keys.T / root
            new = torch.maximum(top, scores.amax(dim=1, keepdim=True))
            shrink = both = torch.exp(top - new)
            if "not_rescaled" in wrong:
                shrink = both = 1.0
            if "values_not_rescaled" in wrong:
                both = 1.0
            if "last_tile_alone" in wrong:
                shrink = both = 0.0
            e = torch.exp(scores - new)
            total = total * shrink + e.sum(dim=1, keepdim=True)
            mixed = mixed * both + e @ values
            top = new
        return mixed if "not_divided" in wrong else mixed / total

    return answer


EXERCISE = exercise(
    fused_attention,
    title="Attention in one Triton kernel",
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
