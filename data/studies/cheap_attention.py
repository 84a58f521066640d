"""Cheaper forms of attention on two long-range tasks: chapter 13.

    python data/studies/cheap_attention.py [seed ...]

Sequences of 128 tokens. `look_up`: half of the tokens tell a key and its
value (one of 8), the other half ask for the value of a key, in random order;
each key is told once and asked once. `majority`: each token has a group (one
of 4) and a sign; every token must name the sign that is more frequent in its
group. All nets have two blocks (pre-norm, residuals, a hidden layer of 128),
width 64, four heads, no positions, and the same 600 steps of Adam on fresh
batches of 8 sequences; they differ in the form of attention alone. Low rank
has two matrices (16, 128) per block on top. Accuracy is that of the last
step's net on 64 fresh sequences. Low rank is trained again with four times
as many steps. Seeds 0 to 2; finished runs are kept, so that the script can be
stopped. Writes results/cheap_attention.json.
"""

from __future__ import annotations

import math
import sys
import time

import torch
import torch.nn.functional as F
from recording import conditions, load, one_thread, save
from torch import nn

from selfattn import attention

NAME = "cheap_attention"
SEEDS = (0, 1, 2)
LENGTH, WIDTH, HEADS, BLOCKS, HIDDEN = 128, 64, 4, 2, 128
STEPS, BATCH, RATE, WARM = 600, 8, 3e-3, 50
LONGER = 4 * STEPS  # of low rank alone, which has not settled by then
RADIUS, STRIDE, RANK, FEATURES = 8, 8, 16, 32
FORMS = {
    "full": "every query sees every key",
    "local": f"a window of radius {RADIUS}",
    "strided": f"two heads local, two see every {STRIDE}th key",
    "low_rank": f"keys and values mixed into {RANK} by learned matrices",
    "random": f"{FEATURES} positive random features per head",
    "linear": "the features elu(x) + 1",
}
N_KEYS, N_VALUES, N_GROUPS = LENGTH // 2, 8, 4
TASKS = {"look_up": N_VALUES, "majority": 2}  # how many answers


def look_up(batch, rng):
    """Tokens (B, L, 2) of key and value (8 = asks), answers (B, L) or -100."""
    keys = torch.rand(batch, N_KEYS, generator=rng).argsort(dim=1)
    values = torch.randint(N_VALUES, (batch, N_KEYS), generator=rng)
    asks = torch.full_like(values, N_VALUES)
    tokens = torch.stack(
        [torch.cat([keys, keys], 1), torch.cat([values, asks], 1)], dim=-1
    )  # (B, L, 2)
    answers = torch.cat([torch.full_like(values, -100), values], dim=1)
    order = torch.rand(batch, LENGTH, generator=rng).argsort(dim=1)  # (B, L)
    return (
        tokens.gather(1, order[..., None].expand(-1, -1, 2)),
        answers.gather(1, order),
    )


def majority(batch, rng):
    """Tokens (B, L, 2) of group and sign, answers (B, L); -100 for a tie."""
    shape = (batch, LENGTH)
    group = torch.randint(N_GROUPS, shape, generator=rng)  # (B, L)
    sign = torch.randint(2, shape, generator=rng)  # (B, L)
    of = F.one_hot(group, N_GROUPS)  # (B, L, groups)
    lead = ((2 * sign - 1)[..., None] * of).sum(dim=1)  # (B, groups)
    mine = lead.gather(1, group)  # (B, L)
    answers = (mine > 0).long().masked_fill(mine == 0, -100)
    return torch.stack([group, sign], dim=-1), answers


def strided(q, k, v, stride):
    """Each query sees the keys a multiple of `stride` away, (..., L, d)."""
    # Positions with the same remainder become a batch axis of their own.
    q, k, v = (
        x.unflatten(-2, (-1, stride)).transpose(-3, -2) for x in (q, k, v)
    )
    out = F.scaled_dot_product_attention(q, k, v)  # (..., stride, L/stride, d)
    return out.transpose(-3, -2).flatten(-3, -2)


def kernel(q, k, v):
    """Attention with features in the place of q and k, without an L x L."""
    total = k.sum(dim=-2)  # (..., m)
    mixed = k.transpose(-1, -2) @ v  # (..., m, d_v)
    return (q @ mixed) / (q @ total[..., None])


def positive(x, w):
    """exp(w·x - |x|²/2), of one scale per head: (..., n, m)."""
    x = x / x.shape[-1] ** 0.25
    x = x @ w.T - x.square().sum(-1, keepdim=True) / 2  # (..., n, m)
    return torch.exp(x - x.detach().amax(dim=(-1, -2), keepdim=True)) + 1e-6


