"""Does a corner hear of the opposite corner? Chapter 09.

    python data/studies/far_corners.py

Pictures of 8 by 8 pixels hold noise; the first and the last pixel are +1 or
-1 in a channel of their own. The answer, read at the first pixel, is whether
both have the same sign. Nets: three convolutions of 3 by 3; the same with
gated attention in the place of the middle one; and seven convolutions, the
fewest that reach across. All add their layers on, have about as many
parameters, and get the same steps. Five seeds each. Writes
results/far_corners.json: accuracy on 2,000 pictures, the farthest pixel with
an influence on the answer, and the gate gamma while training.
"""

from __future__ import annotations

import torch
from recording import one_thread, runs_of
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from selfattn.vision import GatedAttention

NAME = "far_corners"
SIDE, SEEDS, STEPS, BATCH, RATE = 8, range(5), 1500, 64, 3e-3
KINDS = {  # width, and the layers
    "3 convolutions": (16, "ccc"),
    "convolution, attention, convolution": (20, "cac"),
    "7 convolutions": (10, "ccccccc"),
}


class Net(nn.Module):
    """Layers that are added on, and a score read at the first pixel."""

    def __init__(self, width, layers):
        super().__init__()
        self.first = nn.Conv2d(2, width, 3, padding=1)
        made = {
            "c": lambda: nn.Sequential(
                nn.ReLU(), nn.Conv2d(width, width, 3, padding=1)
            ),
            "a": lambda: GatedAttention(width, 8),
        }
        self.layers = nn.ModuleList(made[name]() for name in layers[1:])
        self.net = nn.Sequential(
            nn.Linear(width, 32), nn.ReLU(), nn.Linear(32, 1)
        )

    def forward(self, x):
        """Pictures (B, 2, side, side) to scores (B,)."""
        x = self.first(x)
        for layer in self.layers:
            if isinstance(layer, GatedAttention):
                x, _ = layer(x)
            else:
                x = x + layer(x)
        return self.net(x[:, :, 0, 0])[:, 0]


def pictures(n, draw):
    """Pictures (n, 2, side, side) and whether their corners agree (n,)."""
    x = torch.randn(n, 2, SIDE, SIDE, generator=draw)
    x[:, 1] = 0
    signs = torch.randint(0, 2, (n, 2), generator=draw).float() * 2 - 1
    x[:, 1, 0, 0], x[:, 1, -1, -1] = signs.T
    return x, (signs[:, 0] == signs[:, 1]).float()


def reach(model, draw):
    """How many pixels away a change still alters the answer."""
    x, _ = pictures(64, draw)
    x.requires_grad_()
    model(x).sum().backward()
    felt = x.grad.abs().amax(dim=(0, 1)) > 0  # (side, side)
    rows, columns = felt.nonzero(as_tuple=True)
    return int(torch.maximum(rows, columns).max())


def run(kind, seed):
    """Train one net."""
    torch.manual_seed(seed)
    model = Net(*KINDS[kind])
    draw = torch.Generator().manual_seed(1000 + seed)
    gates = [p for name, p in model.named_parameters() if "gamma" in name]
    gamma = []
    adam = torch.optim.Adam(model.parameters())
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, STEPS)
    for step in range(STEPS):
        if gates and step % 50 == 0:
            gamma.append(round(gates[0].item(), 4))
        x, same = pictures(BATCH, draw)
        loss = binary_cross_entropy_with_logits(model(x), same)
        adam.zero_grad()
        loss.backward()
        adam.step()
        cycle.step()
    x, same = pictures(2000, torch.Generator().manual_seed(99))
    with torch.no_grad():
        right = ((model(x) > 0) == (same > 0.5)).float().mean()
    return {
        "kind": kind,
        "seed": seed,
        "parameters": sum(p.numel() for p in model.parameters()),
        "accuracy": round(right.item(), 4),
        "reach": reach(model, torch.Generator().manual_seed(98)),
        "gamma": gamma + [round(g.item(), 4) for g in gates],
    }


def main():
    one_thread()
    settings = {
        "side": SIDE,
        "steps": STEPS,
        "batch": BATCH,
        "rate": RATE,
        "chance": 0.5,
        "gamma_every": 50,
    }
    runs_of(NAME, __file__, settings, KINDS, SEEDS, run)


if __name__ == "__main__":
    main()
