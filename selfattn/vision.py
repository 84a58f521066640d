"""Torch layers that take images: attention between far parts of a picture.

`GatedAttention` goes between convolutions, `PatchClassifier` does without
them. A detector is in `detr`.
"""

from __future__ import annotations

import torch
from torch import nn

from . import attention as twin
from . import demand, images, shapes
from .layers import EncoderLayer
from .tensors import tensor

__all__ = ["GatedAttention", "PatchClassifier", "patches"]


class GatedAttention(nn.Module):
    """Attention over all pixels, added through a gate that starts closed.

    Every pixel of x (B, channels, height, width) attends to every pixel, and
    the result, times the learned number `gamma`, is added to x. gamma starts
    at 0, so a new layer changes nothing. Queries, keys and values have
    `inner` entries, by default channels / 8 but at least 1, and scores are
    not scaled. Zhang et al. 2019, section 3 (SAGAN).

    >>> x = torch.ones(2, 8, 3, 5)
    >>> out, weights = GatedAttention(8)(x, return_weights=True)
    >>> torch.equal(out, x), weights.shape
    (True, torch.Size([2, 15, 15]))
    """

    def __init__(self, channels, inner=None):
        super().__init__()
        self.channels = demand.integer("channels", channels)
        inner = max(1, self.channels // 8) if inner is None else inner
        inner = demand.integer("inner", inner)
        self.w_q = nn.Conv2d(channels, inner, 1, bias=False)
        self.w_k = nn.Conv2d(channels, inner, 1, bias=False)
        self.w_v = nn.Conv2d(channels, inner, 1, bias=False)
        self.out = nn.Conv2d(inner, channels, 1, bias=False)
        self.gamma = nn.Parameter(torch.zeros(()))

    def forward(self, x, *, return_weights=False):
        """x to an output like it, and weights (B, n, n) or None.

        n = height * width pixels, row by row. Raises a ValueError for
        another number of channels.
        """
        _pictures("x", x, self.channels)

        def pixels(layer):
            return layer(x).flatten(2).transpose(1, 2)

        mixed, weights = twin.attention(
            pixels(self.w_q),
            pixels(self.w_k),
            pixels(self.w_v),
            scale=1.0,
            return_weights=return_weights,
        )  # (B, n, inner), (B, n, n)
        mixed = mixed.transpose(1, 2).unflatten(2, x.shape[2:])
        return x + self.gamma * self.out(mixed), weights


class PatchClassifier(nn.Module):
    """An image's class from its patches, by encoder layers (ViT-like).

    height, width, channels : of the images; size : side of a patch.
    n_classes : how many scores come out; d_model, n_heads, n_layers and
        d_hidden as in `layers.EncoderLayer`.

    Patches are projected, learned positions are added, and the vectors that
    the encoder gives are normalised and averaged. Dosovitskiy et al. 2021,
    section 3.1, but for the average, which stands in for a class token.

    >>> model = PatchClassifier(8, 8, 1, size=2, n_classes=10)
    >>> model(torch.zeros(3, 8, 8, 1))[0].shape
    torch.Size([3, 10])
    """

    def __init__(
        self,
        height,
        width,
        channels,
        *,
        size,
        n_classes,
        d_model=32,
        n_heads=4,
        n_layers=2,
        d_hidden=None,
    ):
        super().__init__()
        n_layers = demand.integer("n_layers", n_layers)
        n_classes = demand.integer("n_classes", n_classes)
        self.image = tuple(
            demand.integer(name, value)
            for name, value in (
                ("height", height),
                ("width", width),
                ("channels", channels),
            )
        )
        self.size = images._fits(height, width, size)
        n = height * width // self.size**2
        self.project = nn.Linear(self.size**2 * channels, d_model)
        self.positions = nn.Parameter(0.02 * torch.randn(n, d_model))
        self.layers = nn.ModuleList(
            EncoderLayer(d_model, n_heads, d_hidden) for _ in range(n_layers)
        )
        self.norm = nn.LayerNorm(d_model)
        self.classify = nn.Linear(d_model, n_classes)

    def forward(self, x, *, return_weights=False):
        """Images (B, height, width, channels) to scores (B, n_classes).

        The second value is a list with the weights (B, H, n, n) of every
        layer, or None. Raises a ValueError for images of another size.
        """
        if tuple(x.shape[1:]) != self.image:
            raise ValueError(
                f"images must be (B, {', '.join(map(str, self.image))}): got "
                f"{tuple(x.shape)}; resize them, or build the model for them"
            )
        x = self.project(patches(x, self.size))  # (B, n, d_model)
        x = x + self.positions  # (B, n, d_model)
        looks = []
        for layer in self.layers:
            x, weights = layer(x, return_weights=return_weights)
            looks.append(weights)
        scores = self.classify(self.norm(x).mean(dim=1))  # (B, n_classes)
        return scores, (looks if return_weights else None)


def patches(x, size):
    """Cut images into patches, as `images.to_patches`, in torch.

    x (..., height, width, channels) to (..., n, size * size * channels).

    >>> patches(torch.arange(8.0).reshape(2, 4, 1), 2).tolist()
    [[0.0, 1.0, 4.0, 5.0], [2.0, 3.0, 6.0, 7.0]]
    """
    tensor("x", x)
    if x.ndim < 3:
        raise ValueError(
            "images must be (..., height, width, channels): got "
            f"{tuple(x.shape)}; for a grey image write x[..., None]"
        )
    height, width = x.shape[-3:-1]
    images._fits(height, width, size)
    x = x.unflatten(-2, (-1, size)).unflatten(-4, (-1, size))
    x = x.transpose(-4, -3)  # (..., rows, columns, size, size, channels)
    return x.flatten(-5, -4).flatten(-3)  # (..., n, size * size * channels)


def _pictures(name, x, channels):
    """Demand a floating tensor (B, channels, height, width)."""
    tensor(name, x)
    if x.ndim != 4 or x.shape[1] != channels:
        raise ValueError(
            f"{name} must be (B, {channels}, height, width): got "
            f"{tuple(x.shape)}; put the channels second, or build the layer "
            "for as many"
        )
    shapes.vectors(name, tuple(x.shape))
