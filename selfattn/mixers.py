"""Three ways to mix the vectors of an image, in one and the same network.

`Mixer` is a small image classifier whose blocks differ in one layer: a 3 by
3 convolution, heads with a learned centre and width, or attention by content.
Chapter 11 compares them.
"""

from __future__ import annotations

import torch
from torch import nn

from . import demand, images
from .layers import MultiHeadAttention
from .tensors import tensor
from .vision import patches

__all__ = ["MIXES", "Mixer", "QuadraticHeads"]

MIXES = ("convolution", "quadratic", "attention")


class QuadraticHeads(nn.Module):
    """Heads that look at a place, whatever the image shows there.

    Head h of the vector at p attends to the vector at r with the score
    -sharpness_h * |r - p - centre_h|^2. `centres` (H, 2), rows and columns
    in vectors, and `log_sharpness` (H,) are learned, and so is a matrix per
    head, as a convolution has one per offset. Centres start at random, with
    a standard deviation of 1, and sharpness at 1. Cordonnier et al. 2020,
    section 3.

    >>> layer = QuadraticHeads(5, n_heads=9)
    >>> layer(torch.zeros(2, 4, 3, 5))[0].shape
    torch.Size([2, 4, 3, 5])
    """

    def __init__(self, d_model, n_heads=9):
        super().__init__()
        self.d_model = demand.integer("d_model", d_model)
        n_heads = demand.integer("n_heads", n_heads)
        self.centres = nn.Parameter(torch.randn(n_heads, 2))
        self.log_sharpness = nn.Parameter(torch.zeros(n_heads))
        self.out = nn.Linear(n_heads * d_model, d_model)

    def along(self, n, axis):
        """One axis' weights (H, n, n); the two axes' multiply."""
        at = torch.arange(n, device=self.centres.device)
        offset = at - at[:, None]  # (n, n), key minus query
        away = offset - self.centres[:, axis, None, None]  # (H, n, n)
        sharpness = self.log_sharpness.exp()[:, None, None]
        return (-sharpness * away**2).softmax(dim=-1)

    def forward(self, x, *, return_weights=False):
        """x (B, height, width, d_model) to out like it, and weights.

        The weights are (H, n, n) with n = height * width, or None. Raises a
        ValueError for another number of axes or another width.
        """
        tensor("x", x)
        if x.ndim != 4 or x.shape[-1] != self.d_model:
            raise ValueError(
                f"x must be (B, height, width, {self.d_model}): got "
                f"{tuple(x.shape)}; put the channels last"
            )
        rows, columns = self.along(x.shape[1], 0), self.along(x.shape[2], 1)
        mixed = torch.einsum("hip,bpqd->bhiqd", rows, x)
        mixed = torch.einsum("hjq,bhiqd->bijhd", columns, mixed)
        out = self.out(mixed.flatten(-2))  # (B, height, width, d_model)
        if not return_weights:
            return out, None
        weights = torch.einsum("hip,hjq->hijpq", rows, columns)
        return out, weights.flatten(3).flatten(1, 2)  # (H, n, n)


class _Convolution(nn.Module):
    """A 3 by 3 convolution that takes its channels last."""

    def __init__(self, d_model):
        super().__init__()
        self.conv = nn.Conv2d(
            d_model, d_model, 3, padding=1, padding_mode="replicate"
        )

    def forward(self, x, *, return_weights=False):
        out = self.conv(x.permute(0, 3, 1, 2))  # (B, d, height, width)
        return out.permute(0, 2, 3, 1), None


class _Attention(nn.Module):
    """Multi-head attention over all vectors of the image."""

    def __init__(self, d_model, n_heads):
        super().__init__()
        self.attention = MultiHeadAttention(d_model, n_heads)

    def forward(self, x, *, return_weights=False):
        out, weights = self.attention(
            x.flatten(1, 2), return_weights=return_weights
        )
        return out.unflatten(1, x.shape[1:3]), weights


