"""Exercise 05.train_step."""

import math

import torch
from torch import nn

from selfattn.attention import device
from selfattn.exercises.model import Case, exercise
from selfattn.exercises.tensors import tensor


def train_step(layer, read_out, optimiser, x, y):
    """One step of training on a batch of look-ups.

    layer : a module; layer(x) gives (out, weights) with out (B, L, d_v).
    read_out : a module from (..., d_v) to (..., n_answers), one score per
        possible answer, before any softmax.
    optimiser : holds the parameters of both.
    x : tensor (B, L, d_model); the last vector of each set is the question.
    y : integer tensor (B,), the right answers.
    Returns the batch's mean cross-entropy before the step, as a float.
    """
    out, _ = layer(x)  # (B, L, d_v)
    logits = read_out(out[:, -1])  # (B, n_answers)
    loss = nn.functional.cross_entropy(logits, y)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


HINTS = (
    "Forward first: layer, the output of the question, read-out, "
    "`cross_entropy`.",
    "Then three lines in an order that matters: the old gradients "
    "go, the new ones come, the parameters move.",
    "`loss.item()` gives the float. It was computed before the "
    "step, so it may be taken at the end.",
)


class Layer(nn.Module):
    """A layer with given matrices, (d_out, d_in) each."""

    def __init__(self, arrays):
        super().__init__()
        self.arrays = nn.ParameterList(nn.Parameter(a) for a in arrays)

    def forward(self, x):
        q, k, v = (x @ w.T for w in self.arrays)  # (B, L, d) each
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        weights = scores.softmax(dim=-1)  # (B, L, L)
        return weights @ v, weights


class Descent:
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


def run(answer, arrays, rate, *batches):
    """Three steps, each on its own batch: losses, and what was learned."""
    *matrices, last = (a.clone() for a in arrays)
    layer = Layer(matrices)
    read_out = nn.Linear(last.shape[1], last.shape[0], bias=False).to(last)
    with torch.no_grad():
        read_out.weight.copy_(last)
    learned = [*layer.parameters(), *read_out.parameters()]
    optimiser = Descent(learned, rate)
    losses = [
        answer(layer, read_out, optimiser, x, y)
        for x, y in zip(batches[::2], batches[1::2], strict=True)
    ]
    if any(loss is None for loss in losses):
        raise TypeError("train_step must return the loss: got None")
    return {"losses": losses, "learned": [p.detach() for p in learned]}


def cases(rng):
    def case(name, b, n, d_model, d_k, d_v, n_answers, rate=0.5):
        shapes = (d_k, d_model), (d_k, d_model), (d_v, d_model)
        shapes += ((n_answers, d_v),)
        arrays = [tensor(0.7 * rng.standard_normal(s)) for s in shapes]
        batches = []
        for _ in range(3):
            batches.append(tensor(rng.standard_normal((b, n, d_model))))
            y = rng.integers(n_answers, size=b)
            batches.append(torch.as_tensor(y).to(device()))
        return Case(name, (arrays, rate, *batches))

    return [
        case("3 steps, 2 sets of 3 vectors", 2, 3, 5, 2, 3, 2),
        case("3 steps, 7 sets of 5 vectors", 7, 5, 3, 2, 7, 11),
        case("3 steps, 11 sets of 2 vectors", 11, 2, 7, 5, 3, 5, 0.1),
    ]


MISTAKES = {
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


def variant(wrong):
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


EXERCISE = exercise(
    train_step,
    title="One step of training",
    difficulty=2,
    minutes=8,
    hints=HINTS,
    run=run,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
