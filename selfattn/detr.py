"""A small DETR in torch: object queries, and a loss over sets.

The net gives a fixed number of answers, in no order; the loss first matches
them with the true objects. `detector` runs the trained net in NumPy.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from . import attention as twin
from . import boxes as box_rules
from . import demand, images
from .layers import EncoderLayer
from .vision import patches

__all__ = ["CrossAttention", "DecoderLayer", "Detector", "set_loss"]


class CrossAttention(nn.Module):
    """Multi-head attention whose keys and values come from another set.

    q (..., L, d_model) attends to memory (..., S, d_model). `q.weight`
    (d_model, d_model) and `kv.weight` (2 d_model, d_model), in which Wk is
    above Wv; no biases.

    >>> layer = CrossAttention(6, n_heads=2)
    >>> layer(torch.ones(3, 6), torch.ones(5, 6))[0].shape
    torch.Size([3, 6])
    """

    def __init__(self, d_model, n_heads):
        super().__init__()
        self.n_heads = n_heads
        self.q = nn.Linear(d_model, d_model, bias=False)
        self.kv = nn.Linear(d_model, 2 * d_model, bias=False)
        self.out = nn.Linear(d_model, d_model, bias=False)

    def forward(self, x, memory, *, return_weights=False):
        """(out, weights): (..., L, d_model) and (..., H, L, S) or None."""

        def heads(t):
            return twin.split_heads(t, self.n_heads)

        k, v = self.kv(memory).chunk(2, dim=-1)  # (..., S, d_model) each
        out, weights = twin.attention(
            heads(self.q(x)), heads(k), heads(v), return_weights=return_weights
        )  # (..., H, L, d_k), (..., H, L, S)
        return self.out(twin.merge_heads(out)), weights


class DecoderLayer(nn.Module):
    """Attention among the queries, to the image, and a net; each added on.

    >>> layer = DecoderLayer(8, n_heads=2, d_hidden=16)
    >>> layer(torch.ones(3, 8), torch.ones(5, 8))[0].shape
    torch.Size([3, 8])
    """

    def __init__(self, d_model, n_heads, d_hidden):
        super().__init__()
        self.among = EncoderLayer(d_model, n_heads, d_hidden)
        self.norm_cross = nn.LayerNorm(d_model)
        self.cross = CrossAttention(d_model, n_heads)

    def forward(self, x, memory, *, return_weights=False):
        """(out, weights) of the attention to the image."""
        mixed, weights = self.cross(
            self.norm_cross(x), memory, return_weights=return_weights
        )  # (..., L, d_model), (..., H, L, S)
        out, _ = self.among(x + mixed)  # (..., L, d_model)
        return out, weights


class Detector(nn.Module):
    """Finds the objects of an image as a set (a small DETR).

    side : of the square grey image, in pixels; size : side of a patch.
    n_queries : how many answers, at least as many as objects can be there.
    n_kinds : classes; one more, the last, means "no object".

    Patches are projected and get the positions of
    `images.sinusoidal_2d`; encoder layers mix them; learned object queries
    then collect from them in decoder layers. Carion et al. 2020, section
    3.2, without its convolutions.

    >>> kinds, found, _ = Detector()(torch.zeros(2, 32, 32, 1))
    >>> kinds.shape, found.shape
    (torch.Size([2, 6, 4]), torch.Size([2, 6, 4]))
    """

    def __init__(
        self,
        side=32,
        size=4,
        n_kinds=3,
        n_queries=6,
        d_model=24,
        n_heads=4,
        n_encoder=1,
        n_decoder=2,
        d_hidden=48,
    ):
        super().__init__()
        n_queries = demand.integer("n_queries", n_queries)
        images._fits(side, side, size)
        self.size = size
        waves = images.sinusoidal_2d(side // size, side // size, d_model)
        place = torch.from_numpy(waves).float()  # (n, d_model)
        self.register_buffer("place", place, persistent=False)
        self.project = nn.Linear(size**2, d_model)
        self.encoder = nn.ModuleList(
            EncoderLayer(d_model, n_heads, d_hidden) for _ in range(n_encoder)
        )
        self.norm_memory = nn.LayerNorm(d_model)
        self.queries = nn.Parameter(torch.randn(n_queries, d_model))
        self.decoder = nn.ModuleList(
            DecoderLayer(d_model, n_heads, d_hidden) for _ in range(n_decoder)
        )
        self.norm = nn.LayerNorm(d_model)
        self.kind = nn.Linear(d_model, n_kinds + 1)
        self.box = nn.Sequential(
            nn.Linear(d_model, d_model), nn.ReLU(), nn.Linear(d_model, 4)
        )

    def forward(self, x, *, every_layer=False, return_weights=False):
        """Images (B, side, side, 1) to what every query found.

        Returns the scores of the classes (B, Q, n_kinds + 1), the boxes
        (B, Q, 4) in centres form as shares of the image, and the weights of
        the decoder layers, a list of (B, H, Q, n), or None. With
        every_layer, the first two have an axis of decoder layers in front.
        """
        x = self.project(patches(x, self.size)) + self.place
        for layer in self.encoder:
            x, _ = layer(x)  # (B, n, d_model)
        memory = self.norm_memory(x)  # (B, n, d_model)
        found = self.queries.expand(len(x), -1, -1)  # (B, Q, d_model)
        stages, looks = [], []
        for layer in self.decoder:
            found, weights = layer(
                found, memory, return_weights=return_weights
            )
            stages.append(self.norm(found))
            looks.append(weights)
        found = torch.stack(stages) if every_layer else stages[-1]
        boxes = self.box(found).sigmoid()  # (..., B, Q, 4)
        return self.kind(found), boxes, (looks if return_weights else None)


def set_loss(
    scores, boxes, kinds, truths, *, empty_weight=0.2, in_order=False
):
    """How far a set of answers is from the set of true objects.

    scores (B, Q, n_kinds + 1) and boxes (B, Q, 4) as `Detector` gives them;
    kinds (B, M) whole numbers, -1 where there is no object; truths (B, M, 4)
    in centres form. M is at most Q.

    Every true object is matched with one answer, at the least total cost of
    -probability of its kind + 5 L1 distance - 2 generalised IoU. The loss is
    the cross-entropy of the kinds, where unmatched answers should say "no
    object" and count `empty_weight`, plus 5 L1 distance + 2 (1 - generalised
    IoU) per matched pair. With in_order, object i is matched with answer i,
    for comparison. Returns (loss, the answers matched: a list of B arrays).
    Carion et al. 2020, section 3.1.

    >>> scores = torch.tensor([[[9.0, 0.0], [0.0, 9.0]]])
    >>> boxes = torch.tensor([[[0.5, 0.5, 0.2, 0.2], [0.1, 0.1, 0.1, 0.1]]])
    >>> loss, matched = set_loss(
    ...     scores, boxes, torch.tensor([[0]]), boxes[:, :1]
    ... )
    >>> round(loss.item(), 3), matched[0].tolist()
    (0.0, [0])
    """
    n_queries, n_kinds = scores.shape[1], scores.shape[2] - 1
    if kinds.shape[1] > n_queries:
        raise ValueError(
            "there must be an answer for every object: got "
            f"{kinds.shape[1]} objects and {n_queries} queries; build the "
            "detector with more n_queries"
        )
    if in_order:
        matched = [np.flatnonzero(k) for k in (kinds >= 0).cpu().numpy()]
    else:
        matched = _matches(scores.detach(), boxes.detach(), kinds, truths)
    wanted = torch.full(scores.shape[:2], n_kinds, device=scores.device)
    item = np.repeat(np.arange(len(matched)), [len(m) for m in matched])
    query = np.concatenate(matched)  # (P,), P matched pairs
    there = kinds >= 0  # (B, M)
    wanted[item, query] = kinds[there]
    balance = torch.ones(n_kinds + 1, device=scores.device, dtype=scores.dtype)
    balance[-1] = empty_weight
    entropy = F.cross_entropy(scores.transpose(1, 2), wanted, balance)
    ours, true = boxes[item, query], truths[there]  # (P, 4) each
    far = (ours - true).abs().sum(dim=-1)  # (P,)
    apart = 1 - paired_giou(ours, true)  # (P,)
    pairs = 5 * far + 2 * apart  # (P,)
    return entropy + pairs.sum() / max(len(query), 1), matched


def paired_giou(a, b):
    """Generalised IoU of box with box, (..., 4) in centres form: (...,).

    >>> one = torch.tensor([0.5, 0.5, 0.2, 0.4])
    >>> round(paired_giou(one, one).item(), 4)
    1.0
    """

    def low(box):
        return box[..., :2] - box[..., 2:] / 2

    def high(box):
        return box[..., :2] + box[..., 2:] / 2

    def area(box):
        return box[..., 2] * box[..., 3]

    inner = torch.minimum(high(a), high(b)) - torch.maximum(low(a), low(b))
    outer = torch.maximum(high(a), high(b)) - torch.minimum(low(a), low(b))
    shared = inner.clamp(min=0).prod(dim=-1)  # (...,)
    around = outer.prod(dim=-1).clamp(min=1e-9)  # (...,)
    union = (area(a) + area(b) - shared).clamp(min=1e-9)  # (...,)
    return shared / union - (around - union) / around


def _matches(scores, boxes, kinds, truths):
    """The answer of every true object, for each item: B arrays."""
    share = scores.softmax(dim=-1)  # (B, Q, n_kinds + 1)
    far = torch.cdist(truths, boxes, p=1)  # (B, M, Q)
    near = paired_giou(truths[:, :, None], boxes[:, None])  # (B, M, Q)
    right = share.transpose(1, 2).gather(
        1, kinds.clamp(min=0)[:, :, None].expand(far.shape)
    )  # (B, M, Q)
    cost = (5 * far - 2 * near - right).double().cpu().numpy()
    there = (kinds >= 0).cpu().numpy()  # (B, M)
    return [box_rules.match(c[t]) for c, t in zip(cost, there, strict=True)]
