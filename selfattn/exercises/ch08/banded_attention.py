"""Exercise 08.banded_attention."""

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from selfattn.exercises import tensors
from selfattn.exercises.model import Case, exercise
from selfattn.exercises.tensors import tensor


def banded_attention(q, k, v, radius):
    """Truncated self-attention that never makes an L x L matrix.

    q, k : tensors (L, d_k). v : (L, d_v). On a GPU L may be 60,000.
    radius : a frame sees at most this many frames to either side; it may be
        larger than L.
    Returns out (L, d_v) and weights (L, 2 * radius + 1): scaled dot-product
    attention, where column c of row i is the weight of key i + c - radius,
    and 0 where there is no such key. Works on the device of q.
    """
    n, width = len(q), 2 * radius + 1
    ends = (0, 0, radius, radius)  # rows of zeros before and behind
    near = nn.functional.pad(k, ends).unfold(0, width, 1)  # (L, d_k, w)
    scores = (q[:, None] @ near)[:, 0] / q.shape[1] ** 0.5  # (L, w)
    steps = torch.arange(-radius, radius + 1, device=q.device)  # (w,)
    j = torch.arange(n, device=q.device)[:, None] + steps  # (L, w)
    scores = scores.masked_fill((j < 0) | (j >= n), -torch.inf)  # (L, w)
    weights = scores.softmax(dim=-1)  # (L, w)
    near = nn.functional.pad(v, ends).unfold(0, width, 1)  # (L, d_v, w)
    return (near @ weights[..., None])[..., 0], weights


HINTS = (
    "Fill up the keys with `radius` rows of zeros at both ends. Then row i of "
    "the band needs the rows i to i + 2 · radius of the result.",
    "`x.unfold(0, width, 1)` gives all such stretches as a view, (L, d, "
    "width), without a copy. A loop over the columns of the band works too.",
    "Zeros that were filled in score 0, not −∞. Compute which key each entry "
    "belongs to, i + c − radius, and forbid those outside 0 … L − 1.",
    "The values are stretched in the same way. Each row of weights then mixes "
    "its own stretch, a batched product of (L, d_v, width) with "
    "(L, width, 1).",
)


class Largest(TorchDispatchMode):
    """Remembers how many numbers the largest tensor held."""

    numbers = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        made = func(*args, **(kwargs or {}))
        for x in made if isinstance(made, (tuple, list)) else [made]:
            if isinstance(x, torch.Tensor):
                size = x.untyped_storage().nbytes() // x.element_size()
                self.numbers = max(self.numbers, size)
        return made


def run(answer, q, k, v, radius):
    """What it returns, and whether it made a matrix of all pairs."""
    n, d = len(q), max(q.shape[1], v.shape[1])
    with Largest() as largest:
        made = answer(q, k, v, radius)
    # In a short recording the band itself is as large as the square.
    long = n * n > 4 * n * (2 * radius + 1) * d
    square = long and largest.numbers > n * n // 2
    return {"returned": made, "an L × L matrix was made": square}


def cases(rng):
    def case(name, n, d_k, d_v, radius, like=torch.float64, by=1.0):
        q, k = rng.standard_normal((2, n, d_k))
        v = rng.standard_normal((n, d_v))
        arrays = (by * q, k, v)
        return Case(name, (*(tensor(x, like) for x in arrays), radius))

    made = [
        case("3 frames, radius 1", 3, 2, 2, 1),
        case("11 frames, radius 2", 11, 3, 5, 2),
        case("radius 0", 5, 2, 3, 0),
        case("one frame, radius 2", 1, 3, 2, 2),
        case("a radius larger than the recording", 3, 5, 2, 7),
        case("large scores", 13, 5, 3, 3, by=60.0),
        case("199 frames, radius 2", 199, 3, 5, 2),
        case("float32", 17, 7, 5, 3, torch.float32),
    ]
    if tensors.large():
        made.append(
            case("ten minutes of speech", 60_000, 64, 32, 50, torch.float32)
        )
    return made


MISTAKES = {
    "the_square": (
        "The numbers are right, but you make a matrix of all L × L pairs on "
        "the way. For ten minutes of speech it has 3.6 billion entries; "
        "compute the band alone."
    ),
    "zeros_take_part": (
        "The zeros that fill up the ends take part in the softmax. They score "
        "0, whose exponential is 1; forbid them with −∞."
    ),
    "ends_cleared_late": (
        "You cleared the weights of missing keys after the softmax, so rows "
        "at the ends no longer sum to 1. Mask the scores first."
    ),
    "wraps_around": (
        "At the ends your frames attend to the other end of the recording, as "
        "`torch.roll` does."
    ),
    "no_scale": "The scores are not scaled. Divide them by √d_k.",
    "divided_by_d_k": "You divided by d_k. Its root is asked for.",
    "columns_reversed": (
        "Your columns run from the future to the past. Column 0 is the key "
        "`radius` places before the query."
    ),
    "values_not_shifted": (
        "Weights and values do not belong together: each weight takes the "
        "value of the key that it was computed for."
    ),
    "one_sided": (
        "Your frames see the past alone. The window reaches to both sides."
    ),
    "one_short": (
        "Frames exactly `radius` away get no weight. They may still be seen."
    ),
    "scores_returned": (
        "You return the scores instead of the weights. The second result is "
        "what the softmax gives."
    ),
}


def variant(wrong):
    def answer(q, k, v, radius):
        n, d_k = q.shape
        if "the_square" in wrong:  # as large, and nowhere in memory
            torch.empty(n, n, device="meta")
        scale = 1.0 if "no_scale" in wrong else d_k**-0.5
        if "divided_by_d_k" in wrong:
            scale = 1 / d_k
        steps = torch.arange(-radius, radius + 1, device=q.device)
        if "columns_reversed" in wrong:
            steps = steps.flip(0)
        i = torch.arange(n, device=q.device)[:, None]
        there = (i + steps >= 0) & (i + steps < n)  # (L, w)
        columns = []
        for step in steps.tolist():
            moved = k.roll(-step, 0)
            columns.append(scale * (q * moved).sum(-1))
        scores = torch.stack(columns, dim=-1)  # (L, w)
        if "one_sided" in wrong:
            there = there & (steps <= 0)
        if "one_short" in wrong:
            there = there & (steps.abs() < max(radius, 1))
        if "zeros_take_part" in wrong:
            weights = (scores * there).softmax(-1)
            mixing = weights * there
        elif "ends_cleared_late" in wrong:
            weights = mixing = (scores * there).softmax(-1) * there
        elif "wraps_around" in wrong:
            weights = mixing = scores.softmax(-1)
        else:
            weights = scores.masked_fill(~there, -torch.inf).softmax(-1)
            mixing = weights
        out = torch.zeros_like(v)
        for c, step in enumerate(steps.tolist()):
            step = 0 if "values_not_shifted" in wrong else step
            out = out + mixing[:, c, None] * v.roll(-step, 0)
        if "scores_returned" in wrong:
            return out, scores.masked_fill(~there, -torch.inf)
        return out, weights

    return answer


EXERCISE = exercise(
    banded_attention,
    title="Ten minutes of speech without the square",
    difficulty=3,
    minutes=25,
    hints=HINTS,
    cases=cases,
    run=run,
    mistakes=MISTAKES,
    variant=variant,
)
