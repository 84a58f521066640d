"""What a state of fixed size forgets: recall among n pairs. Chapter 12.

    python data/studies/many_pairs.py

A sequence shows n pairs, each one token: one of 64 keys (no key twice) and one
of 16 values. The last token asks for one of the keys, and its value is wanted.
One layer of attention, one head, on vectors of 64 numbers; its queries and
keys are d_k wide. "softmax" has d_k = 16, "linear_16" and "linear_64" are
linear attention with 16 and 64 features, so their states hold 16 x 64 and
64 x 64 numbers, whatever n. All three see the same batches and take the same
steps of Adam; accuracy on 2000 fresh sequences, half-way and in the end.
Chance is 1/16. Seeds 0 to 2, kept one by one. `longer`: linear_16 with 64
pairs and seed 0 for three times the steps. Writes results/many_pairs.json.
"""

from __future__ import annotations

import time

import torch
import torch.nn.functional as F
from recording import conditions, load, one_thread, save
from torch import nn

from selfattn import attention

KEYS, VALUES, WIDTH = 64, 16, 64
BATCH, STEPS, RATE, SEEDS = 32, 2000, 0.003, range(3)
PAIRS = (4, 8, 16, 32, 64)
KINDS = {"softmax": 16, "linear_16": 16, "linear_64": 64}


class Net(nn.Module):
    """Vectors of pairs, one query, attention and a read-out."""

    def __init__(self, kind):
        super().__init__()
        self.softmax, d_k = kind == "softmax", KINDS[kind]
        self.key = nn.Embedding(KEYS, WIDTH)
        self.value = nn.Embedding(VALUES, WIDTH)
        self.w_q = nn.Linear(WIDTH, d_k, bias=False)
        self.w_k = nn.Linear(WIDTH, d_k, bias=False)
        self.w_v = nn.Linear(WIDTH, WIDTH, bias=False)
        self.read = nn.Linear(WIDTH, VALUES)

    def forward(self, keys, values, asked):
        """keys, values (B, n), asked (B,) to logits (B, VALUES)."""
        x = self.key(keys) + self.value(values)  # (B, n, WIDTH)
        q = self.w_q(self.key(asked))[:, None]  # (B, 1, d_k)
        k, v = self.w_k(x), self.w_v(x)  # (B, n, d_k), (B, n, WIDTH)
        if self.softmax:
            out, _ = attention.attention(q, k, v, return_weights=False)
        else:
            out, _ = attention.linear_attention(q, k, v, causal=False)
        return self.read(out[:, 0])


def batch(size, n, generator=None):
    """keys, values (size, n), the key that is asked and its value (size,)."""
    draws = torch.rand(size, KEYS, generator=generator)
    keys = draws.argsort(dim=-1)[:, :n]
    values = torch.randint(VALUES, (size, n), generator=generator)
    place = torch.randint(n, (size, 1), generator=generator)
    asked, wanted = keys.gather(1, place)[:, 0], values.gather(1, place)[:, 0]
    return keys, values, asked, wanted


def trained(kind, n, seed, steps=STEPS):
    """Accuracy on fresh sequences, half-way and in the end."""
    torch.manual_seed(seed)
    net = Net(kind)
    adam = torch.optim.Adam(net.parameters(), RATE)
    draw, seen = torch.Generator().manual_seed(1000 + seed), []
    for step in range(1, steps + 1):
        *given, wanted = batch(BATCH, n, draw)
        loss = F.cross_entropy(net(*given), wanted)
        adam.zero_grad()
        loss.backward()
        adam.step()
        if step in (steps // 2, steps):
            with torch.no_grad():
                *given, wanted = batch(
                    2000, n, torch.Generator().manual_seed(99)
                )
                right = net(*given).argmax(dim=-1) == wanted
            seen.append(round(right.float().mean().item(), 4))
    return seen


def main():
    one_thread()
    kept = load("many_pairs")
    stored = {
        **conditions(__file__),
        "settings": {
            "keys": KEYS,
            "values": VALUES,
            "width": WIDTH,
            "batch": BATCH,
            "steps": STEPS,
            "longer_steps": 3 * STEPS,
            "rate": RATE,
            "pairs": list(PAIRS),
            "d_k": KINDS,
            "seeds": list(SEEDS),
        },
        "accuracy": kept.get("accuracy", {}),
        "longer": kept.get("longer", []),
    }
    for seed in SEEDS:
        for kind in KINDS:
            runs = stored["accuracy"].setdefault(kind, {})
            for n in PAIRS:
                one_more(runs.setdefault(str(n), []), kind, n, seed)
            save("many_pairs", stored)
    if not stored["longer"]:
        stored["longer"] = trained("linear_16", PAIRS[-1], 0, 3 * STEPS)
        save("many_pairs", stored)


def one_more(runs, kind, n, seed):
    """Train this seed, if the list does not hold it yet."""
    if len(runs) > seed:
        return
    start = time.perf_counter()
    runs.append(trained(kind, n, seed))
    took = time.perf_counter() - start
    print(kind, n, seed, runs[-1], f"{took:.1f} s", flush=True)


if __name__ == "__main__":
    main()
