"""Chapter 06 in torch: a layer of several heads, and torch's own module."""

from __future__ import annotations

import math

import torch
from torch import nn

from selfattn.attention import device
from selfattn.exercises import Case, Exercise, Property, traps_from


def _tensor(x, like=torch.float64):
    """On the device there is; Apple's has no float64."""
    where = device()
    if where.type == "mps" and like == torch.float64:
        like = torch.float32
    return torch.as_tensor(x).to(device=where, dtype=like)


# --- a module with several heads, on a padded batch --------------------------


class MultiHead(nn.Module):
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


MODULE_STARTER = '''class MultiHead(nn.Module):
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


_NAMES = ("w_q", "w_k", "w_v", "w_o")


def _module_run(answer, x, matrices, n_heads, lengths):
    """Build the layer, give it these matrices, call it on x."""
    d_model = x.shape[-1]
    layer = answer(d_model, n_heads).to(device=x.device, dtype=x.dtype)
    for name, matrix in zip(_NAMES, matrices, strict=True):
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


def _module_variant(wrong):
    class Answer(nn.Module):
        def __init__(self, d_model, n_heads):
            super().__init__()
            self.n_heads = n_heads
            for name in _NAMES:
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


def _module_cases(rng):
    def case(name, lengths, n_heads, d_k, like=torch.float64, by=1.0):
        d_model, n = n_heads * d_k, max(lengths)
        x = rng.standard_normal((len(lengths), n, d_model))
        for b, length in enumerate(lengths):
            x[b, length:] = 3 * x[b, :1] + rng.standard_normal(d_model)
        matrices = rng.standard_normal((4, d_model, d_model))
        matrices /= math.sqrt(d_model)
        matrices[0] *= by
        where = torch.tensor(lengths, device=device())
        args = (_tensor(x, like), _tensor(matrices, like), n_heads, where)
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


MODULE_TRAPS = {
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


def _two_paddings(rng):
    x = rng.standard_normal((3, 7, 6))
    matrices = _tensor(rng.standard_normal((4, 6, 6)))
    lengths = torch.tensor([4, 7, 1], device=device())
    cases = []
    for name, fill in (("padding of zeros", 0.0), ("padding of nines", 9.0)):
        for b, length in enumerate((4, 7, 1)):
            x[b, length:] = fill
        cases.append(Case(name, (_tensor(x.copy()), matrices, 3, lengths)))
    return cases


# --- torch's own module ------------------------------------------------------


def torch_mha(x, w_q, w_k, w_v, w_o, n_heads, real):
    d_model = x.shape[-1]
    mha = nn.MultiheadAttention(
        d_model, n_heads, bias=False, batch_first=True
    ).to(x)
    with torch.no_grad():
        mha.in_proj_weight.copy_(torch.cat([w_q.T, w_k.T, w_v.T]))
        mha.out_proj.weight.copy_(w_o.T)
    out, _ = mha(x, x, x, key_padding_mask=~real, need_weights=False)
    return out  # (B, L, d_model)


MHA_STARTER = '''def torch_mha(x, w_q, w_k, w_v, w_o, n_heads, real):
    """Put given matrices into torch.nn.MultiheadAttention, and run it.

    x : tensor (B, L, d_model). w_q, w_k, w_v, w_o : (d_model, d_model),
        used as x @ w_q; head h owns the h-th block of columns (of w_o: of
        rows).
    real : booleans (B, L), True where the vector is real.
    Build the module without biases, in the dtype and on the device of x.
    Returns its output (B, L, d_model); nobody attends to padding.
    """
    raise NotImplementedError