class _Block(nn.Module):
    """x + mix(norm(x)), then a small net for each vector on its own."""

    def __init__(self, mix, d_model, d_hidden):
        super().__init__()
        self.norm_mix, self.norm_fc = (nn.LayerNorm(d_model) for _ in "ab")
        self.mix = mix
        self.fc = nn.Sequential(
            nn.Linear(d_model, d_hidden),
            nn.ReLU(),
            nn.Linear(d_hidden, d_model),
        )

    def forward(self, x, return_weights):
        mixed, weights = self.mix(
            self.norm_mix(x), return_weights=return_weights
        )
        x = x + mixed
        return x + self.fc(self.norm_fc(x)), weights


class Mixer(nn.Module):
    """An image's class from its patches; `mix` says how patches are mixed.

    mix : "convolution", 3 by 3 with replicate padding; "quadratic", nine
        `QuadraticHeads`; "attention", `layers.MultiHeadAttention`, with
        learned positions added to the patches.
    height, width, channels : of the images; size : side of a patch.
    d_hidden : of the net behind each mix; None chooses it so that all three
        have as many parameters as a convolution with d_hidden = 2 d_model.

    Blocks are pre-norm, x + mix(norm(x)) and x + fc(norm(x)); the vectors
    are normalised and averaged at the end.

    >>> sizes = {"height": 8, "width": 8, "channels": 1, "n_classes": 10}
    >>> def parameters(mix):
    ...     return sum(p.numel() for p in Mixer(mix, **sizes).parameters())
    >>> counts = [parameters(mix) for mix in MIXES]
    >>> max(counts) < 1.01 * min(counts)
    True
    """

    def __init__(
        self,
        mix,
        *,
        height,
        width,
        channels,
        n_classes,
        size=1,
        d_model=16,
        n_heads=4,
        n_layers=2,
        d_hidden=None,
    ):
        super().__init__()
        demand.one_of("mix", mix, MIXES)
        n_layers = demand.integer("n_layers", n_layers)
        self.image = (height, width, channels)
        self.size = images._fits(height, width, size)
        self.grid = (height // size, width // size)
        self.project = nn.Linear(size**2 * channels, d_model)
        self.positions = None
        if mix == "attention":
            places = 0.02 * torch.randn(*self.grid, d_model)
            self.positions = nn.Parameter(places)
        blocks = []
        for _ in range(n_layers):
            if mix == "convolution":
                layer: nn.Module = _Convolution(d_model)
            elif mix == "quadratic":
                layer = QuadraticHeads(d_model)
            else:
                layer = _Attention(d_model, n_heads)
            hidden = d_hidden or self._fair_hidden(layer, d_model, n_layers)
            blocks.append(_Block(layer, d_model, hidden))
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(d_model)
        self.classify = nn.Linear(d_model, n_classes)

    def _fair_hidden(self, layer, d_model, n_layers):
        """How wide the small net is, so that all mixes have equal counts."""
        goal = 9 * d_model**2 + d_model  # of the convolution
        own = sum(p.numel() for p in layer.parameters())
        if self.positions is not None:
            own += self.positions.numel() / n_layers
        return round(2 * d_model + (goal - own) / (2 * d_model + 1))

    def forward(self, x, *, return_weights=False):
        """Images (B, height, width, channels) to scores (B, n_classes).

        The second value is a list with each block's weights, or None.
        Raises a ValueError for images of another size.
        """
        if tuple(x.shape[1:]) != self.image:
            raise ValueError(
                f"images must be (B, {', '.join(map(str, self.image))}): got "
                f"{tuple(x.shape)}; resize them, or build the model for them"
            )
        x = self.project(patches(x, self.size))  # (B, n, d_model)
        x = x.unflatten(1, self.grid)  # (B, rows, columns, d_model)
        if self.positions is not None:
            x = x + self.positions
        looks = []
        for block in self.blocks:
            x, weights = block(x, return_weights)
            looks.append(weights)
        scores = self.classify(self.norm(x).mean(dim=(1, 2)))
        return scores, (looks if return_weights else None)
