"""Exercise 05.one_head."""

import math

import torch
from torch import nn

from selfattn.attention import device
from selfattn.exercises.ch05._torch_module import run
from selfattn.exercises.model import Case, Property, exercise
from selfattn.exercises.tensors import tensor


class OneHead(nn.Module):
    def __init__(self, d_model, d_k, d_v):
        super().__init__()
        self.w_q = nn.Linear(d_model, d_k, bias=False)
        self.w_k = nn.Linear(d_model, d_k, bias=False)
        self.w_v = nn.Linear(d_model, d_v, bias=False)

    def forward(self, x, mask=None):
        q, k, v = self.w_q(x), self.w_k(x), self.w_v(x)  # (B, L, d)
        scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5  # (B, L, L)
        if mask is not None:
            scores = scores.masked_fill(~mask, -torch.inf)  # (B, L, L)
        weights = scores.softmax(dim=-1)  # (B, L, L)
        return weights @ v, weights  # (B, L, d_v), (B, L, L)


STARTER = '''class OneHead(nn.Module):
    """Self-attention with learned w_q, w_k and w_v, and no bias.

    Each of the three is an nn.Linear, kept as self.w_q, self.w_k, self.w_v;
    nothing else is learned. forward(x, mask=None) takes x (B, L, d_model)
    and perhaps a mask of booleans, (B, 1, L) or (B, L, L), True = may
    attend, with at least one True for each word. It returns two tensors in
    the dtype of x: out (B, L, d_v) and weights (B, L, L). A gradient flows
    back through both. Scores are divided by sqrt(d_k), and may be large.
    """

    def __init__(self, d_model, d_k, d_v):
        super().__init__()
        raise NotImplementedError

    def forward(self, x, mask=None):
        raise NotImplementedError
'''

HINTS = (
    "Make three `nn.Linear` in `__init__`, after `super().__init__()`. What "
    "do they add unless told otherwise?",
    "In `forward`, exchange the last two axes of the keys, and divide by "
    "the root of the width of a query.",
    "`masked_fill(where, value)` fills where it is given True, and your "
    "mask is True where it must not. The softmax comes after it, along the "
    "last axis.",
)


def cases(rng):
    def case(name, b, n, d_model, d_k, d_v, mask=None, by=1.0):
        x = tensor(rng.standard_normal((b, n, d_model)))
        arrays = {
            name: tensor(rng.standard_normal((width, d_model)))
            for name, width in (("w_q", d_k), ("w_k", d_k), ("w_v", d_v))
        }
        arrays["w_q"] *= by
        if mask is not None:
            mask = torch.as_tensor(mask).to(device())
        return Case(name, ((d_model, d_k, d_v), arrays, x, mask))

    def lengths(*n, size):
        places = torch.arange(size)
        return (places < torch.tensor(n)[:, None])[:, None]  # (B, 1, L)

    causal = torch.ones(7, 7, dtype=torch.bool).tril().expand(2, 7, 7)
    each = torch.as_tensor(rng.random((3, 5, 5)) < 0.5) | torch.eye(5).bool()
    short = lengths(3, 1, size=5)
    return [
        case("one sentence, no mask", 1, 3, 5, 2, 7),
        case("a batch, no mask", 2, 5, 3, 7, 11),
        case("padding", 3, 5, 7, 2, 11, lengths(5, 1, 3, size=5)),
        case("padding after the longest sentence", 2, 5, 7, 11, 3, short),
        case("no look ahead", 2, 7, 5, 3, 11, causal),
        case("a mask for each word", 3, 5, 2, 7, 11, each),
        case("large scores", 2, 7, 11, 5, 3, by=2000.0),
        case(
            "large negative scores, padding",
            3,
            7,
            5,
            11,
            2,
            lengths(1, 1, 2, size=7),
            by=2000.0,
        ),
    ]


PROPERTIES = (
    Property(
        "gradient_reaches_all",
        "The gradient does not reach all three matrices. Nothing on "
        "the way from x to out may leave torch or be detached.",
        lambda rng: cases(rng)[1:2],
        lambda cases, outs: all(
            float(abs(outs[0][f"gradient of {name}"]).max()) > 0
            for name in ("w_q", "w_k", "w_v")
        ),
    ),
)

