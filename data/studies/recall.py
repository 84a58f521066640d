"""How far back can a net remember? Chapter 12.

    python data/studies/recall.py

The first token is one of 8 letters. Then come `distance` tokens of noise, and
the net must name the letter. One layer each, 32 wide, with the same table of
token vectors and the same read-out of the last output:

    lstm       torch's LSTM as it is made
    lstm_open  the same, and the forget gate starts almost open: its bias is 5
    attention  softmax self-attention, one head; the last token asks
    linear     the same with linear attention

Gradient at the start: mean norm of d(last output . g) / d(token vector) for a
random g of unit length, at every distance in a sequence of 256, and for the
first token of sequences of several lengths; no training. Accuracy: after the
same number of Adam steps on freshly drawn batches, for each distance a net of
its own; on 2000 fresh sequences. Chance is 1/8. Seeds 0 to 4, kept one by
one, so that a stopped run goes on. Where the LSTMs stay at chance, seeds 0 to
2 train five times as long. Writes results/recall.json.
"""

from __future__ import annotations

import time

import torch
import torch.nn.functional as F
from recording import conditions, load, one_thread, save
from torch import nn

from selfattn import attention

LETTERS, NOISE, WIDTH = 8, 8, 32
BATCH, STEPS, RATE, SEEDS = 32, 1000, 0.01, range(5)
DISTANCES = (4, 8, 16, 32, 64, 128)
LENGTHS = (16, 32, 64, 128, 256)
KINDS = ("lstm", "lstm_open", "attention", "linear")
LONGER, LONGER_SEEDS = {"lstm": 32, "lstm_open": 128}, range(3)


class Net(nn.Module):
    """Token vectors, one layer that mixes them, and a read-out."""

    def __init__(self, kind):
        super().__init__()
        self.kind = kind
        self.embed = nn.Embedding(LETTERS + NOISE, WIDTH)
        if kind.startswith("lstm"):
            self.lstm = nn.LSTM(WIDTH, WIDTH, batch_first=True)
            if kind == "lstm_open":
                open_forget_gate(self.lstm, 5.0)
        else:
            self.qkv = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
        self.read = nn.Linear(WIDTH, LETTERS)

    def mix(self, x):
        """Token vectors (B, L, WIDTH) to the last output (B, WIDTH)."""
        if self.kind.startswith("lstm"):
            return self.lstm(x)[0][:, -1]
        q, k, v = self.qkv(x).chunk(3, dim=-1)  # (B, L, WIDTH) each
        last = q[:, -1:]
        if self.kind == "attention":
            out, _ = attention.attention(last, k, v, return_weights=False)
        else:
            out, _ = attention.linear_attention(last, k, v, causal=False)
        return out[:, 0]

    def forward(self, tokens):
        """Tokens (B, L) to logits (B, LETTERS)."""
        return self.read(self.mix(self.embed(tokens)))


def open_forget_gate(lstm, bias):
    """Let the forget gate start at sigmoid(bias); torch's order is i f g o."""
    with torch.no_grad():
        for name in ("bias_ih_l0", "bias_hh_l0"):
            part = getattr(lstm, name).chunk(4)[1]
            part.fill_(bias if name == "bias_ih_l0" else 0.0)


def batch(n, distance, generator=None):
    """n sequences (n, distance + 1), and their first tokens (n,)."""
    tokens = LETTERS + torch.randint(
        NOISE, (n, distance + 1), generator=generator
    )
    tokens[:, 0] = torch.randint(LETTERS, (n,), generator=generator)
    return tokens, tokens[:, 0]


def gradients(net, length, n=64):
    """Norm of the last output's gradient at each token (length,), averaged."""
    tokens, _ = batch(n, length - 1)
    x = net.embed(tokens).detach().requires_grad_()  # (n, length, WIDTH)
    g = F.normalize(torch.randn(n, WIDTH), dim=-1)
    (net.mix(x) * g).sum().backward()
    return x.grad.norm(dim=-1).mean(dim=0)  # (length,)


def trained(kind, distance, seed, steps=STEPS):
    """Accuracy after training, half-way and in the end."""
    torch.manual_seed(seed)
    net = Net(kind)
    adam = torch.optim.Adam(net.parameters(), RATE)
    seen = []
    for step in range(1, steps + 1):
        tokens, letter = batch(BATCH, distance)
        loss = F.cross_entropy(net(tokens), letter)
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        adam.step()
        if step in (steps // 2, steps):
            with torch.no_grad():
                fresh, letter = batch(
                    2000, distance, torch.Generator().manual_seed(99)
                )
                right = net(fresh).argmax(dim=-1) == letter
            seen.append(round(right.float().mean().item(), 4))
    return seen


def at_the_start(kind, seed):
    """Gradients before training: by distance, and of the first token."""
    torch.manual_seed(seed)
    net = Net(kind)
    by_distance = gradients(net, max(LENGTHS)).flip(0)[1:]  # 1 step back ...
    first = [gradients(net, n)[0] for n in LENGTHS]
    return {
        "by_distance": [float(f"{x:.3g}") for x in by_distance],
        "first_by_length": [float(f"{x:.3g}") for x in first],
    }


def one_more(runs, kind, distance, seed, steps=STEPS):
    """Train this seed, if the list does not hold it yet."""
    if len(runs) > seed:
        return
    start = time.perf_counter()
    runs.append(trained(kind, distance, seed, steps))
    took = time.perf_counter() - start
    print(kind, distance, seed, runs[-1], f"{took:.1f} s", flush=True)


def main():
    one_thread()
    kept = load("recall")
    gradients_, accuracy, longer = (
        kept.get(part, {}) for part in ("gradients", "accuracy", "longer")
    )
    settings = {
        "letters": LETTERS,
        "noise": NOISE,
        "width": WIDTH,
        "batch": BATCH,
        "steps": STEPS,
        "longer_steps": 5 * STEPS,
        "rate": RATE,
        "distances": list(DISTANCES),
        "lengths": list(LENGTHS),
        "seeds": list(SEEDS),
    }
    stored = {
        **conditions(__file__),
        "settings": settings,
        "parameters": {
            kind: sum(p.numel() for p in Net(kind).parameters())
            for kind in KINDS
        },
        "gradients": gradients_,
        "accuracy": accuracy,
        "longer": longer,
    }
    for kind in KINDS:
        parts = gradients_.setdefault(kind, [])
        parts += [at_the_start(kind, s) for s in SEEDS[len(parts) :]]
    for seed in SEEDS:
        for kind in KINDS:
            runs = accuracy.setdefault(kind, {})
            for distance in DISTANCES:
                lists = runs.setdefault(str(distance), [])
                one_more(lists, kind, distance, seed)
        save("recall", stored)
    for kind, distance in LONGER.items():
        for seed in LONGER_SEEDS:
            runs = longer.setdefault(kind, [])
            one_more(runs, kind, distance, seed, 5 * STEPS)
            save("recall", stored)


if __name__ == "__main__":
    main()
