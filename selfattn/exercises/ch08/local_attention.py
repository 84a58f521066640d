"""Exercise 08.local_attention."""

import torch

from selfattn.attention import device
from selfattn.exercises.model import Case, Property, exercise
from selfattn.exercises.tensors import tensor


def local_attention(q, k, v, radius, lengths):
    """Attention to near frames, for a padded batch of recordings.

    q, k : tensors (B, L, d_k). v : (B, L, d_v).
    radius : a frame sees at most this many frames to either side.
    lengths : integer tensor (B,), 1 or more: only the first lengths[b]
        frames of recording b are real, the rest is padding.
    Returns out (B, L, d_v): scaled dot-product attention among the real
    frames within the radius, and zeros for the frames of the padding. The
    gradients of q, k and v are finite too.
    """
    i = torch.arange(q.shape[1], device=q.device)  # (L,)
    near = (i[:, None] - i).abs() <= radius  # (L, L)
    real = i < lengths[:, None]  # (B, L)
    keys = near & real[:, None] | (i[:, None] == i)  # (B, L, L)
    scores = q @ k.transpose(1, 2) / q.shape[-1] ** 0.5  # (B, L, L)
    weights = scores.masked_fill(~keys, -torch.inf).softmax(dim=-1)
    return torch.where(real[..., None], weights @ v, 0.0)  # (B, L, d_v)


HINTS = (
    "Three steps: a mask of near pairs (L, L), a mask of real keys (B, 1, L), "
    "and attention with both. At the end, clear the padding's outputs.",
    "Scores that are not allowed become −∞ before the softmax. A row of the "
    "padding may have nothing left. Its weights are NaN, and on the way back "
    "NaN reaches v, even if you clear the outputs.",
    "So let each frame see itself, in the padding too: then no row is empty. "
    "Afterwards `torch.where` with a condition (B, L, 1) clears the padding.",
)


def run(answer, q, k, v, radius, lengths, back=False):
    """What it returns, or the gradients of a weighted sum of that."""
    if not back:
        return answer(q, k, v, radius, lengths)
    leaves = {"q": q, "k": k, "v": v}
    leaves = {n: x.clone().requires_grad_() for n, x in leaves.items()}
    out = answer(*leaves.values(), radius, lengths)
    if not isinstance(out, torch.Tensor) or out.shape != v.shape:
        return out
    if out.requires_grad:
        slope = torch.linspace(-1, 2, out.numel()).to(out).view(out.shape)
        (out * slope).sum().backward()
    return {
        f"gradient of {n}": torch.zeros_like(x) if x.grad is None else x.grad
        for n, x in leaves.items()
    }


def cases(rng):
    def case(name, lengths, size, d_k, d_v, radius, **options):
        like = options.get("like", torch.float64)
        n = len(lengths)
        q, k = rng.standard_normal((2, n, size, d_k))
        q = q * options.get("by", 1.0)
        q[..., 0] += options.get("low", 0.0)
        k[..., 0] -= options.get("low", 0.0)
        v = rng.standard_normal((n, size, d_v))
        for b, length in enumerate(lengths):
            k[b, length:] = 3 * q[b, length - 1]  # tempting
            v[b, length:] = 50
        where = torch.tensor(lengths, device=device())
        args = (*(tensor(x, like) for x in (q, k, v)), radius, where)
        return Case(name, args, {"back": True} if "back" in options else {})

    return [
        case("one recording of 5 frames, radius 1", [5], 5, 2, 2, 1),
        case("recordings of 7 and 3 frames", [7, 3], 7, 3, 2, 1),
        case("padding further away than the radius", [11, 2], 11, 3, 5, 2),
        case("radius 0", [5, 3], 5, 2, 7, 0),
        case("a radius larger than the recordings", [3, 5], 5, 7, 3, 11),
        case("everybody shorter than the batch", [5, 1, 7], 11, 5, 3, 3),
        case("large scores", [7, 4], 7, 5, 2, 2, by=60.0),
        case("real scores below −2000", [7, 4], 7, 5, 2, 2, low=100.0),
        case("float32", [13, 5], 13, 7, 3, 2, like=torch.float32),
        case("the way back, with padding", [11, 2], 11, 3, 5, 2, back=True),
    ]


