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
    optimiser : holds the parameters of both. It takes one step.
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
    "Go forward first: the layer, the output of the question, the read-out, "
    "`cross_entropy`.",
    "Three lines follow. The old gradients are cleared, the new ones are "
    "computed, and the optimiser takes a step.",
    "`loss.item()` gives the float. The loss was computed before the step, "
    "so you may return it at the end.",
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
        self.steps = 0

    def zero_grad(self, set_to_none=True):
        for p in self.param_groups[0]["params"]:
            p.grad = None if set_to_none else torch.zeros_like(p)

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        self.steps += 1
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for p in self.param_groups[0]["params"]:
            if p.grad is not None:
                p -= self.param_groups[0]["lr"] * p.grad
        return loss


def run(answer, arrays, rate, x_1, y_1, x_2, y_2, x_3, y_3):
    """Three steps, each on its own batch: losses, and what was learned."""
    *matrices, last = (a.clone() for a in arrays)
    layer = Layer(matrices)
    read_out = nn.Linear(last.shape[1], last.shape[0], bias=False).to(last)
    with torch.no_grad():
        read_out.weight.copy_(last)
    learned = [*layer.parameters(), *read_out.parameters()]
    optimiser = Descent(learned, rate)
    losses = []
    for x, y in ((x_1, y_1), (x_2, y_2), (x_3, y_3)):
        before = [p.detach().clone() for p in learned]
        optimiser.steps = 0
        loss = answer(layer, read_out, optimiser, x, y)
        losses.append(one_float(loss))
        moved = any(
            not torch.equal(p, old)
            for p, old in zip(learned, before, strict=True)
        )
        if optimiser.steps > 1 or (moved and not optimiser.steps):
            raise ValueError(
                "each call must take one step of the given optimiser: got "
                f"{optimiser.steps} steps"
            )
    return {"losses": losses, "learned": [p.detach() for p in learned]}


def one_float(loss):
    """The loss, if it is a float."""
    if isinstance(loss, float):
        return loss
    hint = "; loss.item() makes one" if isinstance(loss, torch.Tensor) else ""
    found = "None" if loss is None else type(loss).__name__
    raise TypeError(
        f"train_step must return the loss as a float: got {found}{hint}"
    )


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
        "The gradients of earlier steps are still there, because `backward` "
        "adds to them. Clear them once per step."
    ),
    "nothing_learned": (
        "The parameters never change. Either the optimiser takes no step, "
        "or the gradients are cleared between `backward` and the step."
    ),
    "first_vector": (
        "You read the answer at the first vector. The question is the last "
        "vector of each set."
    ),
    "before_the_last": (
        "You read the answer at the vector before the last. The question is "
        "the last vector of each set."
    ),
    "all_averaged": (
        "You averaged the outputs of all vectors. Only the output of the "
        "question, the last one, is read."
    ),
    "largest": (
        "You took the largest entries over all vectors. Only the output of "
        "the question, the last one, is read."
    ),
    "every_vector": (
        "Your loss counts the answer at every vector. It is read at the "
        "last vector only."
    ),
    "softmax_twice": (
        "`cross_entropy` contains a softmax, and you took another one "
        "before it. The loss is then not that of the read-out's scores."
    ),
    "no_log": (
        "`nll_loss` takes logarithms of probabilities, and you gave it "
        "probabilities. `cross_entropy` takes the scores as they are."
    ),
    "no_softmax": (
        "`nll_loss` takes logarithms of probabilities, and you gave it "
        "scores. `cross_entropy` takes the scores as they are."
    ),
    "squared": (
        "Your loss is the squared distance to one-hot answers. The "
        "cross-entropy is asked for."
    ),
    "summed": (
        "You summed the losses of the batch. Their mean is asked for; with "
        "the sum, a larger batch takes larger steps."
    ),
    "uphill": (
        "Your parameters move uphill, so the loss grows. The sign of the "
        "gradient is wrong."
    ),
    "negated": (
        "Your loss has the wrong sign. `cross_entropy` is to be made small, "
        "as it is."
    ),
    "loss_afterwards": (
        "You return the loss after the step. The loss before the step is "
        "asked for."
    ),
    "layer_frozen": (
        "Only the read-out learns, and the three matrices stay as they were. "
        "Something cuts the layer's output off from its parameters."
    ),
}


def variant(wrong):
    cross_entropy = nn.functional.cross_entropy

    def answer(layer, read_out, optimiser, x, y):
        def loss_now():
            out, _ = layer(x)  # (B, L, d_v)
            if "layer_frozen" in wrong:
                out = out.detach()
            if "every_vector" in wrong:
                y_all = y.repeat_interleave(out.shape[1])  # (B L,)
                return cross_entropy(read_out(out).flatten(0, 1), y_all)
            if "first_vector" in wrong:
                out = out[:, 0]
            elif "before_the_last" in wrong:
                out = out[:, -2]
            elif "largest" in wrong:
                out = out.amax(dim=1)
            elif "all_averaged" in wrong:
                out = out.mean(dim=1)
            else:
                out = out[:, -1]
            logits = read_out(out)  # (B, n_answers)
            if "softmax_twice" in wrong:
                logits = logits.softmax(dim=-1)
            if "no_log" in wrong:
                return nn.functional.nll_loss(logits.softmax(dim=-1), y)
            if "no_softmax" in wrong:
                return nn.functional.nll_loss(logits, y)
            if "squared" in wrong:
                marks = nn.functional.one_hot(y, logits.shape[1])
                return ((logits - marks.to(logits)) ** 2).mean()
            how = "sum" if "summed" in wrong else "mean"
            return cross_entropy(logits, y, reduction=how)

        loss = -loss_now() if "negated" in wrong else loss_now()
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
