"""Which positions hold beyond the training length? Chapter 07.

    python data/studies/extrapolation.py                 # all kinds, 5 seeds
    python data/studies/extrapolation.py rotary 0 1000   # one run, shown

Every position must name the letter three places to its left, in sequences
of random letters. Training sees up to 24 letters, the test up to 96. Writes
results/extrapolation.json: per kind and seed the accuracy at the last eight
places of sequences of each length, and where the wrong letters at the
longest come from; after 1,000 steps (`kinds`) and after more (`longer`).
Every kind has 1,000 and 4,000 steps; those that 4,000 still improved at the
training lengths have 12,000 as well. Runs that the file holds already are
not repeated.
"""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from functools import partial
from unittest.mock import patch

import torch
from recording import conditions, load, one_thread, save
from torch import nn
from torch.nn.functional import cross_entropy

from selfattn import attention, positions
from selfattn.layers import EncoderLayer, LearnedPositions

SEEDS = range(5)
LETTERS, OFFSET, LAST = 8, 3, 8
SHORTEST, LONGEST = 12, 24  # in training
LENGTHS = (12, 16, 20, 24, 28, 32, 40, 48, 64, 96)  # in the test
WIDTH, HEADS, HIDDEN, LAYERS = 32, 4, 64, 2
STEPS, BATCH, RATE, N_TEST = 1000, 32, 3e-3, 500
MORE_STEPS, MOST_STEPS = 4000, 12_000
STILL_LEARNING = ("linear_bias",)  # which 4,000 steps improved
FINER = (*LENGTHS[:-1], 66, 68, 72, 80, LENGTHS[-1])  # of the longer runs
KINDS = (
    "none",
    "sinusoidal",
    "learned",
    "rotary",
    "linear_bias",
    "linear_bias_symmetric",
    "causal_mask_alone",
)
# Rotary positions whose slower frequencies are not 0.1, 0.01, 0.001.
OTHER_BASE = "rotary_base_1000"
NAME = "extrapolation"


class Reader(nn.Module):
    """Two encoder layers that know positions in one of seven ways."""

    def __init__(self, kind):
        super().__init__()
        self.kind = kind
        self.table = nn.Embedding(LETTERS, WIDTH)
        if kind == "learned":
            self.learned = LearnedPositions(max(LENGTHS), WIDTH)
            nn.init.normal_(self.learned.table, std=0.5)
        self.layers = nn.ModuleList(
            EncoderLayer(WIDTH, HEADS, HIDDEN, rotary="rotary" in kind)
            for _ in range(LAYERS)
        )
        self.out = nn.Linear(WIDTH, LETTERS)

    def forward(self, letters):
        """(B, L) letters to (B, L, LETTERS) scores of the answer."""
        n = letters.shape[1]
        x, bias = self.table(letters), None  # (B, L, d)
        if self.kind == "sinusoidal":
            x = x + torch.from_numpy(positions.sinusoidal(n, WIDTH)).float()
        if self.kind == "learned":
            x = self.learned(x)
        if self.kind.startswith("linear_bias"):
            bias = torch.from_numpy(positions.linear_bias(HEADS, n)).float()
        causal = self.kind in ("linear_bias", "causal_mask_alone")
        for layer in self.layers:
            x, _ = layer(x, bias=bias, causal=causal)
        return self.out(x)


def draw(size, n, generator):
    """Letters (size, n) and, the answers, for place OFFSET and on."""
    letters = torch.randint(LETTERS, (size, n), generator=generator)
    return letters, letters[:, :-OFFSET]


