"""What the studies of chapter 08 share: batches, two kinds of nets, training.

All nets see the same utterances in the same order: whole ones, four at a
time, each band of each utterance brought to mean 0 and variance 1.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy, pad

from selfattn import masks, phonemes
from selfattn.layers import EncoderLayer

BANDS, CLASSES = 40, 44
WIDTH, HEADS, LAYERS, HIDDEN = 64, 4, 2, 128
STEPS, BATCH, RATE = 500, 4, 3e-3


def standard(x):
    """(L, bands): each band with mean 0 and variance 1 over the utterance."""
    return ((x - x.mean(axis=0)) / (x.std(axis=0) + 1e-3)).astype(np.float32)


def batch(utterances):
    """x (B, L, bands) filled with 0, y (B, L) with -1, lengths (B,)."""
    lengths = [len(u.x) for u in utterances]
    longest = max(lengths)
    x = torch.zeros(len(lengths), longest, BANDS)
    y = torch.full((len(lengths), longest), -1)
    for b, u in enumerate(utterances):
        x[b, : lengths[b]] = torch.from_numpy(standard(u.x))
        y[b, : lengths[b]] = torch.from_numpy(u.y)
    return x, y, lengths


class Attending(nn.Module):
    """Encoder layers with rotary positions; radius None: no window."""

    def __init__(self, radius=None):
        super().__init__()
        self.radius = radius
        self.enter = nn.Linear(BANDS, WIDTH)
        self.layers = nn.ModuleList(
            EncoderLayer(WIDTH, HEADS, HIDDEN, rotary=True)
            for _ in range(LAYERS)
        )
        self.norm = nn.LayerNorm(WIDTH)
        self.out = nn.Linear(WIDTH, CLASSES)

    def forward(self, x, lengths):
        n = x.shape[1]
        mask = masks.padding(lengths, n)  # (B, 1, L)
        if self.radius is not None:
            mask = mask & masks.window(n, self.radius)  # (B, L, L)
        mask = torch.from_numpy(mask | np.eye(n, dtype=bool))  # (B, L, L)
        x = self.enter(x)  # (B, L, d)
        for layer in self.layers:
            x, _ = layer(x, mask=mask)  # (B, L, d)
        return self.out(self.norm(x))  # (B, L, classes)


class Spliced(nn.Module):
    """A net for each frame, on 2 radius + 1 frames side by side."""

    def __init__(self, radius):
        super().__init__()
        self.radius = radius
        self.net = nn.Sequential(
            nn.Linear(BANDS * (2 * radius + 1), HIDDEN),
            nn.ReLU(),
            nn.Linear(HIDDEN, HIDDEN),
            nn.ReLU(),
            nn.Linear(HIDDEN, CLASSES),
        )

    def forward(self, x, lengths):
        r = self.radius
        x = pad(x.transpose(1, 2), (r, r), mode="replicate")  # (B, bands, ..)
        x = x.unfold(2, 2 * r + 1, 1)  # (B, bands, L, 2 r + 1)
        return self.net(x.transpose(1, 2).flatten(2))  # (B, L, classes)


def train(net, seed, steps=STEPS):
    """Adam with one cycle of its rate, on batches that the seed draws."""
    spoken, _ = phonemes.voices("train")
    rng = np.random.default_rng(seed)
    adam = torch.optim.AdamW(net.parameters(), weight_decay=0.01, fused=True)
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, steps)
    order = []
    for _ in range(steps):
        if len(order) < BATCH:
            order = rng.permutation(len(spoken)).tolist()
        x, y, lengths = batch([spoken[order.pop()] for _ in range(BATCH)])
        loss = cross_entropy(
            net(x, lengths).flatten(0, 1), y.flatten(), ignore_index=-1
        )
        adam.zero_grad()
        loss.backward()
        adam.step()
        cycle.step()
    return net


@torch.no_grad()
def accuracy(net, part):
    """The share of right frames, in all utterances of a part."""
    x, y, lengths = batch(phonemes.voices(part)[0])
    right = net(x, lengths).argmax(dim=-1) == y  # (B, L)
    return round(right[y >= 0].float().mean().item(), 4)