class Mixer(nn.Module):
    """Multi-head attention of one form: (B, L, width) to the same."""

    def __init__(self, form, length=LENGTH):
        super().__init__()
        self.form = form
        self.into = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
        self.out = nn.Linear(WIDTH, WIDTH, bias=False)
        if form == "low_rank":
            spread = 1 / math.sqrt(RANK)
            self.e = nn.Parameter(spread * torch.randn(RANK, length))
            self.f = nn.Parameter(spread * torch.randn(RANK, length))
        if form == "random":
            self.register_buffer("w", torch.randn(FEATURES, WIDTH // HEADS))

    def forward(self, x):
        q, k, v = (
            attention.split_heads(part, HEADS)
            for part in self.into(x).chunk(3, dim=-1)
        )  # (B, H, L, d_k) each
        return self.out(attention.merge_heads(self.mix(q, k, v)))

    def mix(self, q, k, v):
        if self.form == "full":
            return F.scaled_dot_product_attention(q, k, v)
        if self.form == "local":
            return attention.banded(q, k, v, RADIUS)[0]
        if self.form == "strided":
            a, b = slice(0, HEADS // 2), slice(HEADS // 2, HEADS)
            near = attention.banded(q[:, a], k[:, a], v[:, a], RADIUS)[0]
            far = strided(q[:, b], k[:, b], v[:, b], STRIDE)
            return torch.cat([near, far], dim=1)
        if self.form == "low_rank":
            return F.scaled_dot_product_attention(q, self.e @ k, self.f @ v)
        if self.form == "random":
            return kernel(positive(q, self.w), positive(k, self.w), v)
        return kernel(F.elu(q) + 1, F.elu(k) + 1, v)


class Net(nn.Module):
    """Two embeddings added, the blocks, a read-out at every token."""

    def __init__(self, form, n_answers):
        super().__init__()
        self.first = nn.Embedding(N_KEYS, WIDTH)
        self.second = nn.Embedding(N_VALUES + 1, WIDTH)
        self.blocks = nn.ModuleList(
            nn.ModuleList(
                [
                    nn.LayerNorm(WIDTH),
                    Mixer(form),
                    nn.Sequential(
                        nn.LayerNorm(WIDTH),
                        nn.Linear(WIDTH, HIDDEN),
                        nn.ReLU(),
                        nn.Linear(HIDDEN, WIDTH),
                    ),
                ]
            )
            for _ in range(BLOCKS)
        )
        self.read = nn.Linear(WIDTH, n_answers)

    def forward(self, tokens):
        """tokens (B, L, 2) to logits (B, L, answers)."""
        x = self.first(tokens[..., 0]) + self.second(tokens[..., 1])
        for norm, mixer, hidden in self.blocks:
            x = x + mixer(norm(x))
            x = x + hidden(x)
        return self.read(x)


def run(task, form, seed, steps=STEPS):
    """Accuracy after training, and the seconds that it took."""
    torch.manual_seed(seed)
    draw = {"look_up": look_up, "majority": majority}[task]
    rng = torch.Generator().manual_seed(1000 + seed)
    net = Net(form, TASKS[task])
    adam = torch.optim.Adam(net.parameters(), RATE)
    start = time.perf_counter()
    for step in range(steps):
        for group in adam.param_groups:  # warm up, then down to 0
            left = (steps - step) / steps
            group["lr"] = RATE * min(1, (step + 1) / WARM) * left
        tokens, answers = draw(BATCH, rng)
        loss = F.cross_entropy(net(tokens).flatten(0, 1), answers.flatten())
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        adam.step()
    seconds = time.perf_counter() - start
    tokens, answers = draw(64, torch.Generator().manual_seed(9000 + seed))
    with torch.no_grad():
        right = net(tokens).argmax(dim=-1) == answers  # (B, L)
    share = right[answers >= 0].double().mean().item()
    return share, seconds


def main(seeds):
    one_thread()
    stored = load(NAME)
    settings = {
        "length": LENGTH,
        "width": WIDTH,
        "heads": HEADS,
        "blocks": BLOCKS,
        "hidden": HIDDEN,
        "steps": STEPS,
        "batch": BATCH,
        "rate": RATE,
        "warm_up": WARM,
    }
    if stored.get("settings") != settings:
        stored = {**conditions(__file__), "settings": settings}
        stored["chance"] = {task: 1 / n for task, n in TASKS.items()}
        stored["forms"] = FORMS
        stored["parameters"] = {
            form: sum(p.numel() for p in Net(form, 2).parameters())
            for form in FORMS
        }
        stored["accuracy"] = {
            task: {form: {} for form in FORMS} for task in TASKS
        }
    for seed in seeds:
        for task in TASKS:
            for form in FORMS:
                done = stored["accuracy"][task][form]
                if str(seed) in done:
                    continue
                share, seconds = run(task, form, seed)
                done[str(seed)] = round(share, 4)
                save(NAME, stored)
                print(task, form, seed, share, f"{seconds:.0f} s", flush=True)
    longer = stored.setdefault("longer", {"steps": LONGER})
    for task in TASKS:
        done = longer.setdefault(task, {})
        for seed in seeds:
            if str(seed) not in done:
                share, _ = run(task, "low_rank", seed, LONGER)
                done[str(seed)] = round(share, 4)
                save(NAME, stored)
                print(task, "low_rank, longer", seed, share, flush=True)


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or SEEDS)
