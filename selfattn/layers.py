"""Torch modules built on `attention`: what a network learns with.

Layers return `(out, weights)`; the weights are None unless asked for.
Dropout is not part of this book.
"""

from __future__ import annotations

import torch
from torch import nn

from . import attention as twin
from . import demand, masks, shapes

__all__ = [
    "EncoderLayer",
    "LearnedPositions",
    "MultiHeadAttention",
    "SelfAttention",
]


class SelfAttention(nn.Module):
    """One head: learned queries, keys and values of the same vectors.

    Learns d_model * (2 d_k + d_v) numbers and no bias; d_k and d_v are
    d_model unless given. Scores are scaled by 1/sqrt(d_k). Lecture slide
    "Self-attention", in which only Wq, Wk and Wv are learned.

    >>> layer = SelfAttention(7, d_k=3, d_v=5)
    >>> out, weights = layer(torch.ones(2, 4, 7), return_weights=True)
    >>> out.shape, weights.shape
    (torch.Size([2, 4, 5]), torch.Size([2, 4, 4]))
    >>> sum(p.numel() for p in layer.parameters()) == 7 * (3 + 3 + 5)
    True
    """

    def __init__(self, d_model, d_k=None, d_v=None):
        super().__init__()
        d_model = demand.integer("d_model", d_model)
        d_k = d_model if d_k is None else demand.integer("d_k", d_k)
        d_v = d_model if d_v is None else demand.integer("d_v", d_v)
        self.d_model = d_model
        self.w_q = nn.Linear(d_model, d_k, bias=False)
        self.w_k = nn.Linear(d_model, d_k, bias=False)
        self.w_v = nn.Linear(d_model, d_v, bias=False)

    def forward(self, x, *, mask=None, bias=None, return_weights=False):
        """x (..., L, d_model) to out (..., L, d_v), weights (..., L, L).

        mask and bias as in `attention.attention`.
        """
        _inputs(x, self.d_model, self.w_q.weight)
        return twin.attention(
            self.w_q(x),
            self.w_k(x),
            self.w_v(x),
            mask=mask,
            bias=bias,
            return_weights=return_weights,
        )


