"""Exercise 05.one_head."""

import math

import torch
from torch import nn

from selfattn.attention import device
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

    Each of the three is an nn.Linear, kept as self.w_q, self.w_k, self.w_v.
    forward(x, mask=None) takes x (B, L, d_model) and perhaps a mask of
    booleans, (B, 1, L) or (B, L, L), True = may attend. It returns
    out (B, L, d_v) and weights (B, L, L); scores are divided by sqrt(d_k).
    """

    def __init__(self, d_model, d_k, d_v):
        super().__init__()
        raise NotImplementedError

    def forward(self, x, mask=None):
        raise NotImplementedError
'''

HINTS = (
    "Three `nn.Linear` in `__init__`, after `super().__init__()`. "
    "What have they, unless told otherwise, that the lecture's "
    "matrices lack?",
    "In `forward`, exchange the last two axes of the keys, and "
    "divide by the root of the queries' width.",
    "`masked_fill(where, value)` fills where it is given True. Your "
    "mask is True where it must not. Then the softmax over the last "
    "axis.",
)


def run(answer, sizes, arrays, x, mask):
    """Build it, give it the matrices, and see what comes out and back."""
    torch.manual_seed(0)
    model = answer(*sizes)
    if not isinstance(model, nn.Module):
        raise TypeError("the class must be a subclass of nn.Module")
    model = model.to(x)
    for name in arrays:
        if not isinstance(getattr(model, name, None), nn.Linear):
            raise TypeError(
                f"self.{name} must be an nn.Linear: got "
                f"{type(getattr(model, name, None)).__name__}"
            )
    with torch.no_grad():
        for p in model.parameters():
            p.zero_()
        for name, array in arrays.items():
            getattr(model, name).weight.copy_(array)
    given = model(x, mask) if mask is not None else model(x)
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise TypeError(
            "forward must return two things, out and weights: got "
            f"{type(given).__name__}"
        )
    out, weights = given
    learned = [p for p in model.parameters() if p.requires_grad]
    if not out.requires_grad:
        out = out + 0 * sum(p.sum() for p in learned)
    slope = torch.linspace(-1, 1, out.numel()).to(out).view(out.shape)
    model.zero_grad()
    (out * slope).sum().backward()
    back = {
        name: torch.zeros_like(array)
        if getattr(model, name).weight.grad is None
        else getattr(model, name).weight.grad.clone()
        for name, array in arrays.items()
    }
    count = sum(p.numel() for p in learned)
    return {"out": out, "weights": weights, "learned": count, **back}


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
    return [
        case("one sentence, no mask", 1, 3, 5, 2, 7),
        case("a batch, no mask", 2, 5, 3, 7, 2),
        case("padding", 3, 5, 7, 3, 2, lengths(5, 1, 3, size=5)),
        case("no look ahead", 2, 7, 5, 3, 11, causal),
        case(
            "large scores, padding",
            2,
            3,
            7,
            5,
            3,
            lengths(2, 3, size=3),
            by=50.0,
        ),
    ]


PROPERTIES = (
    Property(
        "gradient_reaches_all",
        "The gradient does not reach all three matrices. Nothing on "
        "the way from x to out may leave torch or be detached.",
        lambda rng: cases(rng)[1:2],
        lambda cases, outs: all(
            float(abs(outs[0][name]).max()) > 0
            for name in ("w_q", "w_k", "w_v")
        ),
    ),
)

MISTAKES = {
    "no_scale": (
        "The scores are not scaled. Divide them by √d_k before the softmax."
    ),
    "sqrt_d_model": (
        "You divided by √d_model. It is the width of queries and keys that "
        "sets the spread of a score: √d_k."
    ),
    "over_queries": (
        "Your softmax runs over the queries. In (B, L, L) the last axis "
        "holds the keys, among which each query shares out its attention."
    ),
    "q_k_swapped": (
        "Queries and keys are exchanged: your weights are those of the "
        "transposed scores."
    ),
    "mask_inverted": (
        "Your mask is upside down. True means “may attend” in this book, "
        "whereas `masked_fill` fills where it is given True."
    ),
    "mask_ignored": (
        "The mask has no effect. Forbidden keys should have weight 0."
    ),
    "after_softmax": (
        "You masked after the softmax, so rows with a mask no longer sum "
        "to 1. Mask the scores."
    ),
    "score_zero": (
        "You multiplied the scores with the mask. A score of 0 still gets "
        "weight; a score of −∞ gets none."
    ),
    "bias": (
        "Your module learns too many numbers: `nn.Linear` adds a bias "
        "unless it is told not to. The lecture's layer has three matrices "
        "and nothing else."
    ),
    "shared": (
        "Queries and keys share one matrix. Then the score of word i for j "
        "is that of j for i."
    ),
    "detached": (
        "The outputs are right, but no gradient reaches w_q and w_k: the "
        "weights were cut off from them. Such a layer never learns where "
        "to look."
    ),
    "not_learned": (
        "The outputs are right, but w_q and w_k are not learned: their "
        "gradient is switched off."
    ),
}


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
            self.frozen = "not_learned" in wrong
            for matrix in (self.w_q, self.w_k):
                matrix.weight.requires_grad_(not self.frozen)

        def forward(self, x, mask=None):
            q, k, v = self.w_q(x), self.w_k(x), self.w_v(x)
            if "q_k_swapped" in wrong:
                q, k = k, q
            scores = q @ k.transpose(-1, -2)
            if "sqrt_d_model" in wrong:
                scores = scores / math.sqrt(x.shape[-1])
            elif "no_scale" not in wrong:
                scores = scores / math.sqrt(q.shape[-1])
            if mask is None or "mask_ignored" in wrong:
                mask = torch.ones_like(scores, dtype=torch.bool)
            elif "mask_inverted" in wrong:
                mask = ~mask
            dim = -2 if "over_queries" in wrong else -1
            if "after_softmax" in wrong:
                weights = scores.softmax(dim) * mask
            elif "score_zero" in wrong:
                weights = (scores * mask).softmax(dim)
            else:
                weights = torch.where(mask, scores, -1e30).softmax(dim)
            if "detached" in wrong:
                weights = weights.detach()
            return weights @ v, weights

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
