"""Are eight narrow heads worse, or only their positions? Chapter 06.

    python data/studies/head_frequencies.py                  # all, 5 seeds
    python data/studies/head_frequencies.py learned 8 0      # one run, shown

The tagger of head_knockout.py, with rotary positions, has 16 pairs of
numbers to turn. One head turns them with 16 frequencies, eight heads of
width 4 with two each, the same two: fewer heads also know places better.
Here every head count gets the same positions: two frequencies, whatever the
width, or vectors learned for each place. Writes
results/head_frequencies.json: the accuracy on ambiguous words per kind, head
count and seed. Runs that the file holds already are not repeated.
"""

from __future__ import annotations

import sys
import time

import head_knockout as study
import torch
from recording import conditions, load, one_thread, save

from selfattn import attention
from selfattn.layers import LearnedPositions

SEEDS, FEW_SEEDS = range(5), range(3)
HEADS, EXTREMES = (1, 2, 4, 8), (8, 1)
# name -> the frequencies of every head in radians per place; None: by width
KINDS = {
    "rotary": None,  # as in head_knockout.py, which has 5 seeds of it
    "two_frequencies": (1.0, 10_000**-0.5),  # those of width 4
    "two_closer": (1.0, 30**-0.5),  # those of width 4 with base 30
    "learned": (),  # none: a learned vector is added for each place
}
LONGER = 3  # times the epochs, for the extreme head counts
NAME = "head_frequencies"


def turned(x, frequencies):
    """Rotary positions with these frequencies in turn: x (B, H, L, d)."""
    pairs = x.unflatten(-1, (-1, 2))  # (B, H, L, d / 2, 2)
    omega = torch.tensor(frequencies).repeat(pairs.shape[-2])
    angle = torch.arange(x.shape[-2])[:, None] * omega[: pairs.shape[-2]]
    cos, sin = angle.cos(), angle.sin()  # (L, d / 2)
    a, b = pairs.unbind(-1)
    both = torch.stack([a * cos - b * sin, a * sin + b * cos], dim=-1)
    return both.flatten(-2)


class Tagger(study.Tagger):
    """The tagger of head_knockout.py, with its positions exchanged."""

    def __init__(self, kind, n_heads):
        super().__init__(n_heads)
        self.frequencies = KINDS[kind]
        if kind == "learned":
            self.places = LearnedPositions(study.LONGEST, study.WIDTH)
            torch.nn.init.normal_(self.places.table, std=0.5)

    def forward(self, words):
        if self.frequencies is None:
            return super().forward(words)
        x, layer = self.table(words), self.layer  # (B, L, d)
        if not self.frequencies:
            x = self.places(x)
        parts = layer.attention.qkv(layer.norm_attention(x)).chunk(3, dim=-1)
        heads = layer.attention.n_heads
        q, k, v = (attention.split_heads(t, heads) for t in parts)
        if self.frequencies:
            q, k = (turned(t, self.frequencies) for t in (q, k))
        mask = (words != study.EMPTY)[:, None, None, :]  # (B, 1, 1, L)
        out, weights = attention.attention(
            q, k, v, mask=mask, return_weights=not self.training
        )  # (B, H, L, d_v)
        x = x + layer.attention.out(attention.merge_heads(out))
        return self.out(x + layer.net(layer.norm_net(x))), weights


def run(kind, n_heads, seed, epochs=study.EPOCHS):
    start = time.process_time()
    torch.manual_seed(seed)
    model = study.train(Tagger(kind, n_heads), epochs)
    with torch.no_grad():
        found = study.judge(model, study.TAGGED.splits["test"])
    return {
        "seed": seed,
        "epochs": epochs,
        "ambiguous": found["ambiguous"],
        "all_words": found["all_words"],
        "cpu_seconds": round(time.process_time() - start),
    }


def plan():
    """(kind, heads, seed, epochs), the decisive ones first."""
    others = [kind for kind in KINDS if kind != "rotary"]
    for seed in SEEDS:
        for some in (EXTREMES, HEADS):
            for kind in others:
                for n_heads in some:
                    yield kind, n_heads, seed, study.EPOCHS
    for seed in FEW_SEEDS:
        for kind in ("rotary", "two_closer"):
            for n_heads in EXTREMES:
                yield kind, n_heads, seed, LONGER * study.EPOCHS


def main():
    one_thread()
    if len(sys.argv) > 3:
        print(run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
        return
    stored = load(NAME) | conditions(__file__)
    stored |= {
        "data_sha256": study.TAGGED.sha256,
        "settings": study.SETTINGS,
        "frequencies": KINDS,
    }
    for kind, n_heads, seed, epochs in plan():
        kinds = stored.setdefault("runs", {}).setdefault(kind, {})
        runs = kinds.setdefault(str(n_heads), [])
        if any((r["seed"], r["epochs"]) == (seed, epochs) for r in runs):
            continue
        runs.append(run(kind, n_heads, seed, epochs))
        print(kind, n_heads, runs[-1], flush=True)
        save(NAME, stored)


if __name__ == "__main__":
    main()
