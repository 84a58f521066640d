"""Can one head copy two vectors whole? Chapter 06.

    python data/studies/copy_two.py

Seven random vectors stand in a ring, each five numbers wide. At every place
the vectors to the left and to the right are to be copied, by attention and a
linear read-out. The weights come from the places alone, or from places and
vectors. Writes results/copy_two.json: mean squared error per number (the
variance is 1), for one and two heads and five seeds.
"""

from __future__ import annotations

import torch
from recording import conditions, save
from torch import nn

from selfattn import attention

SEEDS = range(5)
L, D = 7, 5  # places, width of a vector
STEPS, BATCH, RATE = 1500, 64, 1e-2


class Copier(nn.Module):
    """Heads with 2 D columns of values in all, and a linear read-out."""

    def __init__(self, n_heads, sees_vectors):
        super().__init__()
        self.n_heads, self.sees_vectors = n_heads, sees_vectors
        width = L + D if sees_vectors else L
        self.w_q = nn.Linear(width, 4 * L, bias=False)
        self.w_k = nn.Linear(width, 4 * L, bias=False)
        self.w_v = nn.Linear(D, 2 * D, bias=False)
        self.w_o = nn.Linear(2 * D, 2 * D)

    def forward(self, x):
        """(B, L, D) to (B, L, 2 D)."""
        at = torch.eye(L).expand(len(x), L, L)  # (B, L, L), one-hot places
        if self.sees_vectors:
            at = torch.cat([at, x], dim=-1)  # (B, L, L + D)
        q, k, v = (
            attention.split_heads(t, self.n_heads)
            for t in (self.w_q(at), self.w_k(at), self.w_v(x))
        )  # (B, H, L, d)
        out, _ = attention.attention(q, k, v)  # (B, H, L, d_v)
        return self.w_o(attention.merge_heads(out))


def error(model, x):
    """Mean squared error per number."""
    target = torch.cat([x.roll(1, 1), x.roll(-1, 1)], dim=-1)  # (B, L, 2 D)
    return (model(x) - target).square().mean()


def run(seed, n_heads, sees_vectors):
    """Train on fresh vectors at every step; judge on 4000 sets."""
    torch.manual_seed(seed)
    model = Copier(n_heads, sees_vectors)
    adam = torch.optim.Adam(model.parameters())
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, STEPS)
    for _ in range(STEPS):
        loss = error(model, torch.randn(BATCH, L, D))
        adam.zero_grad()
        loss.backward()
        adam.step()
        cycle.step()
    with torch.no_grad():
        return round(float(error(model, torch.randn(4000, L, D))), 5)


def main():
    torch.set_num_threads(1)
    runs = {}
    for see, name in ((False, "places"), (True, "places_and_vectors")):
        for n_heads in (1, 2):
            runs[f"{name}_{n_heads}"] = [run(s, n_heads, see) for s in SEEDS]
            print(name, n_heads, runs[f"{name}_{n_heads}"], flush=True)
    stored = {
        **conditions(__file__),
        "settings": {
            "places": L,
            "width": D,
            "steps": STEPS,
            "batch": BATCH,
            "rate": RATE,
            "seeds": list(SEEDS),
        },
        "errors": runs,
    }
    save("copy_two", stored)


if __name__ == "__main__":
    main()
