"""Do ReLU weights learn as well as softmax? Chapter 04.

    python data/studies/softmax_or_relu.py                      # all, 5 seeds
    python data/studies/softmax_or_relu.py word_order relu 0    # one run

Two tasks: the small grammar of word_order.py, with its net, and the tagged
sentences of at most 16 words, with one encoder layer of four heads. In both
only the weights differ, and every net has the same steps. Writes
results/softmax_or_relu.json: accuracies per seed on sentences that no
training saw. Runs that the file holds already are not repeated.
"""

from __future__ import annotations

import random
import sys
import time
from functools import lru_cache

import torch
import word_order
from recording import conditions, load, one_thread, save
from tagged_arrays import Tagged
from torch import nn
from torch.nn.functional import cross_entropy

from selfattn import attention
from selfattn.layers import EncoderLayer

SEEDS = range(5)
NAME = "softmax_or_relu"
WEIGHTS = ("softmax", "relu", "relu_over_length", "relu_norm")
STEPS = 4000  # of word_order
EPOCHS, BATCH, RATE, WIDTH, HEADS, HIDDEN = 20, 64, 1e-2, 32, 4, 64


class Mix(nn.Module):
    """Attention in four ways: out (..., L, d_v) of q, k, v and a mask.

    softmax; relu: negative scores become 0, as in the lecture; over_length:
    these divided by the number of words; norm: plain, and the outputs
    normalised (LayerNorm) afterwards.
    """

    def __init__(self, weights, d_v):
        super().__init__()
        self.weights = weights
        self.norm = nn.LayerNorm(d_v) if weights == "relu_norm" else None

    def forward(self, q, k, v, mask):
        kind = "softmax" if self.weights == "softmax" else "relu"
        out, w = attention.attention(q, k, v, mask=mask, weight=kind)
        if self.weights == "relu_over_length":
            out = out / mask.sum(dim=-1, keepdim=True)
        if self.norm is not None:
            out = self.norm(out)
        silent = (w == 0).all(dim=-1)  # (..., L)
        return out, silent


class SmallTagger(word_order.Tagger):
    """The net of word_order.py, with other weights."""

    def __init__(self, weights):
        super().__init__(order=True)
        self.mix = Mix(weights, word_order.WIDTH)

    def forward(self, words):
        here = words >= 0  # (B, L)
        x = self.words[words.clamp(min=0)] + self.places[: words.shape[1]]
        q, k, v = (getattr(self.attention, f"w_{n}")(x) for n in "qkv")
        b, silent = self.mix(q, k, v, here[:, None, :])  # (B, L, d)
        self.silent = silent[here].float().mean()
        return self.out(torch.relu(self.fc(x + b)))


class Layer(EncoderLayer):
    """A pre-norm encoder layer with rotary positions and other weights."""

    def __init__(self, weights):
        super().__init__(WIDTH, HEADS, HIDDEN, rotary=True)
        self.mix = Mix(weights, WIDTH // HEADS)

    def forward(self, x, here):
        """x (B, L, d), here (B, L): which words are real."""
        parts = self.attention.qkv(self.norm_attention(x)).chunk(3, dim=-1)
        q, k, v = (attention.split_heads(t, HEADS) for t in parts)
        q, k = attention.rotary(q), attention.rotary(k)  # (B, H, L, d_k)
        b, silent = self.mix(q, k, v, here[:, None, None, :])
        self.silent = silent.transpose(1, 2)[here].float().mean()
        x = x + self.attention.out(attention.merge_heads(b))  # (B, L, d)
        return x + self.net(self.norm_net(x))


class CorpusTagger(nn.Module):
    """Words, one encoder layer, one score per tag."""

    def __init__(self, weights):
        super().__init__()
        self.table = nn.Embedding(CORPUS.empty + 1, WIDTH)
        self.layer = Layer(weights)
        self.out = nn.Linear(WIDTH, len(CORPUS.tags))

    def forward(self, words):
        """(B, L) words to (B, L, tags) scores."""
        return self.out(self.layer(self.table(words), words != CORPUS.empty))


CORPUS = Tagged(longest=16)


def fit(model, batches, steps, rate, decay):
    """AdamW with one cycle of its rate."""
    adam = torch.optim.AdamW(
        model.parameters(), weight_decay=decay, fused=True
    )
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, rate, steps)
    for words, tags in batches:
        scores = model(words).flatten(0, 1)  # (B L, tags)
        loss = cross_entropy(scores, tags.flatten(), ignore_index=-1)
        adam.zero_grad()
        loss.backward()
        adam.step()
        cycle.step()
    return model.eval()


@lru_cache(maxsize=1)
def drawn(seed):
    """The batches of a seed, the same for every kind of weights."""
    rng = random.Random(seed)
    return [
        word_order.draw(rng, word_order.BATCH, False) for _ in range(STEPS)
    ]


def on_word_order(weights, seed):
    """Accuracy on words with two readings."""
    torch.manual_seed(seed)
    model = SmallTagger(weights)
    fit(model, drawn(seed), STEPS, word_order.RATE, word_order.DECAY)
    return word_order.judge(model)["two_readings"], model.silent


def rounds(seed):
    """EPOCHS rounds of batches."""
    generator = torch.Generator().manual_seed(seed)
    words, tags, _ = CORPUS.splits["train"]
    lengths = (words != CORPUS.empty).sum(dim=1)  # (n,)
    for _ in range(EPOCHS):
        order = torch.randperm(len(words), generator=generator)
        for rows in order.split(BATCH):
            n = int(lengths[rows].max())
            yield words[rows, :n], tags[rows, :n]


def on_corpus(weights, seed):
    """Accuracy on ambiguous words."""
    torch.manual_seed(seed)
    model = CorpusTagger(weights)
    steps = EPOCHS * -(-len(CORPUS.splits["train"][0]) // BATCH)
    fit(model, rounds(seed), steps, RATE, 0.0)
    words, tags, cues = CORPUS.splits["test"]
    with torch.no_grad():
        right = model(words).argmax(dim=-1) == tags
    return round(float(right[cues != 0].float().mean()), 4), model.layer.silent


TASKS = {"word_order": on_word_order, "tagged": on_corpus}


def run(task, weights, seed):
    """Train and judge one net; silent: share of queries without weights."""
    start = time.process_time()
    accuracy, silent = TASKS[task](weights, seed)
    return {
        "seed": seed,
        "accuracy": accuracy,
        "silent": round(float(silent), 4),
        "cpu_seconds": round(time.process_time() - start),
    }


def main():
    one_thread()
    if len(sys.argv) > 3:
        print(run(sys.argv[1], sys.argv[2], int(sys.argv[3])))
        return
    stored = load(NAME) | conditions(__file__)
    stored |= {
        "data_sha256": CORPUS.sha256,
        "settings": {
            "word_order_steps": STEPS,
            "tagged_epochs": EPOCHS,
            "tagged_rate": RATE,
            "tagged_d_model": WIDTH,
            "tagged_n_heads": HEADS,
            "tagged_longest": CORPUS.longest,
            "batch": BATCH,
        },
    }
    for seed in SEEDS:
        for task in TASKS:
            for weights in WEIGHTS:
                runs = stored.setdefault(task, {}).setdefault(weights, [])
                if any(r["seed"] == seed for r in runs):
                    continue
                runs.append(run(task, weights, seed))
                print(task, weights, runs[-1], flush=True)
                save(NAME, stored)


if __name__ == "__main__":
    main()
