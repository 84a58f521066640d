"""What does a trained layer gain by a second head? Chapter 06.

    python data/studies/two_things.py                     # all, 5 seeds
    python data/studies/two_things.py difference 2 0      # one run, shown

Vectors, or letters, stand in a ring. Each place has to tell something about
its left and its right neighbour at once: their sum, their difference, both
of them, or which pair of letters they are. A whole encoder layer learns it
(normalisation, heads, output projection, addition, net, addition), with 1, 2
or 4 heads and as many parameters each time. Writes results/two_things.json:
per task, heads and seed the mean squared error as a share of the target's
variance, or the share of wrong pairs. Runs that the file holds already are
not repeated.
"""

from __future__ import annotations

import sys
import time

import torch
from recording import conditions, load, one_thread, save
from torch import nn
from torch.nn.functional import cross_entropy

from selfattn.layers import EncoderLayer, LearnedPositions

SEEDS = range(5)
L, D, LETTERS = 7, 4, 4  # places, width of a vector, letters
WIDTH, HIDDEN = 16, 32
STEPS, BATCH, RATE, N_TEST = 1200, 64, 1e-2, 4000
LONGER = 4800  # steps of one seed, to see whether more would help
TASKS = {  # and with how many heads
    "sum": (1, 2),
    "difference": (1, 2, 4),
    "both": (1, 2, 4),
    "letters": (1, 2),
}
NAME = "two_things"


def draw(task, size):
    """Inputs and targets: (size, L, D) vectors, or (size, L) letters."""
    if task == "letters":
        x = torch.randint(LETTERS, (size, L))
        return x, x.roll(1, 1) * LETTERS + x.roll(-1, 1)  # number of the pair
    x = torch.randn(size, L, D)
    left, right = x.roll(1, 1), x.roll(-1, 1)  # (size, L, D)
    if task == "both":
        return x, torch.cat([left, right], dim=-1)  # (size, L, 2 D)
    return x, (left + right if task == "sum" else left - right) / 2**0.5


class Neighbours(nn.Module):
    """Vectors or letters, learned places, one encoder layer, a read-out."""

    def __init__(self, task, n_heads):
        super().__init__()
        letters = task == "letters"
        self.enter = (
            nn.Embedding(LETTERS, WIDTH) if letters else nn.Linear(D, WIDTH)
        )
        self.places = LearnedPositions(L, WIDTH)
        nn.init.normal_(self.places.table)
        self.layer = EncoderLayer(WIDTH, n_heads, HIDDEN)
        outputs = {"letters": LETTERS**2, "both": 2 * D}.get(task, D)
        self.out = nn.Linear(WIDTH, outputs)

    def forward(self, x, return_weights=False):
        x = self.places(self.enter(x))  # (B, L, d)
        x, weights = self.layer(x, return_weights=return_weights)
        return (self.out(x), weights) if return_weights else self.out(x)


def train(task, n_heads, seed, steps=STEPS):
    """Adam with one cycle of its rate; fresh inputs at every step."""
    torch.manual_seed(seed)
    model = Neighbours(task, n_heads)
    adam = torch.optim.Adam(model.parameters(), fused=True)
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, steps)
    for _ in range(steps):
        x, y = draw(task, BATCH)
        said = model(x)
        if task == "letters":
            loss = cross_entropy(said.flatten(0, 1), y.flatten())
        else:
            loss = (said - y).square().mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        cycle.step()
    return model


@torch.no_grad()
def judge(task, model):
    """The error on new inputs, and where each head looks.

    `looks` has a row for each head: the mean weight on the left neighbour,
    the place itself and the right neighbour.
    """
    torch.manual_seed(1000)
    x, y = draw(task, N_TEST)
    said, weights = model(x, return_weights=True)  # weights (N, H, L, L)
    if task == "letters":
        error = (said.argmax(dim=-1) != y).float().mean()
    else:
        error = (said - y).square().mean()
    looks = [
        torch.stack(
            [weights[..., i, (i + step) % L].mean(0) for i in range(L)]
        ).mean(0)  # (H,)
        for step in (-1, 0, 1)
    ]
    looks = torch.stack(looks, dim=-1)  # (H, 3)
    return {
        "error": round(error.item(), 5),
        "looks": [[round(v, 3) for v in row] for row in looks.tolist()],
    }


def run(task, n_heads, seed, steps=STEPS):
    start = time.process_time()
    model = train(task, n_heads, seed, steps)
    return {
        "seed": seed,
        "steps": steps,
        "parameters": sum(p.numel() for p in model.parameters()),
        **judge(task, model),
        "cpu_seconds": round(time.process_time() - start),
    }


def main():
    one_thread()
    if len(sys.argv) > 3:
        task, *numbers = sys.argv[1:]
        print(run(task, *map(int, numbers)))
        return
    stored = load(NAME) | conditions(__file__)
    stored |= {
        "settings": {
            "places": L,
            "width": D,
            "letters": LETTERS,
            "d_model": WIDTH,
            "d_hidden": HIDDEN,
            "batch": BATCH,
            "rate": RATE,
            "n_test": N_TEST,
        },
    }
    plan = [(s, t, h) for s in SEEDS for t, hs in TASKS.items() for h in hs]
    plan = [(STEPS, *p) for p in plan]
    plan += [(LONGER, SEEDS[0], t, 1) for t in ("difference", "both")]
    for steps, seed, task, n_heads in plan:
        tasks = stored.setdefault("runs", {}).setdefault(task, {})
        runs = tasks.setdefault(str(n_heads), [])
        if any((r["seed"], r["steps"]) == (seed, steps) for r in runs):
            continue
        runs.append(run(task, n_heads, seed, steps))
        print(task, n_heads, runs[-1], flush=True)
        save(NAME, stored)


if __name__ == "__main__":
    main()
