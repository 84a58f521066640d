"""Which positions hold beyond the training length? Chapter 07.

    python data/studies/extrapolation.py            # all kinds, 5 seeds
    python data/studies/extrapolation.py rotary 0   # one run, shown

Every position must name the letter three places to its left, in sequences
of random letters. Training sees up to 24 letters, the test up to 96. Writes
results/extrapolation.json: per kind and seed the accuracy at the last eight
places of sequences of each length, and where the wrong letters at the
longest come from. Runs that the file holds already are not repeated.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from selfattn import positions
from selfattn.layers import EncoderLayer, LearnedPositions

SEEDS = range(5)
LETTERS, OFFSET, LAST = 8, 3, 8
SHORTEST, LONGEST = 12, 24  # in training
LENGTHS = (12, 16, 20, 24, 28, 32, 40, 48, 64, 96)  # in the test
WIDTH, HEADS, HIDDEN, LAYERS = 32, 4, 64, 2
STEPS, BATCH, RATE, N_TEST = 1000, 32, 3e-3, 500
KINDS = (
    "none",
    "sinusoidal",
    "learned",
    "rotary",
    "linear_bias",
    "linear_bias_symmetric",
    "causal_mask_alone",
)
RESULT = Path(__file__).parents[1] / "results" / "extrapolation.json"


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
            EncoderLayer(WIDTH, HEADS, HIDDEN, rotary=kind == "rotary")
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
    adam = torch.optim.Adam(model.parameters(), lr=RATE)
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


def run(kind, seed):
    """Train and judge one model."""
    start = time.process_time()
    model = train(kind, seed)
    return {
        "seed": seed,
        "accuracy": judge(model),
        "mistakes": mistakes(model),
        "cpu_seconds": round(time.process_time() - start),
    }


def main():
    torch.set_num_threads(1)
    if len(sys.argv) > 2:
        print(run(sys.argv[1], int(sys.argv[2])))
        return
    stored = {"kinds": {}}
    if RESULT.exists():
        stored = json.loads(RESULT.read_text(encoding="utf-8"))
    stored |= {
        "command": "python data/studies/extrapolation.py",
        "hardware": "one core of a 2-core x86-64 CPU, other work beside it",
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__.split("+")[0],
        },
        "settings": {
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
        },
        "lengths": list(LENGTHS),
    }
    for seed in SEEDS:
        for kind in KINDS:
            runs = stored["kinds"].setdefault(kind, [])
            if any(r["seed"] == seed for r in runs):
                continue
            runs.append(run(kind, seed))
            print(kind, runs[-1], flush=True)
            RESULT.parent.mkdir(exist_ok=True)
            text = json.dumps(stored, indent=1)
            RESULT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
