"""Chapter 05 in torch: the layer as a module, and one step of its training."""

from __future__ import annotations

import math

import torch
from torch import nn

from selfattn.attention import device
from selfattn.exercises import Case, Exercise, Property, traps_from


def _place(x):
    """On the device there is, in its widest float."""
    where = device()
    like = torch.float32 if where.type == "mps" else torch.float64
    return torch.as_tensor(x).to(device=where, dtype=like)


# --- a module ---------------------------------------------------------------


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


HEAD_STARTER = '''class OneHead(nn.Module):
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


def _head_variant(wrong):
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


def _head_run(answer, sizes, arrays, x, mask):
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


def _head_cases(rng):
    def case(name, b, n, d_model, d_k, d_v, mask=None, by=1.0):
        x = _place(rng.standard_normal((b, n, d_model)))
        arrays = {
            name: _place(rng.standard_normal((width, d_model)))
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
        case("large scores, padding", 2, 3, 7, 5, 3,
             lengths(2, 3, size=3), by=50.0),
    ]  # fmt: skip


HEAD_TRAPS = {
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


# --- a training step --------------------------------------------------------


def train_step(layer, read_out, optimiser, x, y):
    out, _ = layer(x)  # (B, L, d_v)
    logits = read_out(out[:, -1])  # (B, n_answers)
    loss = nn.functional.cross_entropy(logits, y)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


STEP_STARTER = '''def train_step(layer, read_out, optimiser, x, y):
    """One step of training on a batch of look-ups.

    layer : a module; layer(x) gives (out, weights) with out (B, L, d_v).
    read_out : a module from (..., d_v) to (..., n_answers), one score per
        possible answer, before any softmax.
    optimiser : holds the parameters of both.
    x : tensor (B, L, d_model); the last vector of each set is the question.
    y : integer tensor (B,), the right answers.
    Returns the batch's mean cross-entropy before the step, as a float.
    """
    raise NotImplementedError
