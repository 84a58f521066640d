"""Attention in one Triton kernel: the forward pass, tile by tile.

A program of the kernel owns one tile of queries. It walks over the keys and
values tile by tile and keeps three things per query: the largest score so
far, the sum of the exponentials, and the sum of the values that they weigh.
No score ever reaches the main memory. `tiled.tiled` is the same in NumPy.

Triton compiles the kernel for an NVIDIA or AMD GPU. Without one it is
interpreted on the CPU: slow, but the same arithmetic, so it can be tested
anywhere. Where Triton is missing (it has no release for macOS or Windows)
`WHY_NOT` says so, and a call raises that sentence.
"""

from __future__ import annotations

import math
import os

import torch

from . import counted, demand, shapes
from .tensors import mask_tensor, tensors

if not torch.cuda.is_available():
    os.environ.setdefault("TRITON_INTERPRET", "1")  # read by the next import
try:
    import triton
    import triton.language as tl
except ImportError:
    from ._no_triton import tl, triton

__all__ = ["WHY_NOT", "attention_kernel", "fused"]

INTERPRETED = os.environ.get("TRITON_INTERPRET") == "1"
WHY_NOT = getattr(triton, "WHY_NOT", "")  # "" where kernels can run
if not WHY_NOT and INTERPRETED and isinstance(tl.max, triton.JITFunction):
    WHY_NOT = (
        "Triton was loaded before it was told to interpret kernels: restart "
        "the kernel and import selfattn.fused_triton first"
    )
LOG2_E = 1.4426950408889634  # exp(x) = exp2(x * LOG2_E), and exp2 is quicker
LARGEST_WIDTH = 256  # of q, k and v: a tile of each must fit on the chip


@triton.jit
def attention_kernel(
    Q, K, V, Mask, Out, scale, L, S,
    mask_batch, mask_row,  # steps of the mask; 0 where it is broadcast
    D: tl.constexpr, D_V: tl.constexpr,  # widths
    TOP: tl.constexpr, TOP_V: tl.constexpr,  # the next powers of two
    ROWS: tl.constexpr, COLS: tl.constexpr,  # size of a tile of scores
    CAUSAL: tl.constexpr, MASKED: tl.constexpr,
):  # fmt: skip
    """Out (B, L, D_V) of q (B, L, D), k (B, S, D), v (B, S, D_V)."""
    tile, batch = tl.program_id(0), tl.program_id(1).to(tl.int64)
    i = tile * ROWS + tl.arange(0, ROWS)  # this program's queries
    c, c_v = tl.arange(0, TOP), tl.arange(0, TOP_V)
    q = tl.load(
        Q + (batch * L + i[:, None]) * D + c[None, :],
        mask=(i[:, None] < L) & (c[None, :] < D),
        other=0.0,
    )  # (ROWS, TOP), read once
    top = tl.full((ROWS,), -float("inf"), tl.float32)  # largest score so far
    total = tl.zeros((ROWS,), tl.float32)  # sum of exponentials
    mixed = tl.zeros((ROWS, TOP_V), tl.float32)  # their weighted values

    end = S
    if CAUSAL:  # the last query stands at the last key
        end = tl.minimum(S, tile * ROWS + ROWS + S - L)
    for start in range(0, end, COLS):
        j = start + tl.arange(0, COLS)  # this step's keys
        k = tl.load(
            K + (batch * S + j[None, :]) * D + c[:, None],
            mask=(j[None, :] < S) & (c[:, None] < D),
            other=0.0,
        )  # (TOP, COLS), already transposed
        scores = tl.dot(q, k, input_precision="ieee") * scale  # (ROWS, COLS)
        seen = j[None, :] < S
        if CAUSAL:
            seen = seen & (j[None, :] <= i[:, None] + S - L)
        if MASKED:
            place = Mask + batch * mask_batch + i[:, None] * mask_row
            inside = (i[:, None] < L) & (j[None, :] < S)
            seen = seen & (tl.load(place + j[None, :], inside, 0) != 0)
        scores = tl.where(seen, scores, -float("inf"))

        # The three lines of the online softmax.
        new = tl.maximum(top, tl.max(scores, axis=1))
        safe = tl.where(new == -float("inf"), 0.0, new)  # no key so far
        shrink = tl.exp2(top - safe)  # what was summed up is too large by it
        e = tl.exp2(scores - safe[:, None])  # (ROWS, COLS)
        total = total * shrink + tl.sum(e, axis=1)
        v = tl.load(
            V + (batch * S + j[:, None]) * D_V + c_v[None, :],
            mask=(j[:, None] < S) & (c_v[None, :] < D_V),
            other=0.0,
        )  # (COLS, TOP_V)
        mixed = mixed * shrink[:, None]
        mixed += tl.dot(e.to(v.dtype), v, input_precision="ieee")
        top = new

    out = mixed / tl.where(total == 0.0, 1.0, total)[:, None]  # no key: 0
    tl.store(
        Out + (batch * L + i[:, None]) * D_V + c_v[None, :],
        out.to(Out.dtype.element_ty),
        mask=(i[:, None] < L) & (c_v[None, :] < D_V),
    )