'''


def _mha_variant(wrong):
    def answer(x, w_q, w_k, w_v, w_o, n_heads, real):
        b, n, d = x.shape
        if "one_head" in wrong:
            n_heads = 1
        if wrong & {"not_transposed", "in_not_transposed"}:
            w_q, w_k, w_v = w_q.T, w_k.T, w_v.T
        if wrong & {"not_transposed", "out_not_transposed"}:
            w_o = w_o.T
        if "q_and_k_swapped" in wrong:
            w_q, w_k = w_k, w_q
        if "k_and_v_swapped" in wrong:
            w_k, w_v = w_v, w_k
        if "output_matrix_not_set" in wrong:
            w_o = torch.eye(d).to(x)
        q, k, v = (
            (x @ w).view(b, n, n_heads, -1).transpose(1, 2)
            for w in (w_q, w_k, w_v)
        )
        scores = q @ k.transpose(-1, -2) / math.sqrt(d / n_heads)
        keys = real[:, None, None, :]  # (B, 1, 1, L)
        if "mask_inverted" in wrong:
            keys = ~keys
        if "no_mask" not in wrong:
            scores = torch.where(keys, scores, -1e30)
        if "mask_added_as_number" in wrong:  # 0 and 1 added to the scores
            scores = q @ k.transpose(-1, -2) / math.sqrt(d / n_heads)
            scores = scores + (~keys).to(x)
        weights = scores.softmax(-1)  # (B, H, L, L)
        if "weights_returned" in wrong:
            return weights.mean(1)
        if "batch_is_length" in wrong:  # attends along the first axis
            q, k, v = (t.permute(2, 1, 0, 3) for t in (q, k, v))
            scores = q @ k.transpose(-1, -2) / math.sqrt(d / n_heads)
            heads = (scores.softmax(-1) @ v).permute(2, 1, 0, 3)
        else:
            heads = weights @ v
        return heads.transpose(1, 2).reshape(b, n, d) @ w_o

    return answer


def _mha_cases(rng):
    def case(name, lengths, size, n_heads, d_k, like=torch.float64):
        d = n_heads * d_k
        x = _tensor(rng.standard_normal((len(lengths), size, d)), like)
        matrices = rng.standard_normal((4, d, d)) / math.sqrt(d)
        real = torch.arange(size) < torch.tensor(lengths)[:, None]
        args = (x, *_tensor(1.7 * matrices, like), n_heads)
        return Case(name, (*args, real.to(device())))

    return [
        case("2 sentences of 3 and 2, 2 heads of width 1", [3, 2], 3, 2, 1),
        case("no padding, 3 heads", [5, 5], 5, 3, 2),
        case("3 sentences, 3 heads of width 5", [7, 2, 5], 7, 3, 5),
        case("as many sentences as places", [2, 3, 1], 3, 2, 7),
        case("float32", [11, 5], 13, 2, 5, torch.float32),
    ]


MHA_TRAPS = {
    "mask_inverted": (
        "Your mask is upside down. In `key_padding_mask` True means padding; "
        "in `real`, and in this book, True means the opposite."
    ),
    "no_mask": (
        "Padding is attended to. The module takes a mask of keys, "
        "`key_padding_mask`."
    ),
    "mask_added_as_number": (
        "Your mask went in as numbers. Then torch adds it to the scores; it "
        "must be boolean."
    ),
    "batch_is_length": (
        "The module mixed the sentences with each other. Unless told "
        "otherwise it takes the first axis for the places and the second "
        "for the batch."
    ),
    "not_transposed": (
        "No matrix is transposed. Torch stores (out, in), and square "
        "matrices do not complain."
    ),
    "in_not_transposed": (
        "The packed matrices are not transposed; torch stores (out, in). The "
        "output projection is right."
    ),
    "out_not_transposed": (
        "The output projection is not transposed. Torch stores (out, in)."
    ),
    "q_and_k_swapped": (
        "Queries and keys have changed places in the packed matrix. Queries "
        "stand on top."
    ),
    "k_and_v_swapped": (
        "Keys and values have changed places in the packed matrix. Values "
        "stand below."
    ),
    "output_matrix_not_set": (
        "Your answer is the merged heads, without `w_o`. It belongs into "
        "`out_proj.weight`."
    ),
    "one_head": (
        "The module has one wide head. Tell it `n_heads`; the matrices look "
        "the same, the output does not."
    ),
    "weights_returned": (
        "You return the attention weights. They are the second thing that "
        "the module gives back; the output is the first."
    ),
}


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        id="06.module",
        title="A multi-head layer for a padded batch",
        difficulty=2,
        minutes=20,
        tier="torch",
        kind="class",
        reference=MultiHead,
        starter=MODULE_STARTER,
        cases=_module_cases,
        traps=traps_from(_module_variant, MODULE_TRAPS),
        variant=_module_variant,
        run=_module_run,
        properties=(
            Property(
                "padding_is_ignored",
                "What stands in the padding changes the output of real "
                "places. It should be as if it were not there.",
                _two_paddings,
                lambda cases, outs: torch.allclose(*outs, atol=1e-5),
            ),
        ),
        hints=(
            "Four `nn.Linear` in `__init__`; `forward` is your `multi_head` "
            "with tensors. `x.unflatten(-1, (n_heads, -1))` cuts the last "
            "axis in two.",
            "Scores have the shape (B, H, L, L), and a mask of keys is (B, "
            "1, 1, L): the same for all heads and all queries.",
            "`torch.arange(L)` on the device of x, compared with the lengths "
            "as a column, says what is real. Fill the other scores with −inf "
            "before the softmax.",
        ),
    ),
    Exercise(
        id="06.torch_mha",
        title="Your matrices in torch's module",
        difficulty=2,
        minutes=12,
        tier="torch",
        reference=torch_mha,
        starter=MHA_STARTER,
        cases=_mha_cases,
        traps=traps_from(_mha_variant, MHA_TRAPS),
        variant=_mha_variant,
        hints=(
            "`from_torch` backwards: transpose, stack in torch's order, copy. "
            "Print the names and shapes of `mha.named_parameters()` first.",
            "Build it with `bias=False` and `batch_first=True`, and move it "
            "with `.to(x)`. Copy into its parameters under `torch.no_grad()`.",
            "`torch.cat` stacks the three transposed matrices. Call the "
            "module with x three times; its mask says True for padding.",
        ),
    ),
)
