"""How far back can a net remember? Chapter 12.

    python data/studies/recall.py

The first token is one of 8 letters. Then come `distance` tokens of noise, and
the net must name the letter. One layer each, 32 wide, with the same table of
token vectors and the same read-out of the last output:

    lstm       torch's LSTM as it is made
    lstm_open  the same, and the forget gate starts almost open: its bias is 5
    lstm_both  the same, and the input gate starts almost closed: bias -5;
               trained where lstm_open has failures
    attention  softmax self-attention, one head; the last token asks
    linear     the same with linear attention

Gradient at the start: mean norm of d(last output . g) / d(token vector) for a
random g of unit length, at every distance in a sequence of 256, and for the
first token of sequences of several lengths; no training. Once more for two
LSTMs with recurrent weights of 0, so that the cell is the only way back:
`cell_alone`, and for the default one the forget gates of its channels on
noise (geometric mean): `forget_gates`. Accuracy: after the
same number of Adam steps on freshly drawn batches, for each distance a net of
its own; on 2000 fresh sequences. Chance is 1/8. Seeds 0 to 4, kept one by
one, so that a stopped run goes on. Where a kind fails, it trains five times as
long: the LSTMs with seeds 0 to 2, attention with all. `unseen`: where
attention fails after STEPS, the largest weight that the letter has in a
sequence that is answered wrongly. Writes results/recall.json.
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
FAR = {"lstm_both": (64, 128)}  # where lstm_open has failures
LENGTHS = (16, 32, 64, 128, 256)
KINDS = ("lstm", "lstm_open", "lstm_both", "attention", "linear")
# Kind, distance and number of seeds of the longer runs.
LONGER = (("lstm", 32, 3), ("lstm_open", 128, 3), ("attention", 128, 5))


class Net(nn.Module):
    """Token vectors, one layer that mixes them, and a read-out."""

    def __init__(self, kind):
        super().__init__()
        self.kind = kind
        self.embed = nn.Embedding(LETTERS + NOISE, WIDTH)
        if kind.startswith("lstm"):
            self.lstm = nn.LSTM(WIDTH, WIDTH, batch_first=True)
            if kind != "lstm":
                set_gate(self.lstm, "forget", 5.0)
            if kind == "lstm_both":
                set_gate(self.lstm, "input", -5.0)
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


def set_gate(lstm, gate, bias):
    """Let a gate start at sigmoid(bias); torch's order is i f g o."""
    part = ("input", "forget").index(gate)
    with torch.no_grad():
        lstm.bias_ih_l0.chunk(4)[part].fill_(bias)
        lstm.bias_hh_l0.chunk(4)[part].zero_()


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
    """The net, and its accuracy half-way and in the end."""
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
    return net, seen


def weight_of_unseen(distance, seed):
    """The largest weight of a letter that attention named wrongly."""
    net, _ = trained("attention", distance, seed)
    generator = torch.Generator().manual_seed(99)
    with torch.no_grad():
        tokens, letter = batch(2000, distance, generator)
        wrong = net(tokens).argmax(dim=-1) != letter
        q, k, v = net.qkv(net.embed(tokens)).chunk(3, dim=-1)
        _, weights = attention.attention(q[:, -1:], k, v)  # (2000, 1, L)
    return float(f"{weights[wrong, 0, 0].max():.3g}")


def forget_gates(seed):
    """Forget gates on noise, of the median and of the largest channel."""
    torch.manual_seed(seed)
    net = Net("lstm")
    with torch.no_grad():
        x = net.embed.weight[LETTERS:]  # (NOISE, WIDTH)
        w = net.lstm.weight_ih_l0.chunk(4)[1]
        bias = (net.lstm.bias_ih_l0 + net.lstm.bias_hh_l0).chunk(4)[1]
        gates = F.logsigmoid(x @ w.T + bias).mean(dim=0).exp()  # (WIDTH,)
    return [float(f"{g:.3g}") for g in (gates.median(), gates.max())]


def at_the_start(kind, seed, cell_alone=False):
    """Gradients before training: by distance, and of the first token."""
    torch.manual_seed(seed)
    net = Net(kind)
    if cell_alone:  # no gate and no content sees the output before it
        nn.init.zeros_(net.lstm.weight_hh_l0)
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
    runs.append(trained(kind, distance, seed, steps)[1])
    took = time.perf_counter() - start
    print(kind, distance, seed, runs[-1], f"{took:.1f} s", flush=True)


def main():
    one_thread()
    kept = load("recall")
    parts = ("gradients", "cell_alone", "accuracy", "longer", "unseen")
    gradients_, cell_alone, accuracy, longer, unseen = (
        kept.get(part, {}) for part in parts
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
        "far": FAR,
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
        "cell_alone": cell_alone,
        "forget_gates": [forget_gates(seed) for seed in SEEDS],
        "accuracy": accuracy,
        "longer": longer,
        "unseen": unseen,
    }
    for kind in KINDS:
        parts = gradients_.setdefault(kind, [])
        parts += [at_the_start(kind, s) for s in SEEDS[len(parts) :]]
    for kind in ("lstm", "lstm_open"):
        parts = cell_alone.setdefault(kind, [])
        parts += [at_the_start(kind, s, True) for s in SEEDS[len(parts) :]]
    for seed in SEEDS:
        for kind in KINDS:
            runs = accuracy.setdefault(kind, {})
            for distance in FAR.get(kind, DISTANCES):
                lists = runs.setdefault(str(distance), [])
                one_more(lists, kind, distance, seed)
        save("recall", stored)
    for kind, distance, seeds in LONGER:
        for seed in range(seeds):
            runs = longer.setdefault(kind, [])
            one_more(runs, kind, distance, seed, 5 * STEPS)
            save("recall", stored)
    far = str(DISTANCES[-1])
    for seed, run in enumerate(accuracy["attention"][far]):
        if run[-1] < 0.99 and str(seed) not in unseen:
            unseen[str(seed)] = weight_of_unseen(DISTANCES[-1], seed)
            save("recall", stored)


if __name__ == "__main__":
    main()
