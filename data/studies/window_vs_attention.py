"""Which tagger finds a cue how far away? Chapter 03.

    python data/studies/window_vs_attention.py              # all, 5 seeds
    python data/studies/window_vs_attention.py window_4 0   # one run, shown
    python data/studies/window_vs_attention.py weights      # tagger.npz

Windows of growing radius and self-attention learn the tagged corpus. Writes
results/window_vs_attention.json: per model and seed the accuracy on
ambiguous words, split by the distance of the cue. Runs that the file holds
already are not repeated. `weights` keeps what attention with rotary positions
learned from seed 0, for the chapter to load.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy, pad

from selfattn import data
from selfattn.layers import EncoderLayer, LearnedPositions
from selfattn.text import Vocabulary

SEEDS = range(5)
REACH, WIDTH, HIDDEN, BATCH, RATE = 20, 32, 64, 64, 5e-3
UNKNOWN_SHARE = 0.01  # of training words shown as unknown
WINDOWS = (0, 1, 2, 4, 8, 20)
RESULT = Path(__file__).parents[1] / "results" / "window_vs_attention.json"

CORPUS = data.load("tagged")
VOCABULARY = Vocabulary([r["words"].split() for r in CORPUS["train"]])
EMPTY = len(VOCABULARY)  # the number of "no word here"
TAGS = sorted({t for r in CORPUS["train"] for t in r["tags"].split()})
LONGEST = max(len(r["words"].split()) for s in CORPUS.values() for r in s)


def arrays(records):
    """Words, tags and cue distances, each (n, LONGEST), padded."""
    words = torch.full((len(records), LONGEST), EMPTY)
    tags = torch.full((len(records), LONGEST), -1)
    cues = torch.zeros((len(records), LONGEST), dtype=torch.int64)
    for i, r in enumerate(records):
        ids = VOCABULARY.encode(r["words"].split())
        words[i, : len(ids)] = torch.from_numpy(ids)
        labels = [TAGS.index(t) for t in r["tags"].split()]
        tags[i, : len(ids)] = torch.tensor(labels)
        for at, distance in r["ambiguous"]:
            cues[i, at] = distance
    return words, tags, cues


class Window(nn.Module):
    """A fully connected net on each word and r neighbours either side."""

    def __init__(self, radius):
        super().__init__()
        self.radius = radius
        self.table = nn.Embedding(EMPTY + 1, WIDTH)
        self.net = nn.Sequential(
            nn.Linear((2 * radius + 1) * WIDTH, HIDDEN),
            nn.ReLU(),
            nn.Linear(HIDDEN, len(TAGS)),
        )

    def forward(self, words):
        """(B, L) word numbers to (B, L, tags)."""
        r = self.radius
        x = self.table(pad(words, (r, r), value=EMPTY))  # (B, L+2r, d)
        x = x.unfold(1, 2 * r + 1, 1).flatten(2)  # (B, L, (2r+1) d)
        return self.net(x)


class Attention(nn.Module):
    """Self-attention and a net per vector, alternated twice."""

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
        self.out = nn.Linear(WIDTH, len(TAGS))

    def forward(self, words):
        """(B, L) word numbers to (B, L, tags)."""
        mask = (words != EMPTY)[:, None, :]  # (B, 1, L)
        x = self.table(words)  # (B, L, d)
        if self.positions is not None:
            x = self.positions(x)
        for layer in self.layers:
            x, _ = layer(x, mask=mask)
        return self.out(x)


# name -> (how it is built, epochs)
MODELS = {
    f"window_{r}": (lambda r=r: Window(r), 10) for r in WINDOWS
} | {
    "window_whole": (lambda: Window(LONGEST - 1), 10),
    "attention_none": (lambda: Attention("none"), 15),
    "attention_rotary": (lambda: Attention("rotary"), 15),
    "attention_learned": (lambda: Attention("learned"), 30),
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


def train(model, epochs, seed):
    """Cross-entropy over all words, with Adam and one cycle of its rate."""
    words, tags, _ = SPLITS["train"]
    lengths = (words != EMPTY).sum(dim=1)  # (n,)
    generator = torch.Generator().manual_seed(seed)
    adam = torch.optim.Adam(model.parameters(), lr=RATE)
    steps = epochs * -(-len(words) // BATCH)
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, steps)
    for _ in range(epochs):
        for rows in batches(lengths, generator):
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
def judge(model, split):
    """Accuracy on ambiguous words, in all and by |distance|, and on all."""
    words, tags, cues = SPLITS[split]
    said = torch.cat([model(x).argmax(dim=-1) for x in words.split(256)])
    right = (said == tags).numpy()  # (n, L)
    near = cues.abs().numpy()
    found = {
        "all_words": right[tags.numpy() >= 0].mean(),
        "ambiguous": right[near > 0].mean(),
        "twins": right[twins(words, tags, near)].mean(),
    }
    by_distance = [
        right[near == k].mean() if (near == k).any() else None
        for k in range(1, REACH + 1)
    ]
    by_side = [
        [
            right[cues.numpy() == s * k].mean()
            if (cues == s * k).any()
            else None
            for k in range(1, REACH + 1)
        ]
        for s in (-1, 1)
    ]
    rounded = {k: round(float(v), 4) for k, v in found.items()}
    rounded["by_distance"] = [_round(v) for v in by_distance]
    rounded["by_side"] = [[_round(v) for v in side] for side in by_side]
    return rounded


def _round(value):
    return None if value is None else round(float(value), 4)


def twins(words, tags, near):
    """Ambiguous words that occur twice in a sentence with two readings."""
    marked = np.zeros(near.shape, dtype=bool)
    for i in range(len(words)):
        at = np.flatnonzero(near[i])
        for a in at:
            for b in at:
                if words[i, a] == words[i, b] and tags[i, a] != tags[i, b]:
                    marked[i, a] = True
    return marked


def run(name, seed):
    """Train and judge one model."""
    build, epochs = MODELS[name]
    torch.manual_seed(seed)
    start = time.time()
    model = train(build(), epochs, seed)
    return {
        "seed": seed,
        "epochs": epochs,
        "parameters": sum(p.numel() for p in model.parameters()),
        "seconds": round(time.time() - start),
        **{split: judge(model, split) for split in JUDGED},
    }


def save_weights():
    """Write results/tagger.npz: the parameters by name, as float32."""
    build, epochs = MODELS["attention_rotary"]
    torch.manual_seed(0)
    model = train(build(), epochs, 0)
    arrays = {k: v.detach().numpy() for k, v in model.named_parameters()}
    np.savez_compressed(RESULT.parent / "tagger.npz", **arrays)
    print("tagger.npz:", judge(model, "test")["ambiguous"])


def main():
    torch.set_num_threads(1)
    if len(sys.argv) > 2:
        print(json.dumps(run(sys.argv[1], int(sys.argv[2])), indent=1))
        return
    if sys.argv[1:] == ["weights"]:
        save_weights()
        return
    stored = {"models": {}}
    if RESULT.exists():
        stored = json.loads(RESULT.read_text(encoding="utf-8"))
    stored |= {
        "command": "python data/studies/window_vs_attention.py",
        "hardware": "one core of a 2-core x86-64 CPU, other work beside it",
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__.split("+")[0],
            "numpy": np.__version__,
        },
        "data_sha256": data.manifest()["tagged"]["files"][0]["sha256"],
        "longest": LONGEST,
        "settings": {
            "d_model": WIDTH,
            "d_hidden": HIDDEN,
            "layers": 2,
            "n_heads": 4,
            "batch": BATCH,
            "rate": RATE,
        },
    }
    for seed in SEEDS:
        for name in MODELS:
            runs = stored["models"].setdefault(name, [])
            if any(r["seed"] == seed for r in runs):
                continue
            runs.append(run(name, seed))
            shown = {s: runs[-1][s]["ambiguous"] for s in JUDGED}
            print(name, seed, runs[-1]["seconds"], shown, flush=True)
            RESULT.parent.mkdir(exist_ok=True)
            text = json.dumps(stored, indent=1)
            RESULT.write_text(text + "\n", encoding="utf-8")


JUDGED = ("train", "test", "test_words", "test_patterns")
SPLITS = {name: arrays(records) for name, records in CORPUS.items()}

if __name__ == "__main__":
    main()
