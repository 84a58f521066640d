"""Which tagger finds a cue how far away? Chapter 03.

    python data/studies/window_vs_attention.py              # all
    python data/studies/window_vs_attention.py window_4 0   # one run, shown
    python data/studies/window_vs_attention.py weights      # tagger.npz

Windows of growing radius and self-attention learn the tagged corpus. Writes
results/window_vs_attention.json: per model and seed the accuracy on
ambiguous words, split by the distance of the cue (`models`, with 10, 15 or
30 epochs, see MODELS); the same with 30 epochs for all (`longer`), and
before training; and accuracies after training on a part of the corpus, with
as many steps for every part (`parts`). Runs that the file holds already are
not repeated. `weights` keeps what attention with rotary positions learned
from seed 0, for the chapter to load.
"""

from __future__ import annotations

import json
import sys
import time
from functools import cache
from itertools import islice

import numpy as np
import torch
from recording import RESULTS, conditions, load, one_thread, save
from tagged_arrays import Tagged
from torch import nn
from torch.nn.functional import cross_entropy, pad

from selfattn.layers import EncoderLayer, LearnedPositions

SEEDS, FEW_SEEDS = range(5), range(3)
REACH, WIDTH, HIDDEN, BATCH, RATE = 20, 32, 64, 64, 5e-3
UNKNOWN_SHARE = 0.01  # of training words shown as unknown
FEW_EPOCHS, EPOCHS = 10, 30
WIDEST = ("window_20", "window_whole", "attention_rotary")
SHARES = (1 / 4, 1 / 16, 1 / 2, 1 / 8)  # of the corpus
NAME = "window_vs_attention"

TAGGED = Tagged()
EMPTY, LONGEST, N_TAGS = TAGGED.empty, TAGGED.longest, len(TAGGED.tags)
SPLITS = TAGGED.splits
JUDGED = ("train", "test", "test_words", "test_patterns")


class Window(nn.Module):
    """A fully connected net on each word and r neighbours either side."""

    def __init__(self, radius):
        super().__init__()
        self.radius = radius
        self.table = nn.Embedding(EMPTY + 1, WIDTH)
        self.net = nn.Sequential(
            nn.Linear((2 * radius + 1) * WIDTH, HIDDEN),
            nn.ReLU(),
            nn.Linear(HIDDEN, N_TAGS),
        )

    def forward(self, words):
        """(B, L) word numbers to (B, L, tags)."""
        r = self.radius
        x = self.table(pad(words, (r, r), value=EMPTY))  # (B, L+2r, d)
        x = x.unfold(1, 2 * r + 1, 1).flatten(2)  # (B, L, (2r+1) d)
        return self.net(x)


class Attention(nn.Module):
    """Two encoder layers, each normalising first and adding twice."""

    def __init__(self, positions):
        super().__init__()
        self.table = nn.Embedding(EMPTY + 1, WIDTH)
        self.positions = None
        if positions == "learned":
            self.positions = LearnedPositions(LONGEST, WIDTH)
            nn.init.normal_(self.positions.table, std=0.5)
        self.layers = nn.ModuleList(
            EncoderLayer(WIDTH, 4, HIDDEN, rotary=positions == "rotary")
            for _ in range(2)
        )
        self.out = nn.Linear(WIDTH, N_TAGS)

    def forward(self, words):
        """(B, L) word numbers to (B, L, tags)."""
        mask = (words != EMPTY)[:, None, :]  # (B, 1, L)
        x = self.table(words)  # (B, L, d)
        if self.positions is not None:
            x = self.positions(x)
        for layer in self.layers:
            x, _ = layer(x, mask=mask)
        return self.out(x)


def build(name, seed):
    """One net of the study, as it is before training."""
    torch.manual_seed(seed)
    kind, what = name.split("_")
    if kind == "attention":
        return Attention(what)
    return Window(LONGEST - 1 if what == "whole" else int(what))


MODELS = {  # and the epochs of `models`
    **{f"window_{r}": FEW_EPOCHS for r in (0, 1, 2, 4, 8, 20, "whole")},
    "attention_none": 15,
    "attention_rotary": 15,
    "attention_learned": EPOCHS,
}


def batches(lengths, generator):
    """Sentences of about equal length together, in random order."""
    order = torch.randperm(len(lengths), generator=generator)
    order = torch.cat(
        [c[lengths[c].argsort()] for c in order.split(20 * BATCH)]
    )
    parts = order.split(BATCH)
    for i in torch.randperm(len(parts), generator=generator).tolist():
        yield parts[i]


def endless(lengths, generator):
    while True:
        yield from batches(lengths, generator)


def steps_of(epochs):
    """How many batches so many rounds through the whole corpus are."""
    return epochs * -(-len(SPLITS["train"][0]) // BATCH)


def train(model, seed, steps, split=None):
    """Cross-entropy over all words, with Adam and one cycle of its rate."""
    words, tags, _ = split or SPLITS["train"]
    lengths = (words != EMPTY).sum(dim=1)  # (n,)
    generator = torch.Generator().manual_seed(seed)
    adam = torch.optim.Adam(model.parameters(), lr=RATE, fused=True)
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, steps)
    for rows in islice(endless(lengths, generator), steps):
        n = int(lengths[rows].max())
        x, y = words[rows, :n], tags[rows, :n]  # (B, L)
        hidden = torch.rand(x.shape, generator=generator) < UNKNOWN_SHARE
        x = x.masked_fill(hidden & (x != EMPTY), 0)
        logits = model(x).flatten(0, 1)  # (B L, tags)
        loss = cross_entropy(logits, y.flatten(), ignore_index=-1)
        adam.zero_grad()
        loss.backward()
        adam.step()
        cycle.step()
    return model