MISTAKES = {
    "no_scale": (
        "The scores are not scaled. Divide them by √d_k before the softmax."
    ),
    "sqrt_d_model": (
        "You divided by √d_model. A score adds up over the entries of a "
        "query, so the root is that of d_k."
    ),
    "sqrt_d_v": (
        "You divided by √d_v, the width of the values. A score is a product "
        "of query and key, so the root is that of d_k."
    ),
    "sqrt_length": (
        "You divided by the root of the number of words. A score adds up "
        "over the entries of a query, so the root is that of d_k."
    ),
    "divided_by_d_k": "You divided by d_k, and its root is asked for.",
    "over_queries": (
        "Your softmax runs over the queries. In (B, L, L) the last axis "
        "holds the keys, and each query shares out its attention among them."
    ),
    "over_batch": (
        "Your softmax runs over the batch, axis 0. It belongs on the last "
        "axis, which holds the keys."
    ),
    "q_k_swapped": (
        "Queries and keys are exchanged. Row i of the scores belongs to "
        "query i."
    ),
    "k_reshaped": (
        "You turned the keys with `reshape`, which only deals the numbers "
        "out anew. Exchange their last two axes."
    ),
    "mask_inverted": (
        "Your mask is used the wrong way round. True means “may attend” in "
        "this book, but `masked_fill` fills where it is given True."
    ),
    "mask_ignored": (
        "The mask has no effect. Forbidden keys should have weight 0."
    ),
    "masked_as_queries": (
        "You masked queries in place of keys. The last axis of mask and "
        "scores belongs to the keys."
    ),
    "first_of_batch": (
        "Every sentence got the mask of the first one. The first axis of "
        "mask and scores is the batch."
    ),
    "mask_remembered": (
        "The mask of the first call is still in use in the second. A mask "
        "belongs to one call."
    ),
    "after_softmax": (
        "You masked after the softmax, so rows with a mask no longer sum "
        "to 1. Mask the scores."
    ),
    "score_zero": (
        "You set forbidden scores to 0. A score of 0 still gets a weight; a "
        "score of −∞ gets none."
    ),
    "minus_hundred": (
        "You set forbidden scores to −100, and some allowed scores lie below "
        "that. Only −∞ is below every score."
    ),
    "minus_ten_thousand": (
        "You set forbidden scores to −10,000, and some allowed scores lie "
        "below that. Only −∞ is below every score."
    ),
    "ten_thousand_less": (
        "You took 10,000 off forbidden scores, and some allowed scores are "
        "lower still. Only −∞ is below every score."
    ),
    "unstable_exp": (
        "Large scores overflow, and infinity divided by infinity is NaN. "
        "`softmax` takes the largest score off first."
    ),
    "bias": (
        "Your module learns too many numbers: `nn.Linear` adds a bias "
        "unless it is told not to."
    ),
    "shared": (
        "Queries and keys share one matrix. Each needs its own, or the score "
        "of word i for j is always that of j for i."
    ),
    "detached": (
        "The outputs are right, but no gradient reaches w_q and w_k: the "
        "weights were cut off from them. Such a layer never learns where "
        "to look."
    ),
    "weights_detached": (
        "The results are right, but the weights that you return are "
        "detached. A gradient should flow back through them as well."
    ),
    "not_learned": (
        "The outputs are right, but w_q and w_k are not learned: their "
        "gradient is switched off."
    ),
}


FILL = {"minus_hundred": -100.0, "minus_ten_thousand": -10000.0}


def root(q, v, x, wrong):
    """What the scores are divided by."""
    if "no_scale" in wrong:
        return 1.0
    if "divided_by_d_k" in wrong:
        return q.shape[-1]
    if "sqrt_d_model" in wrong:
        return math.sqrt(x.shape[-1])
    if "sqrt_d_v" in wrong:
        return math.sqrt(v.shape[-1])
    return math.sqrt(x.shape[1] if "sqrt_length" in wrong else q.shape[-1])


def weigh(scores, mask, wrong):
    """Masked softmax, (B, L, L)."""
    dim = -1
    if "over_queries" in wrong:
        dim = -2
    if "over_batch" in wrong:
        dim = 0
    if mask is None or "mask_ignored" in wrong:
        mask = torch.ones_like(scores, dtype=torch.bool)
    if "mask_inverted" in wrong:
        mask = ~mask
    if "masked_as_queries" in wrong:
        mask = mask.transpose(-1, -2)
    if "first_of_batch" in wrong:
        mask = mask[:1]
    if "unstable_exp" in wrong:
        e = scores.exp() * mask
        return e / e.sum(dim, keepdim=True)
    if "after_softmax" in wrong:
        return scores.softmax(dim) * mask
    if "score_zero" in wrong:
        return (scores * mask).softmax(dim)
    if "ten_thousand_less" in wrong:
        return (scores - 1e4 * ~mask).softmax(dim)
    fill = next((FILL[name] for name in FILL if name in wrong), -1e30)
    hidden = torch.where(mask, scores, fill)
    return hidden.softmax(dim)


def variant(wrong):
    class Answer(nn.Module):
        def __init__(self, d_model, d_k, d_v):
            super().__init__()
            bias = "bias" in wrong
            self.w_q = nn.Linear(d_model, d_k, bias=bias)
            self.w_k = nn.Linear(d_model, d_k, bias=bias)
            if "shared" in wrong:
                self.w_k = self.w_q
            self.w_v = nn.Linear(d_model, d_v, bias=bias)
            for matrix in (self.w_q, self.w_k):
                matrix.weight.requires_grad_("not_learned" not in wrong)
            self.mask = None

        def forward(self, x, mask=None):
            q, k, v = self.w_q(x), self.w_k(x), self.w_v(x)
            if "q_k_swapped" in wrong:
                q, k = k, q
            turned = k.transpose(-1, -2)  # (B, d_k, L)
            if "k_reshaped" in wrong:
                turned = k.reshape(turned.shape)
            if "mask_remembered" in wrong:
                self.mask = mask if self.mask is None else self.mask
                mask = self.mask
            scores = q @ turned / root(q, v, x, wrong)  # (B, L, L)
            weights = weigh(scores, mask, wrong)  # (B, L, L)
            if "detached" in wrong:
                weights = weights.detach()
            out = weights @ v  # (B, L, d_v)
            if "weights_detached" in wrong:
                weights = weights.detach()
            return out, weights

    return Answer


EXERCISE = exercise(
    OneHead,
    title="Self-attention as a torch module",
    difficulty=2,
    minutes=12,
    starter=STARTER,
    hints=HINTS,
    run=run,
    cases=cases,
    properties=PROPERTIES,
    mistakes=MISTAKES,
    variant=variant,
)
