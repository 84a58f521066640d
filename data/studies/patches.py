"""Patches with attention against an MLP on real digits. Chapter 09.

    python data/studies/patches.py

Both get the same 1,200 digits, steps and batches, and have about as many
parameters; 597 other digits judge them. The patch model is also trained
without its positions. Five seeds draw the split, the weights and the batches.
Writes results/patches.json.
"""

from __future__ import annotations

import numpy as np
import torch
from recording import one_thread, runs_of
from torch import nn
from torch.nn.functional import cross_entropy

from selfattn import data
from selfattn.vision import PatchClassifier

NAME = "patches"
SEEDS, STEPS, BATCH, RATE, N_TRAIN = range(5), 600, 64, 5e-3, 1200
KINDS = ("patches", "mlp", "patches, no positions")


class Mlp(nn.Module):
    """All 64 pixels in one vector, two hidden layers."""

    def __init__(self, hidden=76):
        super().__init__()
        self.net = nn.Sequential(
            nn.Flatten(),
            nn.Linear(64, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, 10),
        )

    def forward(self, x):
        """Images (B, 8, 8, 1) to scores (B, 10)."""
        return self.net(x), None


def built(kind):
    """A new model of one kind."""
    if kind == "mlp":
        return Mlp()
    model = PatchClassifier(
        8, 8, 1, size=2, n_classes=10, d_model=24, n_heads=4, d_hidden=60
    )
    if "no positions" in kind:
        model.positions.data.zero_()
        model.positions.requires_grad_(False)
    return model


def digits(seed):
    """Images (n, 8, 8, 1) in [0, 1] and labels (n,), train and test."""
    stored = data.load("digits")
    x = torch.from_numpy(stored["images"]).float()[..., None] / 16
    y = torch.from_numpy(stored["labels"]).long()
    rows = torch.from_numpy(np.random.default_rng(seed).permutation(len(x)))
    train, test = rows[:N_TRAIN], rows[N_TRAIN:]
    return (x[train], y[train]), (x[test], y[test])


def run(kind, seed):
    """Train one model; the share of test digits that it gets right."""
    torch.manual_seed(seed)
    model = built(kind)
    (x, y), (x_test, y_test) = digits(seed)
    learned = [p for p in model.parameters() if p.requires_grad]
    adam = torch.optim.Adam(learned)
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, STEPS)
    for _ in range(STEPS):
        rows = torch.randint(len(x), (BATCH,))
        loss = cross_entropy(model(x[rows])[0], y[rows])
        adam.zero_grad()
        loss.backward()
        adam.step()
        cycle.step()
    with torch.no_grad():
        right = (model(x_test)[0].argmax(1) == y_test).float().mean()
    return {
        "kind": kind,
        "seed": seed,
        "parameters": sum(p.numel() for p in learned),
        "accuracy": round(right.item(), 4),
        "last_loss": round(loss.item(), 4),
    }


def main():
    one_thread()
    settings = {
        "steps": STEPS,
        "batch": BATCH,
        "rate": RATE,
        "n_train": N_TRAIN,
        "patch": 2,
        "chance": 0.1,
    }
    runs_of(NAME, __file__, settings, KINDS, SEEDS, run)


if __name__ == "__main__":
    main()