@torch.no_grad()
def right_answers(model, words, tags):
    """Whether each word has its tag, (n, L)."""
    said = torch.cat([model(x).argmax(dim=-1) for x in words.split(256)])
    return (said == tags).numpy()


def judge(model, split):
    """Accuracy on ambiguous words, in all and by |distance|, and on all."""
    words, tags, cues = SPLITS[split]
    right, cues = right_answers(model, words, tags), cues.numpy()
    by_side = [
        [_share(right[cues == s * k]) for k in range(1, REACH + 1)]
        for s in (-1, 1)
    ]
    return {
        "all_words": _share(right[tags.numpy() >= 0]),
        "ambiguous": _share(right[cues != 0]),
        "twins": _share(right[twins(split)]),
        "by_distance": [
            _share(right[abs(cues) == k]) for k in range(1, REACH + 1)
        ],
        "by_side": by_side,
    }


def _share(right):
    return round(float(right.mean()), 4) if right.size else None


@cache
def twins(split):
    """Ambiguous words that occur twice in a sentence with two readings."""
    words, tags, cues = (a.numpy() for a in SPLITS[split])
    equal = words[:, :, None] == words[:, None, :]  # (n, L, L)
    equal &= tags[:, :, None] != tags[:, None, :]
    equal &= (cues != 0)[:, :, None] & (cues != 0)[:, None, :]
    return equal.any(axis=2)  # (n, L)


def ambiguous(model, *splits):
    """Accuracy on the ambiguous words of each split."""
    return [
        _share(right_answers(model, words, tags)[cues.numpy() != 0])
        for words, tags, cues in splits
    ]


def run(name, seed, epochs):
    """Train and judge one model."""
    model, start = build(name, seed), time.process_time()
    found = {
        "seed": seed,
        "epochs": epochs,
        "parameters": sum(p.numel() for p in model.parameters()),
        "untrained": ambiguous(model, SPLITS["test"])[0],
    }
    train(model, seed, steps_of(epochs))
    found["cpu_seconds"] = round(time.process_time() - start)
    return found | {split: judge(model, split) for split in JUDGED}


def save_weights():
    """Write results/tagger.npz: the parameters by name, as float32."""
    name = "attention_rotary"
    model = train(build(name, 0), 0, steps_of(MODELS[name]))
    kept = {k: v.detach().numpy() for k, v in model.named_parameters()}
    np.savez_compressed(RESULTS / "tagger.npz", **kept)
    print("tagger.npz:", judge(model, "test")["ambiguous"])


def part_of_corpus(name, seed, share):
    """Training on a share of the groups; its other words become unknown."""
    generator = torch.Generator().manual_seed(seed)
    group = torch.tensor([r["group"] for r in TAGGED.records["train"]])
    groups = group.unique()
    order = torch.randperm(len(groups), generator=generator)
    chosen = groups[order[: round(share * len(groups))]]
    part = [a[torch.isin(group, chosen)] for a in SPLITS["train"]]
    met = torch.isin(SPLITS["test"][0], part[0].unique())
    words, tags, cues = SPLITS["test"]
    new = words.masked_fill(~met & (words != EMPTY), 0), tags, cues
    model = train(build(name, seed), seed, steps_of(FEW_EPOCHS), part)
    seen, new = ambiguous(model, part, new)
    sizes = {"share": share, "sentences": len(part[0])}
    return {"seed": seed, **sizes, "train": seen, "test": new}


def plan():
    """(where it is stored, name, seed, further settings, function)."""
    for seed in SEEDS:
        for name, epochs in MODELS.items():
            yield "models", name, seed, {"epochs": epochs}, run
    *windows, attention = WIDEST
    for seed in SEEDS:
        yield "longer", attention, seed, {"epochs": EPOCHS}, run
        for share in SHARES if seed in FEW_SEEDS else ():
            for name in WIDEST:
                extra = {"share": share}
                yield "parts", name, seed, extra, part_of_corpus
        for name in windows:
            yield "longer", name, seed, {"epochs": EPOCHS}, run


def main():
    one_thread()
    if len(sys.argv) > 2:
        name, seed = sys.argv[1], int(sys.argv[2])
        print(json.dumps(run(name, seed, MODELS[name]), indent=1))
        return
    if sys.argv[1:] == ["weights"]:
        save_weights()
        return
    stored = load(NAME) | conditions(__file__)
    stored |= {
        "data_sha256": TAGGED.sha256,
        "longest": LONGEST,
        "settings": {
            "d_model": WIDTH,
            "d_hidden": HIDDEN,
            "layers": 2,
            "n_heads": 4,
            "batch": BATCH,
            "rate": RATE,
            "steps_per_epoch": steps_of(1),
            "steps_on_parts": steps_of(FEW_EPOCHS),
        },
    }
    for where, name, seed, extra, function in plan():
        runs = stored.setdefault(where, {}).setdefault(name, [])
        key = {"seed": seed, **extra}
        if any(key.items() <= r.items() for r in runs):
            continue
        runs.append(function(name, seed, *extra.values()))
        print(where, name, key, _shown(runs[-1]), flush=True)
        save(NAME, stored)


def _shown(found):
    """Accuracy on the ambiguous words of training and test."""
    both = found["train"], found["test"]
    return [b["ambiguous"] if isinstance(b, dict) else b for b in both]


if __name__ == "__main__":
    main()
