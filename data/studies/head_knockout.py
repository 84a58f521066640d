"""What does a tagger lose with each of its heads? Chapter 06.

    python data/studies/head_knockout.py

One encoder layer with rotary positions learns the tagged sentences of at most
16 words, with 1, 2, 4 and 8 heads of the same width in all, five seeds each.
Then every set of heads is silenced, by zeros; and each head alone also by its
mean over the test set. Writes results/head_knockout.json: accuracies on
ambiguous words, and for three sentences every head's weights and what is said
with any heads silenced. Sets of heads are numbers: bit h stands for head h.
"""

from __future__ import annotations

import json

import torch
from recording import RESULTS, conditions
from tagged_arrays import Tagged
from torch import nn
from torch.nn.functional import cross_entropy

from selfattn.layers import EncoderLayer

SEEDS, HEADS = range(5), (1, 2, 4, 8)
SHOWN_HEADS = 4  # the model whose heads are knocked out
LONGEST, WIDTH, HIDDEN = 16, 32, 64
EPOCHS, BATCH, RATE = 8, 64, 2e-2
SENTENCES = (
    "I saw a saw .",
    "the honest baker never , inside the ancient forest , hammers .",
    "chalk , with the driver , vanished .",
)

TAGGED = Tagged(LONGEST)
EMPTY, TAGS = TAGGED.empty, TAGGED.tags
SETTINGS = {
    "longest": LONGEST,
    "d_model": WIDTH,
    "d_hidden": HIDDEN,
    "epochs": EPOCHS,
    "batch": BATCH,
    "rate": RATE,
    "n_train": len(TAGGED.records["train"]),
    "n_test": len(TAGGED.records["test"]),
}


class Tagger(nn.Module):
    """Words, one encoder layer, one score per tag."""

    def __init__(self, n_heads):
        super().__init__()
        self.table = nn.Embedding(EMPTY + 1, WIDTH)
        self.layer = EncoderLayer(WIDTH, n_heads, HIDDEN, rotary=True)
        self.out = nn.Linear(WIDTH, len(TAGS))

    def forward(self, words):
        """Word numbers (B, L) to scores (B, L, tags), weights (B, H, L, L)."""
        mask = (words != EMPTY)[:, None, :]  # (B, 1, L)
        x, weights = self.layer(
            self.table(words), mask=mask, return_weights=not self.training
        )
        return self.out(x), weights


def train(model, epochs=EPOCHS):
    """Cross-entropy over all words, with Adam and one cycle of its rate."""
    words, tags, _ = TAGGED.splits["train"]
    lengths = (words != EMPTY).sum(dim=1)  # (n,)
    adam = torch.optim.Adam(model.parameters())
    n_steps = epochs * -(-len(words) // BATCH)
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, n_steps)
    for _ in range(epochs):
        for rows in torch.randperm(len(words)).split(BATCH):
            n = int(lengths[rows].max())
            said = model(words[rows, :n])[0].flatten(0, 1)  # (B L, tags)
            loss = cross_entropy(
                said, tags[rows, :n].flatten(), ignore_index=-1
            )
            adam.zero_grad()
            loss.backward()
            adam.step()
            cycle.step()
    return model.eval()


class Without:
    """Inside `with`, these heads' outputs are replaced, by zeros or `by`."""

    def __init__(self, model, heads, by=0.0):
        self.heads, self.by = heads, by
        self.layer = model.layer.attention

    def __enter__(self):
        self.hook = self.layer.out.register_forward_pre_hook(self.replace)

    def replace(self, module, args):
        x = args[0].unflatten(-1, (self.layer.n_heads, -1)).clone()
        x[..., self.heads, :] = self.by  # (B, L, H, d_v), the heads' outputs
        return (x.flatten(-2),)

    def __exit__(self, *error):
        self.hook.remove()


def sets_of_heads():
    """Every set of heads, as lists; number n holds head h if bit h is 1."""
    heads = range(SHOWN_HEADS)
    return [[h for h in heads if n >> h & 1] for n in range(2**SHOWN_HEADS)]


def mean_outputs(model, words):
    """Each head's mean output over the real words, (H, d_v)."""
    kept = []
    hook = model.layer.attention.out.register_forward_pre_hook(
        lambda module, args: kept.append(args[0])
    )
    model(words)
    hook.remove()
    mean = kept[0][words != EMPTY].mean(dim=0)  # (H d_v,)
    return mean.view(model.layer.attention.n_heads, -1)


def judge(model, split):
    """Accuracy on ambiguous words, by where the cue lies, and on all."""
    words, tags, cues = split
    right = model(words)[0].argmax(dim=-1) == tags  # (n, L)
    places = {
        "all_words": tags >= 0,
        "ambiguous": cues != 0,
        "next_left": cues == -1,
        "next_right": cues == 1,
        "far_left": cues < -1,
        "far_right": cues > 1,
    }
    return {
        name: round(float(right[at].float().mean()), 4)
        for name, at in places.items()
    }


def show(model, sentence):
    """Every head's weights, and what is said with any heads silenced."""
    words = sentence.split()
    ids = torch.from_numpy(TAGGED.vocabulary.encode(words))[None]  # (1, L)
    said = []
    for heads in sets_of_heads():
        with Without(model, heads):
            logits, weights = model(ids)
        said.append(_round(logits[0].softmax(dim=-1), 2))
    return {
        "words": words,
        "weights": _round(weights[0], 3),  # (H, L, L)
        "said": said,  # (sets of heads, L, tags)
    }


def _round(tensor, digits):
    if tensor.ndim:
        return [_round(t, digits) for t in tensor]
    return round(float(tensor), digits)


def run(seed, n_heads):
    """Train, judge, and silence heads."""
    torch.manual_seed(seed)
    model = train(Tagger(n_heads))
    with torch.no_grad():
        test = TAGGED.splits["test"]
        found = {"seed": seed, "whole": judge(model, test)}
        if n_heads != SHOWN_HEADS:
            return found
        found |= {"silenced": [], "mean": []}
        for heads in sets_of_heads():
            with Without(model, heads):
                found["silenced"].append(judge(model, test))
        for head, mean in enumerate(mean_outputs(model, test[0])):
            with Without(model, [head], mean):
                found["mean"].append(judge(model, test))
        found["sentences"] = [show(model, s) for s in SENTENCES]
    return found


def main():
    torch.set_num_threads(1)
    runs = {}
    for n_heads in HEADS:
        runs[str(n_heads)] = []
        for seed in SEEDS:
            runs[str(n_heads)].append(run(seed, n_heads))
            print(n_heads, runs[str(n_heads)][-1]["whole"], flush=True)
    stored = conditions(__file__) | {
        "data_sha256": TAGGED.sha256,
        "settings": SETTINGS,
        "tags": TAGS,
        "heads": runs,
    }
    # On one line: most of it are the figure's weights.
    path = RESULTS / "head_knockout.json"
    path.write_text(json.dumps(stored) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