def two_paddings(rng):
    q, k = rng.standard_normal((2, 2, 7, 3))
    v = rng.standard_normal((2, 7, 5))
    lengths = torch.tensor([4, 7], device=device())
    made = []
    for name, fill in (("padding of zeros", 0.0), ("padding of nines", 9.0)):
        q[0, 4:] = k[0, 4:] = v[0, 4:] = fill
        args = (*(tensor(x.copy()) for x in (q, k, v)), 2, lengths)
        made.append(Case(name, args))
    return made


PROPERTIES = (
    Property(
        "padding_is_ignored",
        "What stands in the padding changes your answer. It should be as if "
        "it were not there.",
        two_paddings,
        lambda cases, outs: torch.allclose(outs[0], outs[1], atol=1e-5),
    ),
)

MISTAKES = {
    "padding_attended": (
        "Padding takes part: real frames near the end attend to it. Mask the "
        "keys from lengths[b] on."
    ),
    "padding_not_cleared": (
        "The outputs of the padding are not 0. Clear them at the end."
    ),
    "nan_left": (
        "Some outputs of the padding are NaN: they have no key within the "
        "radius, and softmax divides 0 by 0. NaN times 0 is NaN too, so "
        "choose with `torch.where`."
    ),
    "nan_gradient": (
        "The outputs are right, but training would fail: the gradient of v is "
        "NaN. A row of the padding with no key has NaN weights, and going "
        "back they meet a gradient of 0; 0 times NaN is NaN. Let each frame "
        "see itself, so that no row is empty."
    ),
    "no_window": (
        "Every frame sees the whole recording. Leave out the keys that are "
        "further away than the radius."
    ),
    "one_short": (
        "Frames exactly `radius` away are left out. They may still be seen."
    ),
    "one_sided": (
        "Your frames see the past alone. The window reaches to both sides."
    ),
    "mask_inverted": (
        "Your mask is upside down: far frames and padding are attended to. "
        "`masked_fill` fills where its mask is True."
    ),
    "score_zero": (
        "You set forbidden scores to 0. e⁰ is 1, so they still get weight; a "
        "score of −∞ gets none."
    ),
    "finite_fill": (
        "You give forbidden scores a number such as −1000. Real scores can be "
        "lower than that, and then far frames get the weight; −∞ is lower "
        "than every number."
    ),
    "mask_after_softmax": (
        "You cleared weights after the softmax. What is left no longer sums "
        "to 1; mask the scores first."
    ),
    "no_scale": "The scores are not scaled. Divide them by √d_k.",
    "softmax_over_queries": (
        "Your softmax runs over the queries. Each query shares out its weight "
        "among the keys, along the last axis."
    ),
    "first_length_for_all": (
        "Every recording is cut at the first one's length. Each has its own."
    ),
}


def variant(wrong):
    def answer(q, k, v, radius, lengths):
        n = q.shape[1]
        if "first_length_for_all" in wrong:
            lengths = lengths[:1].expand(len(q))
        i = torch.arange(n, device=q.device)
        off = i[:, None] - i
        near = off.abs() <= radius
        if "one_short" in wrong:
            near = off.abs() < max(radius, 1)
        if "one_sided" in wrong:
            near = near & (off >= 0)
        if "no_window" in wrong:
            near = torch.ones_like(near)
        real = i < lengths[:, None]
        keys = near & real[:, None]
        if "padding_attended" in wrong:
            keys = near.expand(len(q), n, n)
        if "mask_inverted" in wrong:
            keys = ~keys
        if not wrong & {"nan_left", "nan_gradient"}:
            keys = keys | (off == 0)  # no empty row
        scale = 1.0 if "no_scale" in wrong else q.shape[-1] ** -0.5
        scores = q @ k.transpose(1, 2) * scale
        dim = 1 if "softmax_over_queries" in wrong else -1
        if "mask_after_softmax" in wrong:
            weights = scores.softmax(dim) * keys
        elif "score_zero" in wrong:
            weights = (scores * keys).softmax(dim)
        else:
            fill = -1000.0 if "finite_fill" in wrong else -torch.inf
            weights = scores.masked_fill(~keys, fill).softmax(dim)
        out = weights @ v
        if "padding_not_cleared" in wrong:
            return out
        if "nan_left" in wrong:
            return out * real[..., None]
        return torch.where(real[..., None], out, 0.0)

    return answer


EXERCISE = exercise(
    local_attention,
    title="A window in a padded batch",
    difficulty=2,
    minutes=15,
    hints=HINTS,
    cases=cases,
    run=run,
    properties=PROPERTIES,
    mistakes=MISTAKES,
    variant=variant,
)