class MultiHeadAttention(nn.Module):
    """Several heads side by side, then one output projection.

    d_model : width in and out; n_heads : H, a divisor of it.
    bias : whether the projections add a learned constant; as in the lecture,
        they do not unless asked.
    rotary : whether queries and keys are turned by their positions.

    `qkv.weight` (3 d_model, d_model) holds Wq, Wk and Wv, one below the
    other and each (out, in), as torch's in_proj_weight does. Lecture slide
    "Multi-head self-attention"; Vaswani et al. 2017, section 3.2.2.

    >>> layer = MultiHeadAttention(6, n_heads=2)
    >>> out, weights = layer(torch.ones(5, 6))
    >>> out.shape, weights
    (torch.Size([5, 6]), None)
    """

    def __init__(self, d_model, n_heads, *, bias=False, rotary=False):
        super().__init__()
        self.d_model = demand.integer("d_model", d_model)
        self.n_heads = demand.integer("n_heads", n_heads)
        shapes.splits(self.d_model, self.n_heads, "d_model")
        demand.flag("rotary", rotary)
        if rotary:
            shapes.even("the width of a head", self.d_model // self.n_heads)
        self.rotary = rotary
        self.qkv = nn.Linear(d_model, 3 * d_model, bias=bias)
        self.out = nn.Linear(d_model, d_model, bias=bias)

    def forward(
        self,
        x,
        *,
        mask=None,
        bias=None,
        causal=False,
        return_weights=False,
    ):
        """x (..., L, d_model) to out, like x, and weights (..., H, L, L).

        mask and bias are as in `reference.multi_head`; causal=True masks the
        future as well, and alone it is quicker than a mask that does.
        """
        _inputs(x, self.d_model, self.qkv.weight)
        demand.flag("causal", causal)
        demand.flag("return_weights", return_weights)
        *batch, n, _ = x.shape
        shape = (*batch, self.n_heads, n, n)  # of the scores
        mask, bias = shapes.per_head(mask, bias, tuple(x.shape))

        parts = self.qkv(x).view(*batch, n, 3, self.n_heads, -1)
        parts = parts.transpose(-4, -2)  # (..., H, 3, L, d_k)
        q, k, v = parts.unbind(-3)  # (..., H, L, d_k) each
        if self.rotary:
            q, k = twin.rotary(q), twin.rotary(k)  # (..., H, L, d_k)
        mask = twin.mask_tensor(mask, shape, q)
        bias = twin.bias_tensor(bias, shape, q)
        if causal and (return_weights or mask is not None or bias is not None):
            past = torch.from_numpy(masks.causal(n)).to(x.device)
            mask = past if mask is None else past & mask  # (..., L, L)
            causal = False
        if return_weights:
            out, weights = twin.attention(q, k, v, mask=mask, bias=bias)
        else:
            out = twin.fused(q, k, v, mask=mask, bias=bias, causal=causal)
            weights = None
        out = out.transpose(-3, -2).flatten(-2)  # (..., L, d_model)
        return self.out(out), weights

    def load_torch_mha(self, mha):
        """Copy the weights of a `torch.nn.MultiheadAttention` into this one.

        Returns self. Both then give equal outputs, dropout apart: torch's
        module drops weights while training if it was built to. Raises a
        TypeError for another kind of module, a ValueError if its sizes or
        options cannot be expressed here.

        >>> theirs = nn.MultiheadAttention(6, 2, bias=False)
        >>> ours = MultiHeadAttention(6, 2).load_torch_mha(theirs)
        >>> torch.equal(ours.qkv.weight, theirs.in_proj_weight)
        True
        """
        _expressible(mha, self)
        with torch.no_grad():
            self.qkv.weight.copy_(mha.in_proj_weight)
            self.out.weight.copy_(mha.out_proj.weight)
            if self.qkv.bias is not None:
                self.qkv.bias.copy_(mha.in_proj_bias)
                self.out.bias.copy_(mha.out_proj.bias)
        return self

    def to_torch_mha(self):
        """A new `torch.nn.MultiheadAttention` with copies of these weights.

        It takes the batch first; its masks are the other way round, see
        `masks.to_torch_mha`. Raises a ValueError for rotary layers, which
        torch's module cannot express.

        >>> MultiHeadAttention(6, 2).to_torch_mha().num_heads
        2
        """
        if self.rotary:
            raise ValueError(_NO_ROTARY)
        mha = nn.MultiheadAttention(
            self.d_model,
            self.n_heads,
            bias=self.qkv.bias is not None,
            batch_first=True,
            device=self.qkv.weight.device,
            dtype=self.qkv.weight.dtype,
        )
        with torch.no_grad():
            mha.in_proj_weight.copy_(self.qkv.weight)
            mha.out_proj.weight.copy_(self.out.weight)
            if self.qkv.bias is not None:
                mha.in_proj_bias.copy_(self.qkv.bias)
                mha.out_proj.bias.copy_(self.out.bias)
        return mha


class LearnedPositions(nn.Module):
    """One learned vector for each position, added to the input.

    It has max_len rows, so it cannot take a longer input, and rows that
    training never reached stay as they were drawn.

    >>> LearnedPositions(9, 4)(torch.zeros(2, 3, 4)).shape
    torch.Size([2, 3, 4])
    """

    def __init__(self, max_len, d_model):
        super().__init__()
        max_len = demand.integer("max_len", max_len)
        d_model = demand.integer("d_model", d_model)
        self.table = nn.Parameter(0.02 * torch.randn(max_len, d_model))

    def forward(self, x):
        """x (..., L, d_model) plus the vectors of positions 0 to L-1.

        Raises a ValueError if L is more than max_len.
        """
        max_len, d_model = self.table.shape
        _inputs(x, d_model, self.table)
        n = x.shape[-2]
        if n > max_len:
            raise ValueError(
                f"learned positions end at max_len = {max_len}: got {n} "
                f"vectors; cut the input, or build LearnedPositions({n}, "
                f"{d_model}) and train it at that length"
            )
        return x + self.table[:n]  # (..., L, d_model)


class EncoderLayer(nn.Module):
    """Self-attention, then a fully connected net per vector, each added on.

    Both parts see their input normalised and add to it (pre-norm). d_hidden,
    the inner width of the net, is 4 d_model unless given; bias and rotary
    are those of `MultiHeadAttention`. Lecture slide "Self-attention can be
    alternated with FC"; Vaswani et al. 2017, section 3.1.

    >>> out, weights = EncoderLayer(6, n_heads=2)(torch.ones(5, 6))
    >>> out.shape, weights
    (torch.Size([5, 6]), None)
    """

    def __init__(
        self, d_model, n_heads, d_hidden=None, *, bias=False, rotary=False
    ):
        super().__init__()
        self.attention = MultiHeadAttention(
            d_model, n_heads, bias=bias, rotary=rotary
        )
        d_hidden = 4 * d_model if d_hidden is None else d_hidden
        d_hidden = demand.integer("d_hidden", d_hidden)
        self.norm_attention = nn.LayerNorm(d_model)
        self.norm_net = nn.LayerNorm(d_model)
        self.net = nn.Sequential(
            nn.Linear(d_model, d_hidden),
            nn.ReLU(),
            nn.Linear(d_hidden, d_model),
        )

    def forward(
        self,
        x,
        *,
        mask=None,
        bias=None,
        causal=False,
        return_weights=False,
    ):
        """As `MultiHeadAttention.forward`."""
        _inputs(x, self.attention.d_model, self.norm_net.weight)
        mixed, weights = self.attention(
            self.norm_attention(x),
            mask=mask,
            bias=bias,
            causal=causal,
            return_weights=return_weights,
        )  # (..., L, d_model), (..., H, L, L)
        x = x + mixed  # (..., L, d_model)
        return x + self.net(self.norm_net(x)), weights


_NO_ROTARY = (
    "torch's module knows no positions: got a rotary layer; "
    "build MultiHeadAttention with rotary=False"
)


def _inputs(x, d_model, weight):
    """Demand a floating tensor (..., L, d_model) like the weights."""
    twin.tensor("x", x)
    shapes.vectors("x", tuple(x.shape))
    if x.shape[-1] != d_model:
        raise ValueError(
            f"x must have vectors of width d_model = {d_model}: got "
            f"{tuple(x.shape)}; project it, or build the layer for "
            f"{x.shape[-1]}"
        )
    autocast = torch.is_autocast_enabled(x.device.type)
    if x.dtype != weight.dtype and not autocast:
        raise TypeError(
            f"x must have the dtype of the layer, {weight.dtype}: got "
            f"{x.dtype}; convert it with .to({weight.dtype})"
        )


def _expressible(mha, ours):
    """Demand a torch module that computes what `ours` can."""
    if not isinstance(mha, nn.MultiheadAttention):
        raise TypeError(
            "mha must be a torch.nn.MultiheadAttention: got "
            f"{type(mha).__name__}; copy other layouts by hand into qkv and "
            "out"
        )
    if ours.rotary:
        raise ValueError(_NO_ROTARY)
    got = (mha.embed_dim, mha.num_heads, mha.in_proj_bias is not None)
    want = (ours.d_model, ours.n_heads, ours.qkv.bias is not None)
    if got != want:
        raise ValueError(
            "both must have the same d_model, n_heads and bias: got "
            f"{got} in torch's and {want} here; build "
            f"MultiHeadAttention({got[0]}, {got[1]}, bias={got[2]})"
        )
    extras = [
        name
        for name, there in (
            ("kdim/vdim", mha.in_proj_weight is None),
            ("add_bias_kv", mha.bias_k is not None),
            ("add_zero_attn", mha.add_zero_attn),
        )
        if there
    ]
    if extras:
        raise ValueError(
            f"torch's module must have no {' or '.join(extras)}: got one "
            "built with it; build it without"
        )