'''


def _step_variant(wrong):
    def answer(layer, read_out, optimiser, x, y):
        def loss_now():
            out, _ = layer(x)  # (B, L, d_v)
            if "layer_frozen" in wrong:
                out = out.detach()
            if "first_vector" in wrong:
                out = out[:, 0]
            elif "all_averaged" in wrong:
                out = out.mean(dim=1)
            else:
                out = out[:, -1]
            logits = read_out(out)  # (B, n_answers)
            if "softmax_twice" in wrong:
                logits = logits.softmax(dim=-1)
            if "squared" in wrong:
                marks = nn.functional.one_hot(y, logits.shape[1])
                return ((logits - marks.to(logits)) ** 2).mean()
            how = "sum" if "summed" in wrong else "mean"
            return nn.functional.cross_entropy(logits, y, reduction=how)

        loss = loss_now()
        if "not_cleared" not in wrong:
            optimiser.zero_grad()
        if "uphill" in wrong:
            (-loss).backward()
        else:
            loss.backward()
        if "nothing_learned" not in wrong:
            optimiser.step()
        if "loss_afterwards" in wrong:
            with torch.no_grad():
                loss = loss_now()
        return loss.item()

    return answer


class _Layer(nn.Module):
    """A layer with given matrices, (d_out, d_in) each."""

    def __init__(self, arrays):
        super().__init__()
        self.arrays = nn.ParameterList(nn.Parameter(a) for a in arrays)

    def forward(self, x):
        q, k, v = (x @ w.T for w in self.arrays)  # (B, L, d) each
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        weights = scores.softmax(dim=-1)  # (B, L, L)
        return weights @ v, weights


class _Descent:
    """Plain gradient descent. Loading torch's own takes seconds."""

    def __init__(self, learned, rate):
        self.param_groups = [{"params": learned, "lr": rate}]

    def zero_grad(self, set_to_none=True):
        for p in self.param_groups[0]["params"]:
            p.grad = None if set_to_none else torch.zeros_like(p)

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for p in self.param_groups[0]["params"]:
            if p.grad is not None:
                p -= self.param_groups[0]["lr"] * p.grad
        return loss


def _step_run(answer, arrays, rate, *batches):
    """Three steps, each on its own batch: losses, and what was learned."""
    *matrices, last = (a.clone() for a in arrays)
    layer = _Layer(matrices)
    read_out = nn.Linear(last.shape[1], last.shape[0], bias=False).to(last)
    with torch.no_grad():
        read_out.weight.copy_(last)
    learned = [*layer.parameters(), *read_out.parameters()]
    optimiser = _Descent(learned, rate)
    losses = [
        answer(layer, read_out, optimiser, x, y)
        for x, y in zip(batches[::2], batches[1::2], strict=True)
    ]
    if any(loss is None for loss in losses):
        raise TypeError("train_step must return the loss: got None")
    return {"losses": losses, "learned": [p.detach() for p in learned]}


def _step_cases(rng):
    def case(name, b, n, d_model, d_k, d_v, n_answers, rate=0.5):
        shapes = (d_k, d_model), (d_k, d_model), (d_v, d_model)
        shapes += ((n_answers, d_v),)
        arrays = [_place(0.7 * rng.standard_normal(s)) for s in shapes]
        batches = []
        for _ in range(3):
            batches.append(_place(rng.standard_normal((b, n, d_model))))
            y = rng.integers(n_answers, size=b)
            batches.append(torch.as_tensor(y).to(device()))
        return Case(name, (arrays, rate, *batches))

    return [
        case("3 steps, 2 sets of 3 vectors", 2, 3, 5, 2, 3, 2),
        case("3 steps, 7 sets of 5 vectors", 7, 5, 3, 2, 7, 11),
        case("3 steps, 11 sets of 2 vectors", 11, 2, 7, 5, 3, 5, 0.1),
    ]


STEP_TRAPS = {
    "not_cleared": (
        "The gradients of earlier steps are still there: `backward` adds to "
        "them. Clear them once per step."
    ),
    "nothing_learned": (
        "The parameters never change. Either the optimiser takes no step, "
        "or the gradients are cleared between `backward` and the step."
    ),
    "first_vector": (
        "You read the answer at the first vector. The question is the last "
        "vector of each set."
    ),
    "all_averaged": (
        "You averaged the outputs of all vectors. Only the output of the "
        "question, the last one, is read."
    ),
    "softmax_twice": (
        "`cross_entropy` contains a softmax, and you took another one "
        "before it. It works, slowly: the gradients shrink."
    ),
    "squared": (
        "Your loss is the squared distance to one-hot answers. It can be "
        "learned from, but the cross-entropy is asked for."
    ),
    "summed": (
        "You summed the losses of the batch. The mean is asked for; with "
        "the sum, the step grows with the batch."
    ),
    "uphill": (
        "Your parameters move uphill: the loss grows. The sign of the "
        "gradient got lost."
    ),
    "loss_afterwards": (
        "You return the loss after the step. Before the step is asked for, "
        "which costs no second pass."
    ),
    "layer_frozen": (
        "Only the read-out learns; the three matrices stay as they were. "
        "Something cuts the layer's output off from its parameters."
    ),
}


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        id="05.one_head",
        title="Self-attention as a torch module",
        difficulty=2,
        minutes=12,
        tier="torch",
        kind="class",
        reference=OneHead,
        starter=HEAD_STARTER,
        cases=_head_cases,
        traps=traps_from(_head_variant, HEAD_TRAPS),
        variant=_head_variant,
        run=_head_run,
        properties=(
            Property(
                "gradient_reaches_all",
                "The gradient does not reach all three matrices. Nothing on "
                "the way from x to out may leave torch or be detached.",
                lambda rng: _head_cases(rng)[1:2],
                lambda cases, outs: all(
                    float(abs(outs[0][name]).max()) > 0
                    for name in ("w_q", "w_k", "w_v")
                ),
            ),
        ),
        hints=(
            "Three `nn.Linear` in `__init__`, after `super().__init__()`. "
            "What have they, unless told otherwise, that the lecture's "
            "matrices lack?",
            "In `forward`, exchange the last two axes of the keys, and "
            "divide by the root of the queries' width.",
            "`masked_fill(where, value)` fills where it is given True. Your "
            "mask is True where it must not. Then the softmax over the last "
            "axis.",
        ),
    ),
    Exercise(
        id="05.train_step",
        title="One step of training",
        difficulty=2,
        minutes=8,
        tier="torch",
        reference=train_step,
        starter=STEP_STARTER,
        cases=_step_cases,
        traps=traps_from(_step_variant, STEP_TRAPS),
        variant=_step_variant,
        run=_step_run,
        hints=(
            "Forward first: layer, the output of the question, read-out, "
            "`cross_entropy`.",
            "Then three lines in an order that matters: the old gradients "
            "go, the new ones come, the parameters move.",
            "`loss.item()` gives the float. It was computed before the "
            "step, so it may be taken at the end.",
        ),
    ),
)
