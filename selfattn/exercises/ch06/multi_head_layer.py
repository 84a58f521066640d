"""Exercise 06.multi_head_layer."""

import math

import torch
from torch import nn

from selfattn.exercises.ch06._torch_layer import (
    NAMES,
    cases,
    run,
    two_paddings,
)
from selfattn.exercises.model import Property, exercise


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
        """x (B, L, d_model), lengths (B,) whole numbers from 1 to L.

        Returns out, with the shape and the dtype of x. Only the first
        lengths[b] vectors of sentence b are real. Nobody attends to padding.
        What comes out at padded places does not count, but gradients reach
        all four matrices, and none of them is NaN.
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


PROPERTIES = (
    Property(
        "padding_is_ignored",
        "What stands in the padding changes the output of real "
        "places. It should be as if it were not there.",
        two_paddings,
        lambda cases, outs: torch.allclose(outs[0], outs[1], atol=1e-5),
    ),
)

MISTAKES = {
    "padding_attended": (
        "Real words attend to padding. The scores of padded keys, which are "
        "columns, have to be masked. Masking the rows of padded queries does "
        "not help."
    ),
    "mask_inverted": (
        "Your mask is the wrong way round: only padding is attended to. "
        "`masked_fill` fills where its mask is True."
    ),
    "mask_inverted_nan": (
        "Your mask is the wrong way round: only padding is attended to. A "
        "sentence without padding has no key left, which gives NaN."
    ),
    "mask_per_head": (
        "The lengths of sentence b mask head b. With as many heads as "
        "sentences this raises no error. The mask needs an axis for the heads "
        "between batch and places."
    ),
    "score_zero": (
        "You set the scores of padding to 0. The exponential of 0 is 1, so "
        "padding still gets weight; −∞ gets none."
    ),
    "zero_is_masked": (
        "You treat a score of 0 as padding. It is an ordinary score; only the "
        "lengths say what is padding."
    ),
    "queries_masked": (
        "You masked the rows of padded queries. Real words still attend to "
        "padding: its columns, the keys, have to be masked."
    ),
    "not_low_enough": (
        "The scores of padding became a number such as −100. Scores of real "
        "words can be lower, and then padding wins; −∞ is below them all."
    ),
    "padded_queries_masked": (
        "You masked all keys of padded queries too. A softmax over nothing is "
        "0/0, and the NaN goes back into the gradients. Only padded keys have "
        "to be masked."
    ),
    "weights_detached": (
        "No gradient reaches the queries' and the keys' matrices. Are the "
        "weights detached?"
    ),
    "nothing_flows": (
        "No gradient reaches any of the four matrices. Is the output "
        "detached, or computed under `no_grad`?"
    ),
    "lengths_remembered": (
        "Your layer keeps the mask of its first call. The lengths are new in "
        "every call."
    ),
    "output_shortened": (
        "Your output ends with the longest sentence. It must be as long as x, "
        "even where every sentence is shorter."
    ),
    "longest_for_all": (
        "Every sentence is cut at the length of the longest one. Each has its "
        "own length."
    ),
    "mask_after_softmax": (
        "You set padding's weights to 0 after the softmax. What is left no "
        "longer sums to 1."
    ),
    "first_length_for_all": (
        "Every sentence is cut at the length of the first one. Each has its "
        "own length."
    ),
    "one_too_many": (
        "The first padded place is attended to. Places are counted from 0, so "
        "place number `length` is padding."
    ),
    "split_without_transpose": (
        "The heads are cut by a reshape alone, so each holds whole vectors "
        "of a few places. A head should hold a part of every vector."
    ),
    "every_hth_column": (
        "Your head h has every H-th column. It owns a block of neighbouring "
        "ones."
    ),
    "merged_without_transpose": (
        "The heads are merged by a reshape alone, so a row mixes several "
        "places of one head."
    ),
    "sqrt_d_model": (
        "You divided by the root of d_model. The width of one head counts."
    ),
    "divided_by_d_k": (
        "You divided by the width of a head. Its root is asked for."
    ),
    "sqrt_length": (
        "You divided by the root of the number of words. The root of one "
        "head's width is asked for."
    ),
    "no_scale": (
        "The scores are not scaled. Divide them by the root of one head's "
        "width."
    ),
    "q_and_k_swapped": (
        "Queries and keys have changed places. Rows of the scores belong to "
        "queries, columns to keys."
    ),
    "softmax_over_queries": (
        "Your softmax runs over the queries. Each query shares out its own "
        "attention, over the keys."
    ),
    "softmax_over_heads": (
        "Your softmax runs over the heads. Each head has a softmax of its "
        "own, over the keys."
    ),
    "log_softmax": (
        "You mix the values with the logarithms of the weights. The weights "
        "themselves are asked for."
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

        def real(self, n, lengths):
            if "first_length_for_all" in wrong:
                lengths = lengths[:1].expand(len(lengths))
            if "longest_for_all" in wrong:
                lengths = lengths.max().expand(len(lengths))
            if "one_too_many" in wrong:
                lengths = lengths + 1
            if "lengths_remembered" in wrong:
                self.first = getattr(self, "first", lengths)
                lengths = self.first
            places = torch.arange(n, device=lengths.device)
            return places < lengths[:, None]  # (B, L)

        def weigh(self, scores, real):
            keys = real[:, None, None, :]  # (B, 1, 1, L)
            if "mask_per_head" in wrong:
                keys = real[None, :, None, :]
            if wrong & {"mask_inverted", "mask_inverted_nan"}:
                keys = ~keys
            if "padded_queries_masked" in wrong:
                keys = keys & real[:, None, :, None]
            if "queries_masked" in wrong:
                keys = real[:, None, :, None]
            if "zero_is_masked" in wrong:
                keys = keys & (scores != 0)
            dim = -1
            if "softmax_over_queries" in wrong:
                dim = -2
            if "softmax_over_heads" in wrong:
                dim = 1
            if "mask_after_softmax" in wrong:
                return scores.softmax(dim) * keys
            if "score_zero" in wrong:
                scores = scores * keys
            elif "padding_attended" not in wrong:
                low = -100.0 if "not_low_enough" in wrong else -math.inf
                low = -1e30 if "mask_inverted" in wrong else low
                scores = scores.masked_fill(~keys, low)
            if "log_softmax" in wrong:
                return scores.log_softmax(dim)
            return scores.softmax(dim)

        def forward(self, x, lengths):
            b, n, d = x.shape
            three = (self.w_q, self.w_k, self.w_v)
            q, k, v = (self.split(w(x)) for w in three)
            if "q_and_k_swapped" in wrong:
                q, k = k, q
            root = math.sqrt(d / self.n_heads)
            for name, value in (
                ("sqrt_d_model", math.sqrt(d)),
                ("no_scale", 1.0),
                ("divided_by_d_k", d / self.n_heads),
                ("sqrt_length", math.sqrt(n)),
            ):
                if name in wrong:
                    root = value
            scores = q @ k.transpose(-1, -2) / root  # (B, H, L, L)
            weights = self.weigh(scores, self.real(n, lengths))
            if "weights_detached" in wrong:
                weights = weights.detach()
            heads = weights @ v  # (B, H, L, d_v)
            if "merged_without_transpose" in wrong:
                merged = heads.reshape(b, n, d)
            else:
                merged = heads.transpose(1, 2).reshape(b, n, d)
            if "no_output_projection" in wrong:
                return merged
            out = self.w_o(merged)
            if "nothing_flows" in wrong:
                out = out.detach()
            if "output_shortened" in wrong:
                out = out[:, : int(lengths.max())]
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
