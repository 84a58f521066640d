"""Exercise 06.torch_mha."""

import math

import torch
from torch import nn

from selfattn.attention import device
from selfattn.exercises.model import Case, exercise
from selfattn.exercises.tensors import tensor


def torch_mha(x, w_q, w_k, w_v, w_o, n_heads, real):
    """Put given matrices into torch.nn.MultiheadAttention, and run it.

    x : tensor (B, L, d_model). w_q, w_k, w_v, w_o : (d_model, d_model),
        used as x @ w_q; head h owns the h-th block of columns (of w_o: of
        rows).
    real : booleans (B, L), True where the vector is real.
    Build the module without biases, in the dtype and on the device of x.
    Returns its output (B, L, d_model); nobody attends to padding.
    """
    d_model = x.shape[-1]
    mha = nn.MultiheadAttention(
        d_model, n_heads, bias=False, batch_first=True
    ).to(x)
    with torch.no_grad():
        mha.in_proj_weight.copy_(torch.cat([w_q.T, w_k.T, w_v.T]))
        mha.out_proj.weight.copy_(w_o.T)
    out, _ = mha(x, x, x, key_padding_mask=~real, need_weights=False)
    return out  # (B, L, d_model)


def run(answer, *args):
    """A module that is built anew draws the same numbers each time."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return answer(*args)


HINTS = (
    "`from_torch` backwards: transpose, stack in torch's order, copy. "
    "Print the names and shapes of `mha.named_parameters()` first.",
    "Build it with `bias=False` and `batch_first=True`, and move it "
    "with `.to(x)`. Copy into its parameters under `torch.no_grad()`.",
    "`torch.cat` stacks the three transposed matrices. Call the "
    "module with x three times; its mask says True for padding.",
)


def cases(rng):
    def case(name, lengths, size, n_heads, d_k, like=torch.float64):
        d = n_heads * d_k
        x = tensor(rng.standard_normal((len(lengths), size, d)), like)
        matrices = rng.standard_normal((4, d, d)) / math.sqrt(d)
        real = torch.arange(size) < torch.tensor(lengths)[:, None]
        args = (x, *tensor(1.7 * matrices, like), n_heads)
        return Case(name, (*args, real.to(device())))

    return [
        case("2 sentences of 3 and 2, 2 heads of width 1", [3, 2], 3, 2, 1),
        case("no padding, 3 heads", [5, 5], 5, 3, 2),
        case("3 sentences, 3 heads of width 5", [7, 2, 5], 7, 3, 5),
        case("as many sentences as places", [2, 3, 1], 3, 2, 7),
        case("float32", [11, 5], 13, 2, 5, torch.float32),
    ]


MISTAKES = {
    "mask_inverted": (
        "Your mask is the wrong way round. In `key_padding_mask` True means "
        "padding; in `real` True means the opposite. A sentence without "
        "padding then has no key left, which gives NaN."
    ),
    "padding_zeroed": (
        "You set the output at padded places to 0. The module's output is "
        "asked for as it is."
    ),
    "no_mask": (
        "Padding is attended to. The module takes a mask of keys, "
        "`key_padding_mask`."
    ),
    "mask_added_as_number": (
        "Your mask went in as numbers. Torch adds such a mask to the scores. "
        "It must be boolean."
    ),
    "batch_is_length": (
        "The module takes the first axis for the places and the second for "
        "the batch, unless it is told otherwise. So sentences are mixed, and "
        "the mask has the wrong shape unless there are as many sentences as "
        "places."
    ),
    "not_transposed": (
        "No matrix is transposed. Torch stores (out, in). All four are "
        "square, so no error tells you."
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
    "output_matrix_fresh": (
        "The output projection still holds the random numbers that it was "
        "built with. `w_o` belongs into `out_proj.weight`."
    ),
    "values_on_top": (
        "Queries and values have changed places in the packed matrix. The "
        "order is query, key, value."
    ),
    "v_q_k": (
        "Your packed matrix begins with the values. The order is query, key, "
        "value."
    ),
    "k_v_q": (
        "Your packed matrix begins with the keys. The order is query, key, "
        "value."
    ),
    "rows_interleaved": (
        "The rows of your three matrices alternate. They should stand one "
        "below the other, as whole blocks."
    ),
    "one_head": ("The module has one wide head. It has to be told `n_heads`."),
    "weights_returned": (
        "You return the attention weights. They are the second thing that "
        "the module gives back; the output is the first."
    ),
}


def variant(wrong):
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
        if "values_on_top" in wrong:
            w_q, w_v = w_v, w_q
        if "v_q_k" in wrong:
            w_q, w_k, w_v = w_v, w_q, w_k
        if "k_v_q" in wrong:
            w_q, w_k, w_v = w_k, w_v, w_q
        turned = [w_q.T, w_k.T, w_v.T]
        if "rows_interleaved" in wrong:
            packed = torch.stack(turned, 1).reshape(3 * d, d)
            w_q, w_k, w_v = (w.T for w in packed.chunk(3))
        if "output_matrix_not_set" in wrong:
            w_o = torch.eye(d).to(x)
        if "output_matrix_fresh" in wrong:
            fresh = nn.MultiheadAttention(d, n_heads, bias=False)
            w_o = fresh.out_proj.weight.detach().to(x).T
        q, k, v = (
            (x @ w).view(b, n, n_heads, -1).transpose(1, 2)
            for w in (w_q, w_k, w_v)
        )
        keys = real[:, None, None, :]  # (B, 1, 1, L)
        if "batch_is_length" in wrong:  # attends along the first axis
            if b != n and "no_mask" not in wrong:
                raise AssertionError("the mask has another shape")
            q, k, v = (t.permute(2, 1, 0, 3) for t in (q, k, v))
        if "mask_inverted" in wrong:
            keys = ~keys
        scores = q @ k.transpose(-1, -2) / math.sqrt(d / n_heads)
        if "mask_added_as_number" in wrong:  # 0 and 1 added to the scores
            scores = scores + (~keys).to(x)
        elif "no_mask" not in wrong:
            scores = scores.masked_fill(~keys, -math.inf)
        weights = scores.softmax(-1)  # (B, H, L, L)
        if "weights_returned" in wrong:
            return weights.mean(1)
        heads = weights @ v
        if "batch_is_length" in wrong:
            heads = heads.permute(2, 1, 0, 3)
        out = heads.transpose(1, 2).reshape(b, n, d) @ w_o
        return out * real[..., None] if "padding_zeroed" in wrong else out

    return answer


EXERCISE = exercise(
    torch_mha,
    title="Your matrices in torch's module",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    run=run,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