def fused(q, k, v, *, mask=None, causal=False, scale=None):
    """Attention through `attention_kernel`, without storing the weights.

    Parameters
    ----------
    q (..., L, d_k), k (..., S, d_k), v (..., S, d_v) : tensors of one dtype
        (float32, float16 or bfloat16), widths at most 256; batch axes
        broadcast.
    mask : boolean, True = may attend, as in `attention.attention`.
    causal : each query sees its own position and those before it; the last
        query stands at the last key.
    scale : a positive number; None means 1/sqrt(d_k).

    Returns
    -------
    out (..., L, d_v) in the dtype of q, and None: the weights are never
    there. A query with no key left gets zeros. There is no backward pass.

    Raises a TypeError for dtypes and a ValueError for shapes that do not
    fit; a RuntimeError where Triton is missing. Source: Dao et al. 2022,
    FlashAttention, algorithm 1; the order of the loops is that of Dao 2023.

    >>> x = torch.eye(2)
    >>> out = 8 * x if WHY_NOT else fused(x, x, 8 * x, mask=x > 0)[0]
    >>> out.tolist()
    [[8.0, 0.0], [0.0, 8.0]]
    """
    if WHY_NOT:
        raise RuntimeError(WHY_NOT)
    demand.flag("causal", causal)
    tensors(q=q, k=k, v=v)
    shape = shapes.scores_shape(tuple(q.shape), tuple(k.shape))
    shapes.values_shape(tuple(v.shape), tuple(k.shape), shape)
    n_queries, n_keys = shape[-2:]
    if causal:
        counted.queries_keys(n_queries, n_keys)
    scale = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
    scale = demand.positive("scale", scale)
    allowed = mask_tensor(mask, shape, q)
    for_kernel(q, k, v)
    dtype = q.dtype
    if INTERPRETED and dtype == torch.bfloat16:  # NumPy has no such numbers
        q, k, v = q.float(), k.float(), v.float()

    batch = torch.broadcast_shapes(shape[:-2], v.shape[:-2])
    q, k, v = (
        x.expand(*batch, *x.shape[-2:]).reshape(-1, *x.shape[-2:]).contiguous()
        for x in (q, k, v)
    )  # (B, L, d_k), (B, S, d_k), (B, S, d_v)
    steps = 0, 0
    if allowed is not None:
        per_item = allowed.ndim > 2
        allowed = (
            allowed.expand(*(batch if per_item else ()), -1, -1)
            .reshape(-1, allowed.shape[-2], n_keys)
            .to(torch.uint8)
            .contiguous()
        )
        rows = allowed.shape[-2]
        steps = rows * n_keys * per_item, n_keys * (rows > 1)
    d, d_v = q.shape[-1], v.shape[-1]
    out = torch.empty(len(q), n_queries, d_v, dtype=q.dtype, device=q.device)
    rows, cols, warps, stages = tile_sizes(max(d, d_v))
    attention_kernel[triton.cdiv(n_queries, rows), len(q)](
        q, k, v, q if allowed is None else allowed, out,
        scale * LOG2_E, n_queries, n_keys, *steps,
        D=d, D_V=d_v, TOP=power_of_two(d), TOP_V=power_of_two(d_v),
        ROWS=rows, COLS=cols, CAUSAL=bool(causal), MASKED=mask is not None,
        num_warps=warps, num_stages=stages,
    )  # fmt: skip
    return out.reshape(*batch, n_queries, d_v).to(dtype), None


def for_kernel(*arrays):
    """Demand what the kernel can take: a short dtype, no wide vectors."""
    dtype = arrays[0].dtype
    if dtype not in (torch.float32, torch.float16, torch.bfloat16):
        raise TypeError(
            "the kernel takes float32, float16 or bfloat16: got "
            f"{dtype}; convert with .float(), or use attention.attention"
        )
    widest = max(x.shape[-1] for x in arrays)
    if widest > LARGEST_WIDTH:
        raise ValueError(
            f"the kernel takes widths up to {LARGEST_WIDTH}: got {widest}; "
            "use more heads, or attention.attention"
        )


def power_of_two(width):
    """The width of a tile: a power of two, and 16 at least for `tl.dot`."""
    return max(16, triton.next_power_of_2(width))


def tile_sizes(width):
    """Rows and columns of a tile, warps, stages, for vectors this wide."""
    if not torch.cuda.is_available():
        return 16, 32, 4, 1  # small, so that tests see several tiles
    if width <= 64:
        return 128, 64, 4, 3
    return (128, 64, 8, 3) if width <= 128 else (64, 32, 8, 2)
