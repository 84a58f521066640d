"""Exercise 06.multi_head_layer."""

import math

import torch
from torch import nn

from selfattn.attention import device
from selfattn.exercises.model import Case, Property, exercise
from selfattn.exercises.tensors import tensor


class MultiHeadLayer(nn.Module):
    def __init__(self, d_model, n_heads):
        super().__init__()
        self.n_heads = n_heads
        self.w_q = nn.Linear(d_model, d_model, bias=False)
        self.w_k = nn.Linear(d_model, d_model, bias=False)
        self.w_v = nn.Linear(d_model, d_model, bias=False)
        self.w_o = nn.Linear(d_model, d_model, bias=False)

    def split(self, x):
        return x.unflatten(-1, (self.n_heads, -1)).transpose(1, 2)

    def forward(self, x, lengths):
        q = self.split(self.w_q(x))  # (B, H, L, d_k)
        k = self.split(self.w_k(x))  # (B, H, L, d_k)
        v = self.split(self.w_v(x))  # (B, H, L, d_k)
        scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
        places = torch.arange(x.shape[1], device=x.device)  # (L,)
        real = places < lengths[:, None]  # (B, L)
        scores = scores.masked_fill(~real[:, None, None], -torch.inf)
        heads = scores.softmax(dim=-1) @ v  # (B, H, L, d_k)
        merged = heads.transpose(1, 2).flatten(2)  # (B, L, d_model)
        return self.w_o(merged)


STARTER = '''class MultiHeadLayer(nn.Module):
    """Multi-head self-attention over a padded batch.

    d_model : width in and out. n_heads : H, a divisor of d_model; every
        head is d_model / H wide.
    It learns w_q, w_k, w_v and w_o, each an nn.Linear(d_model, d_model,
    bias=False) of that name.
    """

    def __init__(self, d_model, n_heads):
        super().__init__()
        raise NotImplementedError

    def forward(self, x, lengths):
        """x (B, L, d_model), lengths (B,) whole numbers: out, like x.

        Only the first lengths[b] vectors of item b are real. Nobody attends
        to padding; what comes out in padded places does not count.
        """
        raise NotImplementedError
'''

HINTS = (
    "Four `nn.Linear` in `__init__`; `forward` is your `multi_head` "
    "with tensors. `x.unflatten(-1, (n_heads, -1))` cuts the last "
    "axis in two.",
    "Scores have the shape (B, H, L, L), and a mask of keys is (B, "
    "1, 1, L): the same for all heads and all queries.",
    "`torch.arange(L)` on the device of x, compared with the lengths "
    "as a column, says what is real. Fill the other scores with −inf "
    "before the softmax.",
)

NAMES = ("w_q", "w_k", "w_v", "w_o")


def run(answer, x, matrices, n_heads, lengths):
    """Build the layer, give it these matrices, call it on x."""
    d_model = x.shape[-1]
    layer = answer(d_model, n_heads).to(device=x.device, dtype=x.dtype)
    for name, matrix in zip(NAMES, matrices, strict=True):
        part = getattr(layer, name, None)
        if not isinstance(part, nn.Linear):
            raise AttributeError(
                f"the layer needs self.{name}, an nn.Linear(d_model, d_model,"
                f" bias=False): got {type(part).__name__}"
            )
        if part.bias is not None or part.weight.shape != matrix.shape:
            raise ValueError(
                f"self.{name} must be nn.Linear({d_model}, {d_model}, "
                f"bias=False): got {part}"
            )
        with torch.no_grad():
            part.weight.copy_(matrix)
    out = layer(x, lengths)
    if isinstance(out, torch.Tensor) and out.shape == x.shape:
        places = torch.arange(x.shape[1], device=x.device)  # (L,)
        real = (places < lengths[:, None])[..., None]  # (B, L, 1)
        return torch.where(real, out, 0.0)
    return out


def cases(rng):
    def case(name, lengths, n_heads, d_k, like=torch.float64, by=1.0):
        d_model, n = n_heads * d_k, max(lengths)
        x = rng.standard_normal((len(lengths), n, d_model))
        for b, length in enumerate(lengths):
            x[b, length:] = 3 * x[b, :1] + rng.standard_normal(d_model)
        matrices = rng.standard_normal((4, d_model, d_model))
        matrices /= math.sqrt(d_model)
        matrices[0] *= by
        where = torch.tensor(lengths, device=device())
        args = (tensor(x, like), tensor(matrices, like), n_heads, where)
        return Case(name, args)

    return [
        case("2 sentences of 3 and 1, 2 heads", [3, 1], 2, 2),
        case("no padding, 3 heads", [5, 5], 3, 3),
        case("3 sentences, 3 heads of width 5", [7, 2, 5], 3, 5),
        case("5 sentences, 5 heads of width 2", [1, 3, 7, 2, 4], 5, 2),
        case("one head", [3, 7], 1, 11),
        case("large scores", [5, 3], 2, 7, by=80.0),
        case("float32", [11, 5], 2, 5, torch.float32),
    ]