def train(kind, seed, steps=STEPS):
    """Adam with one cycle of its rate, each batch of one random length."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    model = Reader(kind)
    adam = torch.optim.Adam(model.parameters(), lr=RATE, fused=True)
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, steps)
    for _ in range(steps):
        n = torch.randint(SHORTEST, LONGEST + 1, (), generator=generator)
        letters, answers = draw(BATCH, int(n), generator)
        scores = model(letters)[:, OFFSET:]  # (B, L - OFFSET, LETTERS)
        loss = cross_entropy(scores.flatten(0, 1), answers.flatten())
        adam.zero_grad()
        loss.backward()
        adam.step()
        cycle.step()
    return model


@torch.no_grad()
def judge(model, lengths=LENGTHS):
    """Accuracy at the last places, one number per length."""
    generator = torch.Generator().manual_seed(1000)
    found = []
    for n in lengths:
        letters, answers = draw(N_TEST, n, generator)
        said = model(letters)[:, OFFSET:].argmax(dim=-1)  # (N, L - OFFSET)
        right = (said == answers)[:, -LAST:].float().mean()
        found.append(round(right.item(), 4))
    return found


@torch.no_grad()
def mistakes(model):
    """Where the wrong letters of the longest sequences come from.

    The distance to the left whose letter the wrong answers name most often,
    and the share of them that name it; None without mistakes.
    """
    generator = torch.Generator().manual_seed(1000)
    letters, _ = draw(N_TEST, LENGTHS[-1], generator)
    at = torch.arange(LENGTHS[-1] - LAST, LENGTHS[-1])
    said = model(letters)[:, at].argmax(dim=-1)  # (N, LAST)
    wrong = said != letters[:, at - OFFSET]  # (N, LAST)
    if not wrong.any():
        return None
    shares = {
        d: (said == letters[:, at - d])[wrong].float().mean().item()
        for d in range(LENGTHS[-1] - LAST)
    }
    most = max(shares, key=shares.get)
    return [most, round(shares[most], 4)]


@torch.no_grad()
def by_place(model):
    """Accuracy at each place of the longest sequences, from OFFSET on."""
    letters, answers = draw(
        N_TEST, LENGTHS[-1], torch.Generator().manual_seed(1000)
    )
    said = model(letters)[:, OFFSET:].argmax(dim=-1)
    right = (said == answers).float().mean(dim=0)  # (L - OFFSET,)
    return [round(v, 3) for v in right.tolist()]


def base(kind):
    """While it lasts, rotary layers have the kind's base."""
    if kind != OTHER_BASE:
        return nullcontext()
    other = partial(attention.rotary, base=1000.0)
    return patch.object(attention, "rotary", other)


def run(kind, seed, steps):
    """Train and judge one model."""
    start = time.process_time()
    with base(kind):
        model = train(kind, seed, steps)
        found = {
            "seed": seed,
            "steps": steps,
            "accuracy": judge(model, FINER),
            "mistakes": mistakes(model),
        }
        if "rotary" in kind:
            found["by_place"] = by_place(model)
    return found | {"cpu_seconds": round(time.process_time() - start)}


def plan():
    """(steps, kind, seed) of the longer runs, the decisive ones first."""
    for seed in SEEDS:
        yield MORE_STEPS, "linear_bias", seed
        yield MORE_STEPS, "rotary", seed
        yield STEPS, "rotary", seed
        yield STEPS, OTHER_BASE, seed
        yield from ((MOST_STEPS, kind, seed) for kind in STILL_LEARNING)
    yield from ((MORE_STEPS, kind, seed) for seed in SEEDS for kind in KINDS)


def main():
    one_thread()
    if len(sys.argv) > 3:
        print(run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
        return
    stored = load(NAME) | conditions(__file__)
    stored["settings"] = {
        "letters": LETTERS,
        "offset": -OFFSET,
        "trained_lengths": [SHORTEST, LONGEST],
        "last_places": LAST,
        "d_model": WIDTH,
        "n_heads": HEADS,
        "d_hidden": HIDDEN,
        "layers": LAYERS,
        "steps": STEPS,
        "batch": BATCH,
        "rate": RATE,
        "n_test": N_TEST,
    }
    stored |= {"lengths": list(LENGTHS), "longer_lengths": list(FINER)}
    longer = stored.setdefault("longer", {})
    for steps, kind, seed in plan():
        runs = longer.setdefault(str(steps), {}).setdefault(kind, [])
        if any(r["seed"] == seed for r in runs):
            continue
        runs.append(run(kind, seed, steps))
        shown = {k: v for k, v in runs[-1].items() if k != "by_place"}
        print(kind, shown, flush=True)
        save(NAME, stored)


if __name__ == "__main__":
    main()