def two_paddings(rng):
    x = rng.standard_normal((3, 7, 6))
    matrices = tensor(rng.standard_normal((4, 6, 6)))
    lengths = torch.tensor([4, 7, 1], device=device())
    made = []
    for name, fill in (("padding of zeros", 0.0), ("padding of nines", 9.0)):
        for b, length in enumerate((4, 7, 1)):
            x[b, length:] = fill
        made.append(Case(name, (tensor(x.copy()), matrices, 3, lengths)))
    return made


PROPERTIES = (
    Property(
        "padding_is_ignored",
        "What stands in the padding changes the output of real "
        "places. It should be as if it were not there.",
        two_paddings,
        lambda cases, outs: torch.allclose(*outs, atol=1e-5),
    ),
)

MISTAKES = {
    "padding_attended": (
        "Padding takes part: real words attend to it. Mask the scores of "
        "padded keys, which are columns; masking the rows of padded queries "
        "changes nothing that counts."
    ),
    "mask_inverted": (
        "Your mask is upside down: only padding is attended to. "
        "`masked_fill` fills where its mask is True."
    ),
    "mask_per_head": (
        "The lengths of sentence b mask head b. With as many heads as "
        "sentences nothing complains; the mask needs an axis for the heads "
        "between batch and places."
    ),
    "mask_after_softmax": (
        "You set padding's weights to 0 after the softmax. What is left no "
        "longer sums to 1."
    ),
    "first_length_for_all": (
        "Every sentence is cut at the first one's length. Compare the places "
        "with the lengths as a column."
    ),
    "one_too_many": (
        "The first padded place is attended to. Places count from 0, so "
        "place number `length` is padding."
    ),
    "split_without_transpose": (
        "The heads are cut by a reshape alone, so each holds whole vectors "
        "of a few places. Cut the last axis in two, then swap."
    ),
    "every_hth_column": (
        "Your head h has every H-th column. It owns a block of neighbouring "
        "ones."
    ),
    "merged_without_transpose": (
        "The heads are merged by a reshape alone, so a row mixes several "
        "places. Swap heads and places back first."
    ),
    "sqrt_d_model": (
        "You divided by the root of d_model. The width of one head counts."
    ),
    "no_scale": (
        "The scores are not scaled. Divide them by the root of one head's "
        "width."
    ),
    "no_output_projection": (
        "You return the merged heads. `w_o` comes last and mixes them."
    ),
    "input_added": (
        "You added the input to the output. A residual connection belongs to "
        "the layer around this one."
    ),
}


def variant(wrong):
    class Answer(nn.Module):
        def __init__(self, d_model, n_heads):
            super().__init__()
            self.n_heads = n_heads
            for name in NAMES:
                linear = nn.Linear(d_model, d_model, bias=False)
                setattr(self, name, linear)

        def split(self, y):
            b, n, d = y.shape
            if "split_without_transpose" in wrong:
                return y.reshape(b, self.n_heads, n, d // self.n_heads)
            if "every_hth_column" in wrong:
                y = y.reshape(b, n, d // self.n_heads, self.n_heads)
                return y.permute(0, 3, 1, 2)
            return y.reshape(b, n, self.n_heads, -1).transpose(1, 2)

        def forward(self, x, lengths):
            b, n, d = x.shape
            three = (self.w_q, self.w_k, self.w_v)
            q, k, v = (self.split(w(x)) for w in three)
            root = math.sqrt(d / self.n_heads)
            if "sqrt_d_model" in wrong:
                root = math.sqrt(d)
            if "no_scale" in wrong:
                root = 1.0
            scores = q @ k.transpose(-1, -2) / root  # (B, H, L, L)
            if "first_length_for_all" in wrong:
                lengths = lengths[:1].expand(b)
            if "one_too_many" in wrong:
                lengths = lengths + 1
            real = torch.arange(n, device=x.device) < lengths[:, None]
            keys = real[:, None, None, :]  # (B, 1, 1, L)
            if "mask_per_head" in wrong:
                keys = real[None, :, None, :]
            if "mask_inverted" in wrong:
                keys = ~keys
            if "mask_after_softmax" in wrong:
                weights = scores.softmax(-1) * keys
            elif "padding_attended" in wrong:
                weights = scores.softmax(-1)
            else:
                weights = torch.where(keys, scores, -1e30).softmax(-1)
            heads = weights @ v  # (B, H, L, d_v)
            if "merged_without_transpose" in wrong:
                merged = heads.reshape(b, n, d)
            else:
                merged = heads.transpose(1, 2).reshape(b, n, d)
            if "no_output_projection" in wrong:
                return merged
            out = self.w_o(merged)
            return x + out if "input_added" in wrong else out

    return Answer


EXERCISE = exercise(
    MultiHeadLayer,
    title="A multi-head layer for a padded batch",
    difficulty=2,
    minutes=20,
    starter=STARTER,
    hints=HINTS,
    run=run,
    cases=cases,
    properties=PROPERTIES,
    mistakes=MISTAKES,
    variant=variant,
)
